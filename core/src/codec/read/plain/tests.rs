//! The fast reader and the general one agree: on canonical texts, and on texts that nearly are.

use crate::codec::print::disk;
use crate::codec::read::{ReadError, read};
use crate::id::Entropy;
use crate::model::Vg;
use crate::model::flags::{AllocationPolicy, LvFlags, Permission, SegmentFlags};
use crate::model::lv::{Creation, DeviceNumbers, Lv, ReadAhead};
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment, SegmentKind, Striped};
use crate::name::{LvName, Tag};
use crate::units::{Extents, Le, Pe, Sectors};
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof};
use proptest::proptest;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// The general reader gets a text with blanks in its blank lines, which is not canonical.
fn read_generally(text: &str) -> Result<Vg, ReadError> {
    let text = text.replace("\n\n", "\n \n");
    read(&Arc::from(text.as_bytes())).map(|(vg, _)| vg)
}

fn segments() -> impl Strategy<Value = Vec<Segment>> {
    let areas = prop::collection::vec((0_u32..4, any::<u32>()), 1..5);
    let one = (1_u32..1 << 20, areas, 1_u64..1 << 20);
    prop::collection::vec(one, 1..4).prop_map(|list| {
        let mut start = Le::ZERO;
        let mut segments = Vec::new();
        for (extents, areas, size) in list {
            let extents = Extents::new(u64::from(extents));
            let areas: Vec<Area> = areas
                .into_iter()
                .map(|(pv, start)| Area::Pv { pv: PvIndex(pv), start: Pe::new(u64::from(start)) })
                .collect();
            segments.push(Segment {
                start,
                extents,
                reshape: None,
                tags: Vec::new(),
                flags: SegmentFlags::default(),
                kind: SegmentKind::Striped(Striped {
                    stripe_size: (areas.len() > 1).then_some(Sectors::new(size)),
                    areas,
                }),
            });
            start = start.after(extents);
        }
        segments
    })
}

fn lv() -> impl Strategy<Value = Lv> {
    let tags = prop::collection::vec("[a-z0-9_.+/=!:&#][a-z-]{0,4}", 0..3);
    let creation = prop::option::of((0..u64::MAX >> 1, "[ -~]{0,8}"));
    let permission = prop_oneof![
        9 => Just(Permission::ReadWrite),
        3 => Just(Permission::ReadOnly),
    ];
    let rare = prop::option::weighted(0.1, 0_u32..9);
    let parts = ("[a-z_][a-z0-9+._-]{0,8}", any::<[u8; 32]>(), any::<bool>());
    (parts, tags, creation, permission, rare, segments()).prop_map(
        |((name, seed, visible), tags, creation, permission, rare, segments)| Lv {
            name: LvName::new(&name).unwrap(),
            id: Entropy::from_seed(seed).uuid(),
            permission,
            flags: LvFlags { visible, activation_skip: rare == Some(1), ..LvFlags::default() },
            tags: tags.iter().map(|tag| Tag::new(tag).unwrap()).collect(),
            creation: creation.map(|(time, host)| Creation { time, host }),
            lock_args: None,
            policy: if rare == Some(2) {
                AllocationPolicy::Contiguous
            } else {
                AllocationPolicy::Inherit
            },
            profile: (rare == Some(3)).then(|| "p".into()),
            read_ahead: if rare == Some(4) { ReadAhead::None } else { ReadAhead::Auto },
            numbers: DeviceNumbers { major: None, minor: rare.filter(|number| *number == 5) },
            segments,
        },
    )
}

fn text_of(lvs: &[Lv]) -> String {
    let plain =
        crate::codec::read::tests::PLAIN.replace("pe_count = 511\n}\n", "pe_count = 511\n}\nPVS");
    let body = "id = \"jfP3jr-TBZr-ZYrl-5bME-iMeh-8YiZ-lX1oDL\"\npe_start = 1\npe_count = 9\n";
    let copies = [1, 2, 3].map(|index| format!("\npv{index} {{\n{body}}}\n"));
    let copies = copies.concat();
    let (mut vg, provenance) = read(&Arc::from(plain.replace("PVS", &copies).as_bytes())).unwrap();
    vg.lvs = crate::model::lv_table::LvTable::default();
    for lv in lvs {
        vg.lvs.push(Arc::new(lv.clone()));
    }
    String::from_utf8(disk(&vg, &provenance)).unwrap()
}

/// What the fast reader is expected to take.
fn is_plain(lv: &Lv) -> bool {
    let flags = LvFlags { visible: lv.flags.visible, ..LvFlags::default() };
    let host = lv.creation.as_ref().map_or("", |creation| &creation.host);
    lv.flags == flags
        && lv.policy == AllocationPolicy::Inherit
        && lv.profile.is_none()
        && lv.read_ahead == ReadAhead::Auto
        && lv.numbers == DeviceNumbers::default()
        && !host.contains(['"', '\\'])
}

