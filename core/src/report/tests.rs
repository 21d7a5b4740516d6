//! Reports of VGs of every kind, against what LVM2 2.03.16 shows of the same devices. The inputs
//! and outputs are made by `golden/make.sh`.

use super::field::Field;
use super::options::{Format, Headings, Kind, Options};
use super::rows::Target;
use super::{Report, ReportError};
use crate::codec;
use crate::format::label::{DiskArea, Label, PvExtension, PvHeader};
use crate::format::mda::RawLocation;
use crate::id::Uuid;
use crate::ops::system::{
    Alignment, Device, DeviceId, LabelState, MdaOnDevice, MdaState, PvOnDevice, System, VgView,
};
use crate::size::units::Units;
use crate::units::Bytes;
use std_alloc::borrow::ToOwned;
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

const SHOWN: &str = include_str!("golden/shown.txt");
const FACTS: &str = include_str!("golden/facts.txt");
const TEXTS: [&[u8]; 5] = [
    include_bytes!("golden/e.vg"),
    include_bytes!("golden/main.vg"),
    include_bytes!("golden/pvg.vg"),
    include_bytes!("golden/xvg.vg"),
    include_bytes!("golden/zoo.vg"),
];

fn number(text: &str) -> u64 {
    text.parse().unwrap()
}

fn area(text: &str, size: &str) -> DiskArea {
    DiskArea { offset: Bytes::new(number(text)), size: Bytes::new(number(size)) }
}

fn pv(words: &[&str]) -> LabelState {
    let [_, id, size, start, version, flags, ba_start, ba_size] = words else {
        panic!("{words:?}");
    };
    let bootloader = area(ba_start, ba_size);
    let header = PvHeader {
        id: id.parse().unwrap(),
        device_size: Bytes::new(number(size)),
        data_areas: std_alloc::vec![area(start, "0")],
        metadata_areas: Vec::new(),
        extension: Some(PvExtension {
            version: version.parse().unwrap(),
            flags: flags.parse().unwrap(),
            bootloader_areas: (!bootloader.size.is_zero())
                .then_some(bootloader)
                .into_iter()
                .collect(),
        }),
    };
    LabelState::Pv(PvOnDevice { label: Label { sector: 1, header }, areas: Vec::new() })
}

fn mda(words: &[&str]) -> MdaOnDevice {
    let [_, start, size, text, ignored] = words else {
        panic!("{words:?}");
    };
    let location = RawLocation {
        offset: Bytes::new(if *text == "0" { 0 } else { 512 }),
        size: Bytes::new(number(text)),
        checksum: 0,
        flags: ignored.parse().unwrap(),
    };
    let state = if *ignored == "1" || *text == "0" {
        MdaState::Empty { ignored: *ignored == "1" }
    } else {
        MdaState::BadText { location, reason: String::new() }
    };
    MdaOnDevice {
        start: Bytes::new(number(start)),
        size: Bytes::new(number(size)),
        head: Arc::new([]),
        state,
    }
}

/// The devices LVM2 saw, and the VGs on them.
pub(super) fn captured() -> System {
    let mut devices: Vec<Device> = Vec::new();
    for line in FACTS.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[0] {
            "device" => devices.push(Device {
                name: words[1].to_owned(),
                aliases: Vec::new(),
                number: Some((words[2].parse().unwrap(), words[3].parse().unwrap())),
                size: Bytes::new(number(words[4])),
                block_size: Bytes::new(512),
                read_only: false,
                alignment: Alignment::default(),
                device_id: None,
                label: LabelState::None,
                head: Arc::new([]),
            }),
            "pv" => devices.last_mut().unwrap().label = pv(&words),
            _ => match &mut devices.last_mut().unwrap().label {
                LabelState::Pv(found) => found.areas.push(mda(&words)),
                other => panic!("{other:?}"),
            },
        }
    }
    let vgs = TEXTS.iter().map(|text| view(text, &devices)).collect();
    System { devices, vgs, ..System::default() }
}

