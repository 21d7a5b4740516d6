//! `lvscan`: which logical volumes there are.

use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use extant_core::model::flags::AllocationPolicy;
use extant_core::ops::roles::Roles;
use extant_core::size::units::{Units, display_size};

/// Arguments of `lvscan`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvscan {
    /// Accepted for compatibility.
    #[arg(long)]
    ignorelockingfailure: bool,
    /// Accepted for compatibility.
    #[arg(long, value_name = "basic|json", value_parser = ["basic", "json", "json_std"])]
    reportformat: Option<String>,
    /// Hidden volumes too.
    #[arg(short = 'a', long)]
    all: bool,
    /// Accepted for compatibility.
    #[arg(short = 'b', long)]
    blockdevice: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    readonly: bool,
}

impl Run for Lvscan {
    const NAME: &'static str = "lvscan";
    const ABOUT: &'static str = "List all logical volumes";
    const SYNTAX: &'static [&'static str] = &["lvscan"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let system = session.look()?;
        for view in system.vgs_in_order() {
            let vg = &view.vg;
            if vg.flags.exported {
                continue;
            }
            let roles = Roles::of(vg);
            for id in vg.lvs.ids() {
                if !self.all && !roles.is_visible(vg, id) {
                    continue;
                }
                let policy = vg.lvs.get(id).policy;
                let size =
                    display_size(vg.extent_size.to_sectors(vg.lvs.extents(id)), Units::ROUNDED);
                let (vg, lv) = (&vg.name, vg.lvs.name(id));
                session.messenger.print(&format!(
                    "{:<17} '/dev/{vg}/{lv}' [{size}] {}",
                    "inactive",
                    word(policy)
                ));
            }
        }
        Ok(())
    }
}

/// Returns a policy's word.
fn word(policy: AllocationPolicy) -> &'static str {
    policy.as_str()
}