proptest! {
    #[test]
    fn canonical_texts_read_the_same_both_ways(lvs in prop::collection::vec(lv(), 1..6)) {
        let text = text_of(&lvs);
        let (fast, provenance) = read(&Arc::from(text.as_bytes())).unwrap();
        prop_assert!(fast == read_generally(&text).unwrap());
        for id in fast.lvs.ids() {
            let lv = fast.lvs.get(id);
            prop_assert_eq!(fast.lvs.is_source(id), is_plain(&lv));
            prop_assert_eq!(fast.lvs.name(id), lv.name.as_str());
            prop_assert_eq!(fast.lvs.is_visible(id), lv.flags.visible);
            prop_assert_eq!(fast.lvs.permission(id), lv.permission);
            prop_assert_eq!(&fast.lvs.segments(id)[..], &lv.segments[..]);
            prop_assert_eq!(fast.lvs.extents(id), lv.extents());
        }
        prop_assert_eq!(String::from_utf8(disk(&fast, &provenance)).unwrap(), text);
    }

    #[test]
    fn the_map_of_extents_is_the_same_both_ways(lvs in prop::collection::vec(lv(), 1..6)) {
        let text = text_of(&lvs);
        let (fast, _) = read(&Arc::from(text.as_bytes())).unwrap();
        let general = read_generally(&text).unwrap();
        prop_assert_eq!(fast.lvs.runs(), general.lvs.runs());
    }

    #[test]
    fn nearly_canonical_texts_read_the_same_both_ways(
        lvs in prop::collection::vec(lv(), 1..3), place in any::<prop::sample::Index>(),
        piece in prop::sample::select(&[
            "", " ", "\n", "0", "1", "9", "-", "\"", "}", "{", "]", ",", "a", ".", "# c\n", "\\", "=", "x = 1\n", "\u{e9}",
        ][..]),
        cut in 0_usize..3,
    ) {
        let text = text_of(&lvs);
        let start = text.find("logical_volumes").unwrap();
        let at = start + place.index(text.len() - start - 3);
        let mutated = [&text[..at], piece, &text[at + cut..]].concat();
        let fast = read(&Arc::from(mutated.as_bytes())).map(|(vg, _)| vg);
        match (fast, read_generally(&mutated)) {
            // Unknown segments keep their text, which differs.
            (Ok(fast), Ok(general)) if !fast.unknown.is_empty() => {
                prop_assert_eq!(fast.unknown, general.unknown);
            }
            (Ok(fast), Ok(general)) => prop_assert!(fast == general),
            (Err(fast), Err(general)) => prop_assert_eq!(fast.fault, general.fault),
            (fast, general) => prop_assert!(false, "{fast:?} / {general:?}"),
        }
    }
}

#[test]
fn pvs_change_places_and_only_lvs_on_them_are_read() {
    let area = |pv, start| Area::Pv { pv: PvIndex(pv), start: Pe::new(start) };
    let plain = |name: &str, areas: Vec<Area>| Lv {
        name: LvName::new(name).unwrap(),
        id: Entropy::from_seed([1; 32]).uuid(),
        permission: Permission::ReadWrite,
        flags: LvFlags::default(),
        tags: Vec::new(),
        creation: None,
        lock_args: None,
        policy: AllocationPolicy::Inherit,
        profile: None,
        read_ahead: ReadAhead::Auto,
        numbers: DeviceNumbers::default(),
        segments: Vec::from([Segment {
            start: Le::ZERO,
            extents: Extents::new(2),
            reshape: None,
            tags: Vec::new(),
            flags: SegmentFlags::default(),
            kind: SegmentKind::Striped(Striped {
                stripe_size: (areas.len() > 1).then_some(Sectors::new(8)),
                areas,
            }),
        }]),
    };
    let (one, two) = (Vec::from([area(0, 1)]), Vec::from([area(0, 5), area(3, 5)]));
    let text = text_of(&[plain("one", one), plain("two", two)]);
    let (mut vg, provenance) = read(&Arc::from(text.as_bytes())).unwrap();
    vg.lvs.remap_pvs(&[Some(PvIndex(0)), Some(PvIndex(2)), None, Some(PvIndex(1))]);
    vg.pvs.pop();
    let ids: Vec<_> = vg.lvs.ids().collect();
    assert!(vg.lvs.is_source(ids[0]));
    assert!(!vg.lvs.is_source(ids[1]));
    assert_eq!(vg.lvs.get(ids[1]).segments[0].areas()[1], area(1, 5));
    assert_eq!(vg.lvs.runs_on(PvIndex(1)).len(), 1);
    assert!(vg.lvs.runs_on(PvIndex(3)).is_empty());
    let printed = disk(&vg, &provenance);
    assert!(read(&Arc::from(&printed[..])).unwrap().0 == vg);
}
