//! From the arguments of `lvchange` to its request.

use super::common::Common;
use super::exit::Failure;
use super::lvchange::Lvchange;
use extant_core::model::flags::AllocationPolicy;
use extant_core::model::lv::DeviceNumbers;
use extant_core::ops::lvchange::Request;

/// Makes the request, without its targets; `None` if there is nothing to change in the metadata.
pub(super) fn template(args: &Lvchange, common: &Common) -> Result<Option<Request>, Failure> {
    let contiguous = args.contiguous.map(|contiguous| {
        if contiguous { AllocationPolicy::Contiguous } else { AllocationPolicy::Inherit }
    });
    let profile = match (args.detachprofile, &args.metadataprofile, &common.profile) {
        (true, Some(_), _) | (true, _, Some(_)) => {
            return Err(Failure::Usage(
                "Only one of --metadataprofile and --detachprofile permitted.".into(),
            ));
        }
        (true, None, None) => Some(None),
        (false, Some(name), _) | (false, None, Some(name)) => Some(Some(name.clone())),
        (false, None, None) => None,
    };
    let mut request = Request {
        targets: Vec::new(),
        read_only: args.permission,
        policy: args.alloc.or(contiguous),
        read_ahead: args.readahead,
        numbers: None,
        activation_skip: args.setactivationskip,
        auto_activate: args.setautoactivation,
        profile,
        tags_added: args.addtag.clone(),
        tags_removed: args.deltag.clone(),
    };
    set_numbers(args, &mut request)?;
    if request != Request::default() {
        if args.setactivationskip.is_some() && args.ignoreactivationskip {
            return Err(Failure::Option("--ignoreactivationskip".into()));
        }
        return Ok(Some(request));
    }
    match args.activate {
        Some(true) => Err(Failure::Failed("Logical volumes cannot be activated yet.".into())),
        Some(false) => Ok(None),
        None if args.poll.is_some() || args.monitor.is_some() => Ok(None),
        None => Err(Failure::Syntax),
    }
}

fn set_numbers(args: &Lvchange, request: &mut Request) -> Result<(), Failure> {
    request.numbers = match (args.persistent, args.minor) {
        (Some(true), None) => {
            return Err(Failure::Usage("Minor number must be specified with -My.".into()));
        }
        (Some(true), Some(minor)) => {
            Some(Some(DeviceNumbers { major: args.major, minor: Some(minor) }))
        }
        (Some(false), _) => Some(None),
        (None, Some(_)) => return Err(Failure::Option("--minor".into())),
        (None, None) if args.major.is_some() => return Err(Failure::Option("--major".into())),
        (None, None) => None,
    };
    Ok(())
}
