//! Plans survive being saved, and files that are no plans are refused.

use super::base64::{decode, encode};
use super::{LoadError, Saved};
use crate::name::VgName;
use crate::ops::Message;
use crate::ops::system::{DeviceId, HostFacts};
use crate::plan::effect::{Effect, Payload};
use crate::plan::{CommitRule, DeviceRef, Guard, Plan, PlannedStage};
use crate::units::Bytes;
use proptest::prelude::{any, proptest};
use std_alloc::string::String;
use std_alloc::vec;

fn saved() -> Saved {
    let device = DeviceId(3);
    let text = Payload::new(vec![7; 1024]);
    let write = |offset, start| Effect::Write {
        device,
        offset: Bytes::new(offset),
        data: text.part(start..start + 512),
        why: String::from("a test"),
    };
    let plan = Plan {
        devices: vec![DeviceRef {
            id: device,
            name: String::from("/dev/x"),
            pv: None,
            size: Bytes::new(4096),
            block_size: Bytes::new(512),
        }],
        guards: vec![
            Guard::NoVg(VgName::new("v").unwrap()),
            Guard::Bytes { device, offset: Bytes::ZERO, length: Bytes::new(512), checksum: 5 },
        ],
        stages: vec![PlannedStage {
            name: String::from("done"),
            prepare: vec![vec![write(512, 0), write(1024, 512)]],
            undo: vec![],
            rule: CommitRule::Any,
            commit: vec![vec![write(0, 0)], vec![Effect::Flush { device }]],
            finish: vec![vec![Effect::InvalidateHints]],
        }],
    };
    let told = vec![Message::print(String::from("Done."))];
    Saved::new(plan, &HostFacts::default(), told)
}

#[test]
fn a_plan_survives_being_saved() {
    let saved = saved();
    let json = saved.to_json();
    assert_eq!(Saved::from_json(&json), Ok(saved));
    assert_eq!(json.matches("BwcH").count() * 4, 1364, "bytes are kept once");
}

#[test]
fn what_is_damaged_is_refused() {
    let json = saved().to_json();
    let load = |from: &str, to: &str| {
        assert!(json.contains(from), "{from}");
        Saved::from_json(&json.replacen(from, to, 1)).unwrap_err()
    };
    assert_eq!(load("\"extant_plan\": 1", "\"extant_plan\": 2"), LoadError::Version(2));
    assert_eq!(load("BwcH", "B*cH"), LoadError::Base64(0));
    assert_eq!(load("\"offset\": 1024", "\"offset\": 1025"), LoadError::Range);
    assert_eq!(load("\"offset\": 1024", "\"offset\": 4096"), LoadError::Range);
    let huge = "\"offset\": 18446744073709551104";
    assert_eq!(load("\"offset\": 1024", huge), LoadError::Range);
    assert!(matches!(load("1024\n", "1025\n"), LoadError::Blob { end: 1025, .. }));
    assert!(matches!(load("\"time\"", "\"tide\""), LoadError::Form(_)));
    assert!(matches!(load("\"id\": 3", "\"id\": 4"), LoadError::Range));
}

proptest! {
    #[test]
    fn bytes_survive_base64(bytes: vec::Vec<u8>) {
        assert_eq!(decode(&encode(&bytes)), Some(bytes));
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Some(bytes) = decode(&text) {
            assert_eq!(encode(&bytes), text);
        }
        assert!(Saved::from_json(&text).is_err());
    }
}
