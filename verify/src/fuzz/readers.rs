//! The readers, and what must hold of what they have read.

use super::{Target, requests, shown};
use extant_core::codec::{print, read};
use extant_core::crc::crc;
use extant_core::format::label::find as find_label;
use extant_core::format::mda::MdaHeader;
use extant_core::format::mda::ring::{Area as Ring, text_size_max};
use extant_core::format::{signature, text};
use extant_core::model::segment::{Area, Segment};
use extant_core::model::vg::{Provenance, Vg};
use extant_core::name::{LvName, Tag, VgName};
use extant_core::size::units::Units;
use extant_core::size::{self, Signs, Unit, extents, path, ranges::PvArg};
use extant_core::units::{Bytes, Extents};
use extant_hw::config::{Config, Sources};
use extant_hw::device::devices_file::Content;
use extant_hw::device::filter::Filter;
use std::sync::Arc;

/// All readers.
pub(super) const TARGETS: &[Target] = &[
    target("label", label, no_seeds),
    target("mda", mda, no_seeds),
    target("ring", ring, no_seeds),
    target("tree", tree, text_seeds),
    target("vg", vg, text_seeds),
    target("summary", summary, text_seeds),
    target("size", sizes, size_seeds),
    target("name", names, size_seeds),
    target("signature", signatures, no_seeds),
    target("devices-file", devices_file, devices_file_seeds),
    target("filter", filter, filter_seeds),
    target("config", config, config_seeds),
    target("report", shown::report, text_seeds),
    target("select", shown::select, shown::select_seeds),
    target("plan", shown::plan, shown::plan_seeds),
    target("request", requests::requests, no_seeds),
];

/// A reader with a mistake.
pub(super) const CANARY: Target = target("canary", canary, no_seeds);

const fn target(name: &'static str, run: fn(&[u8]), seeds: fn() -> Vec<Vec<u8>>) -> Target {
    Target { name, run, seeds }
}

fn no_seeds() -> Vec<Vec<u8>> {
    Vec::new()
}

