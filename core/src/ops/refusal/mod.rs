//! Why an operation may not be done, by family. Messages are LVM2's where scripts read them.

pub mod lv;
pub mod pv;
pub mod vg;

/// Why an operation may not be done, by family.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Of operations on PVs.
    #[error(transparent)]
    Pv(#[from] pv::PvRefusal),
    /// Of operations on VGs, and of everything that needs one.
    #[error(transparent)]
    Vg(#[from] vg::VgRefusal),
    /// Of operations on LVs.
    #[error(transparent)]
    Lv(#[from] lv::LvRefusal),
}