pub(super) fn id_of(device: &Device) -> Option<Uuid> {
    match &device.label {
        LabelState::Pv(found) => Some(found.label.header.id),
        _ => None,
    }
}

fn view(text: &[u8], devices: &[Device]) -> VgView {
    let text: Arc<[u8]> = Arc::from(text);
    let (vg, provenance) = codec::read::read(&text).unwrap();
    let find = |id: Uuid| {
        let place = devices.iter().position(|device| id_of(device) == Some(id))?;
        Some(DeviceId(u32::try_from(place).unwrap()))
    };
    VgView {
        devices: vg.pvs.iter().map(|pv| find(pv.id)).collect(),
        vg,
        provenance,
        text,
        fork: None,
        outdated: Vec::new(),
        duplicates: Vec::new(),
        lagging: Vec::new(),
    }
}

/// Splits a line as a shell does, as far as `commands.txt` goes.
fn words(line: &str) -> Vec<String> {
    let mut words = std_alloc::vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

fn target(system: &System, name: &str) -> Target {
    if let Some(device) = system.find_device(name) {
        return match system.vg_of(device) {
            Some((found, pv)) => {
                let of = |view: &VgView| view.vg.id == found.vg.id;
                Target::Pv(system.vgs.iter().position(of).unwrap(), pv)
            }
            None => Target::Device(device),
        };
    }
    let (vg, lv) = name.split_once('/').map_or((name, None), |(vg, lv)| (vg, Some(lv)));
    let place = system.vgs.iter().position(|view| view.vg.name.as_str() == vg).unwrap();
    match lv {
        Some(lv) => Target::Lv(place, system.vgs[place].vg.lvs.find(lv).unwrap()),
        None => Target::Vg(place),
    }
}

/// Runs `fullreport --reportformat F --configreport K -o X ... [VG...]`.
fn run_full(system: &System, words: &[String]) -> Result<String, ReportError> {
    let kinds = [Kind::Vgs, Kind::Pvs, Kind::Lvs, Kind::PvSegs, Kind::Segs];
    let mut options = kinds.map(|_| Options { full: true, ..Options::default() });
    let (mut current, mut targets) = (0, Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "fullreport" => {}
            "--reportformat" => {
                assert_eq!(words.next().unwrap(), "json");
                for options in &mut options {
                    options.format = Format::Json;
                }
            }
            "--configreport" => {
                let name = words.next().unwrap();
                current = kinds.iter().position(|kind| kind.as_str() == name).unwrap();
            }
            "-o" => options[current].fields.push(words.next().unwrap().clone()),
            name => targets.push(target(system, name)),
        }
    }
    let reports: Result<Vec<Report>, ReportError> =
        kinds.iter().zip(&options).map(|(kind, options)| Report::new(*kind, options)).collect();
    let targets = (!targets.is_empty()).then_some(&targets[..]);
    let mut text = String::new();
    Report::write_full(&reports?, system, targets, &mut |piece| text.push_str(piece));
    Ok(text)
}

/// Runs a command line of `commands.txt`.
pub(super) fn run(system: &System, line: &str) -> Result<String, ReportError> {
    let words = words(line);
    let mut words = words.iter().map(String::as_str);
    let mut kind = match words.next().unwrap() {
        "pvs" => Kind::Pvs,
        "vgs" => Kind::Vgs,
        "lvs" => Kind::Lvs,
        "lvm" => return run_full(system, &words.map(ToOwned::to_owned).collect::<Vec<_>>()),
        other => panic!("{other}"),
    };
    let mut options = Options::default();
    let mut targets = Vec::new();
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap().to_owned();
        match word {
            "--segments" => kind = if kind == Kind::Pvs { Kind::PvSegs } else { Kind::Segs },
            "-a" => options.all = true,
            "-H" => options.history = true,
            "-v" => options.verbose = true,
            "-o" => options.fields.push(value()),
            "-O" => options.sort = Some(value()),
            "-S" => options.selection = Some(value()),
            "--units" => options.units = Units::parse(&value()).unwrap(),
            "--nosuffix" => options.suffix = false,
            "--noheadings" => options.headings = Headings::None,
            "--separator" => options.separator = Some(value()),
            "--aligned" => options.aligned = Some(true),
            "--unbuffered" => options.buffered = false,
            "--nameprefixes" => options.name_prefixes = true,
            "--unquoted" => options.quoted = false,
            "--rows" => options.rows = true,
            "--binary" => options.binary = true,
            "--reportformat" => {
                options.format = match &*value() {
                    "json" => Format::Json,
                    "json_std" => Format::JsonStd,
                    _ => Format::Basic,
                }
            }
            _ => {
                if let Some(field) = word.strip_prefix("-o") {
                    options.fields.push(field.to_owned());
                } else {
                    targets.push(target(system, word));
                }
            }
        }
    }
    let report = Report::new(kind, &options)?;
    let targets = (!targets.is_empty()).then_some(&targets[..]);
    Ok(report.render(system, targets))
}