fn owned(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Trusts the length that the first byte states.
fn canary(bytes: &[u8]) {
    if let Some((length, rest)) = bytes.split_first() {
        assert!(rest[..usize::from(*length)].len() < 256);
    }
}

/// Puts a right checksum where a reader would stop at a wrong one.
fn with_checksum(bytes: &[u8], at: usize, from: usize, to: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if bytes.len() >= to {
        let sum = crc(&bytes[from..to]).to_le_bytes();
        bytes[at..at + 4].copy_from_slice(&sum);
    }
    bytes
}

fn label(bytes: &[u8]) {
    for head in [bytes.to_vec(), with_checksum(bytes, 528, 532, 1024)] {
        let found = find_label(&head);
        if let Some(label) = found.label {
            let sector = label.encode().expect("what fitted into a sector fits again");
            let mut again = vec![0; usize::from(label.sector) * 512];
            again.extend_from_slice(&sector);
            assert_eq!(find_label(&again).label, Some(label), "a label reads back");
        }
    }
}

fn mda(bytes: &[u8]) {
    let number = |at: usize| {
        let part = bytes.get(at..at + 8);
        part.map_or(0, |part| u64::from_le_bytes(part.try_into().expect("8 bytes")))
    };
    let (start, size) = (Bytes::new(number(24)), Bytes::new(number(32)));
    for header in [bytes.to_vec(), with_checksum(bytes, 0, 4, 512)] {
        if let Ok(decoded) = MdaHeader::decode(&header, start, size) {
            let again = MdaHeader::decode(&decoded.encode(), start, size);
            assert_eq!(again.as_ref(), Ok(&decoded), "a header reads back");
            let _ = decoded.committed.pieces(size);
            let _ = decoded.precommitted.pieces(size);
            let block_size = Bytes::new(if number(0) % 2 == 0 { 512 } else { 4096 });
            let area = Ring { start, size, block_size };
            let _ = area.place(Some(&decoded.committed), Bytes::new(1 + number(8) % 100_000));
        }
    }
}

/// Numbers in, a place in the ring out that overlaps nothing it must not.
fn ring(bytes: &[u8]) {
    let mut numbers = bytes
        .chunks_exact(4)
        .map(|part| u64::from(u32::from_le_bytes(part.try_into().expect("4 bytes"))));
    let mut next = |modulus: u64| numbers.next().unwrap_or(0) % modulus;
    let area = Ring {
        start: Bytes::new(next(64) * 512),
        size: Bytes::new(1024 + next(256) * 512),
        block_size: Bytes::new(if next(2) == 0 { 512 } else { 4096 }),
    };
    let mut committed = None;
    for _ in 0..64 {
        let size = Bytes::new(1 + next(text_size_max(area.size).get().max(1)));
        let Ok(place) = area.place(committed.as_ref(), size) else {
            continue;
        };
        let total: u64 = place.pieces.iter().map(|piece| piece.size.get()).sum();
        assert_eq!(total, size.get(), "the pieces hold the text");
        for piece in place.pieces.iter() {
            assert!(piece.offset.get() >= 512, "the header is left alone");
            assert!(piece.end() <= area.size, "the area is not left");
        }
        let location = extant_core::format::mda::RawLocation {
            offset: place.offset,
            size,
            ..Default::default()
        };
        if let Some(old) = committed
            .and_then(|old: extant_core::format::mda::RawLocation| old.pieces(area.size).ok())
        {
            for (new, old) in
                place.pieces.iter().flat_map(|new| old.iter().map(move |old| (new, old)))
            {
                let apart = new.end() <= old.offset || old.end() <= new.offset;
                assert!(apart, "the committed text is left alone");
            }
        }
        committed = Some(location);
    }
}

/// Text that LVM2 wrote, and the shapes that readers of text stumble over.
fn text_seeds() -> Vec<Vec<u8>> {
    let mut seeds = owned(&[
        "a = 1 b { c = [ 1, \"x\", 'y', ] d = \"\\\"\\\\\" }",
        "v {\nid = \"Aox5rE-TvDX-Asm3-JZZj-NOoW-08hg-Is1AyP\"\nseqno = 1\nstatus = [\"READ\"]\n}\n",
        "a = -0 b = 1.5 c = @x # comment",
    ]);
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src/codec/golden");
    if let Ok(entries) = std::fs::read_dir(golden) {
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        seeds.extend(paths.iter().filter_map(|path| std::fs::read(path).ok()));
    }
    seeds
}

fn tree(bytes: &[u8]) {
    if let Ok(mut tree) = text::tree::parse(bytes) {
        let _ = tree.find("devices/filter");
        tree.merge_duplicates();
        let owned = tree.into_owned();
        let _ = owned.get("a");
    }
}

/// What is read prints, and what is printed reads back the same, in both forms.
fn vg(bytes: &[u8]) {
    let text: Arc<[u8]> = Arc::from(bytes);
    let Ok((vg, provenance)) = read::read(&text) else {
        return;
    };
    look_at_everything(&vg);
    if names_lv_like_pv(&vg) {
        return; // the format can't tell them apart
    }
    if !vg.unknown.is_empty() {
        let _ = print::file_from_text(bytes, &provenance);
        return;
    }
    // Printing puts visible LVs before hidden ones, so it is the printed VG that must come back.
    let disk = print::disk(&vg, &provenance);
    let text: Arc<[u8]> = Arc::from(disk.as_slice());
    let (vg, provenance) = match read::read(&text) {
        Ok(read) => read,
        Err(error) => panic!("what was printed does not read: {error}"),
    };
    let again = print::disk(&vg, &provenance);
    assert!(disk == again, "a VG prints the same again, on disk");
    let file = print::file(&vg, &provenance, &extant_core::time::TimeZone::UTC);
    check_again(&file, &vg, &provenance, "in a file");
    // Other white space takes the slow way through the reader.
    let slow: Vec<u8> = disk
        .iter()
        .flat_map(|byte| if *byte == b'{' { vec![b' ', b'{', b'\t'] } else { vec![*byte] })
        .collect();
    if !has_brace_in_text(&disk) {
        check_again(&slow, &vg, &provenance, "with other white space");
    }
}

/// An area names a PV by a key of its own, `pv0`, or an LV: one of that name, or none at all.
fn names_lv_like_pv(vg: &Vg) -> bool {
    let like_pv = |name: &str| {
        let number = name.strip_prefix("pv").and_then(|rest| rest.parse::<usize>().ok());
        number.is_some_and(|number| number < vg.pvs.len())
    };
    vg.lvs.ids().any(|id| {
        let lv = vg.lvs.get(id);
        lv.segments.iter().flat_map(Segment::areas).any(|area| match area {
            Area::Lv { lv, .. } => like_pv(lv.as_str()),
            Area::Pv { .. } => false,
        })
    })
}

fn has_brace_in_text(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'"').skip(1).step_by(2).any(|part| part.contains(&b'{'))
        || text.contains(&b'\\')
        || text.contains(&b'#')
}

fn check_again(text: &[u8], vg: &Vg, provenance: &Provenance, form: &str) {
    let text: Arc<[u8]> = Arc::from(text);
    match read::read(&text) {
        Ok((again, provenance_again)) => {
            assert!(again == *vg, "a VG reads back, {form}");
            let disk_again = print::disk(&again, provenance);
            assert!(
                print::disk(vg, provenance) == disk_again,
                "a VG prints the same again, {form}"
            );
            let times = (provenance.creation_time, provenance_again.creation_time);
            assert_eq!(times.0, times.1, "the time reads back, {form}");
        }
        Err(error) => panic!("what was printed {form} does not read: {error}"),
    }
}

fn look_at_everything(vg: &Vg) {
    let mut extents = 0u64;
    for id in vg.lvs.ids() {
        let lv = vg.lvs.get(id);
        assert_eq!(lv.name.as_str(), vg.lvs.name(id));
        extents = extents.saturating_add(vg.lvs.extents(id).get());
    }
    for pv in vg.pv_indices() {
        let _ = vg.free_runs(pv);
    }
    let _ = (vg.free_count(), vg.lvs.by_name(), extents);
}

