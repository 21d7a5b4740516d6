//! From the arguments of `lvchange` to its request.

use super::change_args::LvAttributeArgs;
use super::common::Common;
use super::exit::Failure;
use super::lvchange::Lvchange;
use extant_core::model::lv::DeviceNumbers;
use extant_core::ops::lvchange::Request;

/// Makes the request, without its targets; `None` if there is nothing to change in the metadata.
pub(super) fn template(args: &Lvchange, common: &Common) -> Result<Option<Request>, Failure> {
    let attributes = &args.attributes;
    let activation = &args.activation.activation;
    let profile = match (args.tags.detachprofile, &common.metadata_profile) {
        (true, Some(_)) => {
            return Err(Failure::Usage(
                "Only one of --metadataprofile and --detachprofile permitted.".into(),
            ));
        }
        (true, None) => Some(None),
        (false, Some(name)) => Some(Some(name.clone())),
        (false, None) => None,
    };
    let mut request = Request {
        targets: Vec::new(),
        read_only: attributes.permission,
        policy: attributes.policy.alloc,
        contiguous: attributes.contiguous,
        read_ahead: attributes.readahead,
        numbers: None,
        activation_skip: attributes.setactivationskip,
        auto_activate: attributes.common.setautoactivation,
        profile,
        tags_added: args.tags.add.addtag.clone(),
        tags_removed: args.tags.deltag.clone(),
    };
    set_numbers(attributes, &mut request)?;
    if request != Request::default() {
        if attributes.setactivationskip.is_some() && activation.ignoreactivationskip {
            return Err(Failure::Option("--ignoreactivationskip".into()));
        }
        return Ok(Some(request));
    }
    Ok(None)
}

fn set_numbers(args: &LvAttributeArgs, request: &mut Request) -> Result<(), Failure> {
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
