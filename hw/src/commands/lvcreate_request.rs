//! From the arguments of `lvcreate` to its request.

use super::change_args::LvAttributeArgs;
use super::exit::Failure;
use super::lvcreate::Lvcreate;
use super::names;
use extant_core::model::flags::AllocationPolicy;
use extant_core::model::lv::DeviceNumbers;
use extant_core::name::{LvName, VgName};
use extant_core::ops::lvcreate::{Kind, Request};
use extant_core::size::Amount;
use extant_core::size::ranges::PvArg;

/// Makes the request.
pub(super) fn request(
    args: &Lvcreate,
    amount: Amount,
    profile: Option<&String>,
) -> Result<Request, Failure> {
    let (vg, name, pvs) = names_of(args)?;
    let kind = match args.kind.as_deref() {
        None | Some("linear" | "striped") => Kind::Striped,
        Some("error") => Kind::Error,
        Some("zero") => Kind::Zero,
        Some(other) => return Err(not_yet(other)),
    };
    match (args.kind.as_deref(), args.stripes.stripes) {
        (_, Some(0)) => return Err(Failure::Usage("--stripes may not be zero.".into())),
        (Some("linear"), Some(2..)) => {
            return Err(Failure::Option("--stripes".into()));
        }
        _ => {}
    }
    if kind != Kind::Striped && !pvs.is_empty() {
        let first = args.args.len() - pvs.len();
        return Err(Failure::Argument(args.args[first].clone()));
    }
    let attributes = &args.attributes;
    Ok(Request {
        name,
        kind,
        stripes: args.stripes.stripes,
        stripe_size: args.stripes.stripesize,
        pvs,
        policy: attributes.policy().unwrap_or(AllocationPolicy::Inherit),
        read_only: attributes.permission == Some(true),
        tags: args.tags.addtag.clone(),
        read_ahead: attributes.readahead.unwrap_or_default(),
        numbers: numbers(attributes)?,
        persistent: attributes.persistent == Some(true),
        activation_skip: attributes.setactivationskip == Some(true),
        no_auto_activate: attributes.common.setautoactivation == Some(false),
        zero: args.zero,
        wipe_signatures: args.wipesignatures,
        profile: profile.cloned(),
        ..Request::new(vg, amount)
    })
}

/// Says that a type of LV cannot be made.
fn not_yet(kind: &str) -> Failure {
    Failure::Usage(format!("Logical volumes of type {kind} cannot be made yet."))
}

/// Finds the VG, which may stand before the LV's name instead, the name, and the PVs.
fn names_of(args: &Lvcreate) -> Result<(VgName, Option<LvName>, Vec<PvArg>), Failure> {
    let from_name = args.name.as_deref().and_then(|name| name.rsplit_once('/'));
    let (vg, devices) = match (args.args.as_slice(), from_name, names::default_vg()) {
        ([first, devices @ ..], None, default) => match (vg_of(first), default) {
            (Ok(vg), _) => (vg, devices),
            (Err(_), Some(vg)) if first.starts_with("/dev/") => (vg, args.args.as_slice()),
            (Err(failure), _) => return Err(failure),
        },
        ([], None, Some(vg)) => (vg, [].as_slice()),
        ([], None, None) => {
            return Err(Failure::Usage("Please provide a volume group name".into()));
        }
        (words, Some((prefix, _)), _) => {
            let vg = vg_of(prefix)?;
            match words {
                [first, devices @ ..] if !first.starts_with("/dev/") => {
                    let named = vg_of(first)?;
                    if named != vg {
                        return Err(Failure::Usage(format!(
                            "Inconsistent volume group names given: \"{vg}\" and \"{named}\""
                        )));
                    }
                    (vg, devices)
                }
                devices => (vg, devices),
            }
        }
    };
    let name = match args.name.as_deref() {
        None => None,
        Some(name) => Some(new_lv(from_name.map_or(name, |(_, lv)| lv))?),
    };
    let pvs = devices.iter().map(|text| PvArg::parse(text)).collect();
    Ok((vg, name, pvs))
}

fn vg_of(text: &str) -> Result<VgName, Failure> {
    extant_core::size::path::parse_vg(text, names::DIRECTORY).map_err(|_| {
        let bare = text.strip_prefix("/dev/").unwrap_or(text);
        Failure::Usage(if bare.contains('/') {
            String::from("Volume group name expected (no slash)")
        } else {
            format!("Volume group name {bare} has invalid characters")
        })
    })
}

/// Reads the name of an LV that is to be.
fn new_lv(text: &str) -> Result<LvName, Failure> {
    let name = LvName::new(text)
        .map_err(|_| Failure::Usage(format!("Logical volume name \"{text}\" is invalid.")))?;
    names::not_reserved(&name)?;
    Ok(name)
}

fn numbers(args: &LvAttributeArgs) -> Result<Option<DeviceNumbers>, Failure> {
    match (args.persistent, args.minor) {
        (Some(false), minor) if minor.is_some() || args.major.is_some() => {
            Err(Failure::Failed("Options --major and --minor are incompatible with -Mn.".into()))
        }
        (Some(false), None) => Ok(None),
        (None, None) if args.major.is_none() => Ok(None),
        // A minor number makes them persistent by itself.
        (_, minor) => Ok(Some(DeviceNumbers { major: args.major, minor })),
    }
}