fn summary(bytes: &[u8]) {
    let _ = read::summary(bytes);
}

fn size_seeds() -> Vec<Vec<u8>> {
    owned(&[
        "1.5t",
        "50%FREE",
        "+100%PVS",
        "/dev/sda:0-99:200+50",
        "-7e",
        "4k",
        "1e",
        "512b",
        "@tag",
        "vg/lv",
        "/dev/vg/lv",
        "/dev/mapper/v--g-l--v",
        "3m",
        "H",
        "pv\\:x:1-2",
        "18446744073709551615",
    ])
}

fn sizes(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for signs in [Signs::Both, Signs::Plus, Signs::Minus] {
        for unit in [Unit::MiB, Unit::Sectors, Unit::EiB] {
            let _ = size::parse(&text, unit, signs);
        }
        let _ = extents::parse(&text, signs);
    }
    let pv = PvArg::parse(&text);
    let _ = pv.tag();
    for count in [0, 1, 100, u64::from(u32::MAX)] {
        if let Ok(ranges) = pv.ranges(Extents::new(count)) {
            for range in ranges {
                assert!(range.end().get() <= count, "a range lies on its PV");
            }
        }
    }
    let _ = Units::parse(&text);
}

fn names(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = (VgName::new(&text), Tag::new(&text));
    if let Ok(name) = LvName::new(&text) {
        let _ = name.reserved();
    }
    let _ = path::parse(&text, "/dev");
    let _ = path::parse_vg(&text, "/dev/");
    let _ = path::split_mapper_name(&text);
}

/// The bytes stand at the start and, again, at the end of a device.
fn signatures(bytes: &[u8]) {
    let size = 1 << 20;
    let tail = size - bytes.len().min(size / 2);
    for block_size in [512, 4096] {
        let mut read = |offset: Bytes,
                        length: Bytes|
         -> Result<Arc<[u8]>, std::convert::Infallible> {
            let start = usize::try_from(offset.get()).unwrap_or(size).min(size);
            let end = start.saturating_add(usize::try_from(length.get()).unwrap_or(0)).min(size);
            assert!(end - start <= size / 2, "little is read at once");
            let byte = |place: usize| {
                let at_start = bytes.get(place).copied();
                let at_end = place.checked_sub(tail).and_then(|place| bytes.get(place).copied());
                at_start.or(at_end).unwrap_or(0)
            };
            Ok((start..end).map(byte).collect())
        };
        let size = Bytes::new(u64::try_from(size).expect("a megabyte fits"));
        let Ok(found) = signature::find(size, Bytes::new(block_size), &mut read);
        for signature in found {
            let _ = signature.kind_name();
        }
    }
    let _ = signature::is_md_component(bytes);
}

fn devices_file_seeds() -> Vec<Vec<u8>> {
    owned(&["# LVM uses devices listed in this file.\nPRODUCT_UUID=x\nVERSION=1.1.7\n\
         IDTYPE=sys_wwid IDNAME=eui.1 DEVNAME=/dev/sda PVID=AoxrETvDXAsmJZZjNOoWhgIsAyPabcde PART=1\n\
         IDTYPE=devname IDNAME=/dev/sdb DEVNAME=/dev/sdb PVID=.\n"])
}

fn devices_file(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let content = Content::parse(&text);
    let printed = content.print("extant pid 1", "now");
    let again = Content::parse(&printed);
    assert_eq!(again.print("extant pid 1", "now").lines().count(), printed.lines().count());
}

fn filter_seeds() -> Vec<Vec<u8>> {
    owned(&[
        "a|^/dev/loop[0-9]+$|\nr|.*|",
        "r{(a|b)*c?[^x-z]}\na(.*)",
        "a/\\/dev\\/sd/",
        "r|((((a+)+)+)+)+$|",
    ])
}

fn filter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(filter) = Filter::new(text.lines()) {
        let _ = filter.passes_all();
        let _ = filter.judge(["/dev/loop7", "/dev/mapper/a-b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaab"]);
    }
}

fn config_seeds() -> Vec<Vec<u8>> {
    owned(&[
        "devices/filter=[\"a|.*|\"] global{use_aio=0 units=\"h\"}",
        "log{level=7 file=\"/tmp/x\"} activation { retry_deactivation = 1}",
        "report/time_format=\"%s\" allocation{cling_tag_list=[\"@a\",\"@b\"]}",
    ])
}

/// What `--config` brings, and what commands make of it.
fn config(bytes: &[u8]) {
    let sources = Sources {
        system: None,
        overrides: Some(String::from_utf8_lossy(bytes).into_owned()),
        command_profile: None,
        metadata_profile: None,
        node_name: "node".to_owned(),
    };
    if let Ok(config) = Config::load(&sources) {
        let _ = config.settings();
        let paths = config.paths();
        let _ = (config.umask(), config.extra_system_ids(), config.system_id_source());
        let _ = config.selection(&paths);
    }
}
