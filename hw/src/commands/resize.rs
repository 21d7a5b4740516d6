//! What `lvextend`, `lvreduce` and `lvresize` share.

use super::change_args::{ChangeArgs, amount};
use super::exit::Failure;
use super::session::Session;
use super::{names, scope};
use extant_core::model::flags::AllocationPolicy;
use extant_core::ops::lvresize::{self, Direction, Request};
use extant_core::size::Size;
use extant_core::size::extents::ExtentsArg;
use extant_core::size::ranges::PvArg;
use extant_core::units::Sectors;

/// What the three commands are given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arguments<'a> {
    /// The LV, then PVs.
    pub(super) args: &'a [String],
    /// What the command allows.
    pub(super) direction: Direction,
    /// `-L`.
    pub(super) size: Option<Size>,
    /// `-l`.
    pub(super) extents: Option<ExtentsArg>,
    /// `-i`.
    pub(super) stripes: Option<u32>,
    /// `-I`.
    pub(super) stripe_size: Option<Sectors>,
    /// `--alloc`.
    pub(super) policy: Option<AllocationPolicy>,
    /// `--type`.
    pub(super) kind: Option<&'a str>,
    /// `-f`.
    pub(super) force: u8,
    /// `-r`.
    pub(super) resizefs: bool,
}

/// Resizes.
pub(super) fn run(
    session: &mut Session<'_>,
    change: &ChangeArgs,
    arguments: &Arguments<'_>,
) -> Result<(), Failure> {
    let request = request(session, arguments)?;
    session
        .change(change, &scope::vg(&request.vg), move |system| lvresize::lvresize(system, &request))
}

fn request(session: &Session<'_>, arguments: &Arguments<'_>) -> Result<Request, Failure> {
    let complaint = "Please specify either size or extents but not both.";
    let amount = amount(arguments.size, arguments.extents, complaint)?;
    let [lv, devices @ ..] = arguments.args else {
        return Err(Failure::Syntax);
    };
    let all_of_devices = arguments.direction != Direction::Reduce && !devices.is_empty();
    if amount.is_none() && !all_of_devices {
        return Err(Failure::Syntax);
    }
    if let (Direction::Reduce, [device, ..]) = (arguments.direction, devices) {
        return Err(Failure::Argument(device.clone()));
    }
    if arguments.resizefs {
        return Err(Failure::Usage(
            "File systems cannot be resized yet: there is no active volume to do it through."
                .into(),
        ));
    }
    match arguments.kind {
        None | Some("linear" | "striped") => {}
        Some(kind) => {
            return Err(Failure::Usage(format!(
                "Logical volumes of type {kind} cannot be resized yet."
            )));
        }
    }
    if arguments.stripes == Some(0) {
        return Err(Failure::Usage("--stripes may not be zero.".into()));
    }
    let (vg, lv) = names::lv(lv)?;
    Ok(Request {
        vg,
        lv,
        direction: arguments.direction,
        amount,
        stripes: arguments.stripes,
        stripe_size: arguments.stripe_size,
        pvs: devices.iter().map(|text| PvArg::parse(text)).collect(),
        policy: arguments.policy,
        force: arguments.force > 0 || session.common.yes > 0,
    })
}
