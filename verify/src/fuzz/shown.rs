//! What is made of things that were read: reports of any VG, selections, saved plans.

use extant_core::codec::read;
use extant_core::model::check::check;
use extant_core::name::VgName;
use extant_core::ops::system::{DeviceId, HostFacts, System, VgView};
use extant_core::plan::effect::{Effect, Payload};
use extant_core::plan::saved::Saved;
use extant_core::plan::show::show_steps;
use extant_core::plan::{CommitRule, DeviceRef, Guard, Plan, PlannedStage};
use extant_core::report::Report;
use extant_core::report::display::{self, Form};
use extant_core::report::options::{Format, Kind, Options};
use extant_core::units::Bytes;
use std::sync::Arc;

const KINDS: [Kind; 5] = [Kind::Pvs, Kind::Vgs, Kind::Lvs, Kind::Segs, Kind::PvSegs];

/// A machine with one VG, whose PVs are missing.
fn system_of(bytes: &[u8]) -> Option<System> {
    let text: Arc<[u8]> = Arc::from(bytes);
    let (vg, provenance) = read::read(&text).ok()?;
    let view = VgView {
        devices: vec![None; vg.pvs.len()],
        vg,
        provenance,
        text,
        fork: None,
        outdated: Vec::new(),
        duplicates: Vec::new(),
        lagging: Vec::new(),
    };
    Some(System { vgs: vec![view], ..System::default() })
}

/// Whatever a VG holds, it can be checked and everything of it shown; a selection that no object
/// fails shows the same as none.
pub(super) fn report(bytes: &[u8]) {
    let Some(system) = system_of(bytes) else {
        return;
    };
    let _ = check(&system.vgs[0].vg);
    for kind in KINDS {
        for format in [Format::Basic, Format::Json, Format::JsonStd] {
            let fields = match kind {
                Kind::Pvs => "pv_all,vg_all",
                Kind::Vgs => "vg_all",
                Kind::Lvs => "lv_all,vg_all",
                Kind::Segs => "lv_all,seg_all",
                Kind::PvSegs => "pv_all,pvseg_all",
            };
            let options = Options {
                columns: Some(String::from(fields)),
                all: true,
                history: true,
                format,
                ..Options::default()
            };
            let shown = Report::new(kind, &options).expect("the fields go together");
            let text = shown.render(&system, None);
            let selection = Some(String::from("vg_name=~.* || vg_name!~x"));
            let selecting = Options { selection, ..options };
            let same = Report::new(kind, &selecting).expect("the selection is one");
            assert!(same.render(&system, None) == text, "what everything passes changes nothing");
            if format != Format::Basic {
                let json: Result<serde_json::Value, _> = serde_json::from_str(&text);
                assert!(json.is_ok() || !text.is_ascii(), "what is called JSON is JSON");
            }
        }
    }
    for form in [Form::Long, Form::Colon, Form::Short] {
        let options = Options::default();
        let _ = display::pvs(&system, None, form, &options);
        let _ = display::vgs(&system, None, form, &options);
        let _ = display::lvs(&system, None, form, &options);
    }
}

pub(super) fn select_seeds() -> Vec<Vec<u8>> {
    [
        "lv_size>1g && vg_name=~^v",
        "lv_tags={a||b} || !(lv_name=x)",
        "lv_tags=[a,b]",
        "lv_time since \"2 weeks ago\"",
        "lv_time>=\"2020-01-01 10:00:00 +0200\" && lv_time until today",
        "data_percent>50.5 , lv_layout!={linear}",
        "lv_size=-1k",
        "(((name=a)))",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

/// A selection that is read can be applied.
pub(super) fn select(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let vg =
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src/codec/golden/kinds.disk"));
    let system = system_of(vg).expect("LVM2's texts can be read");
    for kind in KINDS {
        let options = Options { selection: Some(text.clone()), ..Options::default() };
        if let Ok(report) = Report::new(kind, &options) {
            let _ = report.render(&system, None);
        }
    }
}

/// A saved plan that is read can be shown, and saves as it was.
pub(super) fn plan(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(saved) = Saved::from_json(&text) {
        let _ = show_steps(&saved.plan);
        let again = Saved::from_json(&saved.to_json()).expect("what was saved can be read");
        assert_eq!(again.to_json(), saved.to_json(), "a plan saves the same again");
    }
}

/// A plan that says a little of everything.
pub(super) fn plan_seeds() -> Vec<Vec<u8>> {
    let device = DeviceId(3);
    let data = Payload::new(vec![7; 1024]);
    let write = Effect::Write { device, offset: Bytes::new(512), data, why: String::from("text") };
    let name = VgName::new("vg").expect("it is a name");
    let plan = Plan {
        devices: vec![DeviceRef {
            id: device,
            name: String::from("/dev/x"),
            pv: None,
            size: Bytes::new(4096),
            block_size: Bytes::new(512),
        }],
        guards: vec![
            Guard::NoVg(name),
            Guard::Bytes { device, offset: Bytes::ZERO, length: Bytes::new(512), checksum: 5 },
        ],
        stages: vec![PlannedStage {
            name: String::from("done"),
            prepare: vec![vec![write.clone()], vec![Effect::Flush { device }]],
            undo: Vec::new(),
            rule: CommitRule::Any,
            commit: vec![vec![write]],
            finish: vec![vec![Effect::InvalidateHints]],
        }],
    };
    vec![Saved::new(plan, &HostFacts::default(), vec![]).to_json().into_bytes()]
}