#[test]
fn reports_are_lvm2s_to_the_byte() {
    let system = captured();
    let (mut count, mut bad) = (0, String::new());
    for case in SHOWN.split("\n$ ") {
        let case = case.strip_prefix("$ ").unwrap_or(case);
        let (line, expected) = case.split_once('\n').unwrap_or((case, ""));
        let shown = run(&system, line).unwrap();
        count += 1;
        let (shown, expected) = (shown.trim_end_matches('\n'), expected.trim_end_matches('\n'));
        if shown != expected {
            difference(line, shown, expected, &mut bad);
        }
    }
    assert!(bad.is_empty(), "{bad}");
    assert!(count > 50, "{count}");
}

/// Notes the first lines, and of those the first values, that differ.
fn difference(line: &str, shown: &str, expected: &str, out: &mut String) {
    use core::fmt::Write;
    writeln!(out, "$ {line}").unwrap();
    let (mut ours, mut theirs) = (shown.lines(), expected.lines());
    let mut told = 0;
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => break,
            (one, two) if one != two && told < 4 => {
                told += 1;
                let (one, two) = (one.unwrap_or("none"), two.unwrap_or("none"));
                let separator = if line.contains("'^'") { '^' } else { '\n' };
                if separator == '^' && one.split('^').count() == two.split('^').count() {
                    let heads: Vec<&str> = expected.lines().next().unwrap().split('^').collect();
                    for (place, (one, two)) in one.split('^').zip(two.split('^')).enumerate() {
                        if one != two {
                            writeln!(out, "   {}: {one:?} not {two:?}", heads[place]).unwrap();
                        }
                    }
                    writeln!(out, "      in {}", &two[..two.len().min(60)]).unwrap();
                } else {
                    writeln!(out, "  is   {one:?}\n  not  {two:?}").unwrap();
                }
            }
            _ => {}
        }
    }
}

#[test]
fn names_of_fields_are_unique_and_found() {
    for field in Field::ALL {
        let name = field.info().name;
        assert_eq!(super::columns::find_field(Kind::Vgs, name), Some(*field), "{name}");
    }
}

/// As LVM2 shows a PV none of whose used metadata areas can be read.
#[test]
fn a_pv_whose_vg_is_not_there_has_no_room() {
    let mut system = captured();
    system.vgs.clear();
    let line = "pvs --noheadings --units s --nosuffix -o pv_name,pv_attr,pv_size,pv_free";
    let shown = run(&system, line).unwrap();
    let rows: Vec<Vec<&str>> = shown.lines().map(|row| row.split_whitespace().collect()).collect();
    let of = |attr: &str| rows.iter().filter(move |row| row[1] == attr).collect::<Vec<_>>();
    let (used, orphans) = (of("u--"), of("---"));
    assert!(!used.is_empty() && !orphans.is_empty(), "{shown}");
    assert!(used.iter().all(|row| row[2] != "0" && row[3] == "0"), "{shown}");
    assert!(orphans.iter().all(|row| row[2] == row[3]), "{shown}");
}
