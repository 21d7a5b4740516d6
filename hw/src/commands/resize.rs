//! What `lvextend`, `lvreduce` and `lvresize` share.

use super::change_args::{BackupArgs, ChangeArgs, ForceArgs, PolicyArgs, StripeArgs, amount};
use super::exit::Failure;
use super::session::Session;
use super::{names, scope};
use extant_core::ops::lvresize::{self, Beside, Direction, Request};
use extant_core::size::Size;
use extant_core::size::extents::ExtentsArg;
use extant_core::size::ranges::PvArg;

/// Arguments of all three commands.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct ResizeArgs {
    /// The volume, then the devices that may be used, as `PV[:EXTENTS]`.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    /// Resize the file system too; that needs an active volume, and none can be active yet.
    #[arg(short = 'r', long)]
    resizefs: bool,
    /// Accepted for compatibility.
    #[arg(short = 'n', long)]
    nofsck: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    noudevsync: bool,
    #[command(flatten)]
    force: ForceArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

/// Arguments of those that make longer.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct GrowArgs {
    #[command(flatten)]
    stripes: StripeArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    /// linear or striped; others cannot be resized yet.
    #[arg(long = "type", value_name = "String")]
    kind: Option<String>,
    /// Accepted for compatibility.
    #[arg(long)]
    nosync: bool,
}

/// What is asked for: `-L`, `-l`, and what the command allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Length {
    pub(super) direction: Direction,
    pub(super) size: Option<Size>,
    pub(super) extents: Option<ExtentsArg>,
    /// Whether a policy gives it.
    pub(super) policy: bool,
}

/// Resizes.
pub(super) fn run(
    session: &mut Session<'_>,
    length: Length,
    args: &ResizeArgs,
    grow: &GrowArgs,
) -> Result<(), Failure> {
    session.backup(args.backup);
    let request = request(session, length, args, grow)?;
    let scope = scope::vg(&request.vg);
    session.change(&args.change, &scope, move |system| lvresize::lvresize(system, &request))
}

fn request(
    session: &Session<'_>,
    length: Length,
    args: &ResizeArgs,
    grow: &GrowArgs,
) -> Result<Request, Failure> {
    let complaint = "Please specify either size or extents but not both.";
    let Length { direction, size, extents, policy } = length;
    let amount = amount(size, extents, complaint)?;
    let [lv, devices @ ..] = args.args.as_slice() else {
        return Err(Failure::Syntax);
    };
    let all_of_devices = direction != Direction::Reduce && !devices.is_empty();
    let beside = match (policy, args.resizefs) {
        (true, _) if amount.is_some() || !devices.is_empty() => {
            return Err(Failure::Option("--usepolicies".into()));
        }
        (true, _) => Beside::Policy,
        (false, true) => Beside::FileSystem,
        (false, false) => Beside::Nothing,
    };
    if amount.is_none() && !all_of_devices && beside != Beside::Policy {
        return Err(Failure::Syntax);
    }
    if let (Direction::Reduce, [device, ..]) = (direction, devices) {
        return Err(Failure::Argument(device.clone()));
    }
    match grow.kind.as_deref() {
        None | Some("linear" | "striped") => {}
        Some(kind) => {
            return Err(Failure::Usage(format!(
                "Logical volumes of type {kind} cannot be resized yet."
            )));
        }
    }
    if grow.stripes.stripes == Some(0) {
        return Err(Failure::Usage("--stripes may not be zero.".into()));
    }
    let (vg, lv) = names::lv(lv)?;
    Ok(Request {
        vg,
        lv,
        direction,
        amount,
        stripes: grow.stripes.stripes,
        stripe_size: grow.stripes.stripesize,
        pvs: devices.iter().map(|text| PvArg::parse(text)).collect(),
        policy: grow.policy.alloc,
        force: args.force.force > 0 || session.common.yes > 0,
        beside,
    })
}
