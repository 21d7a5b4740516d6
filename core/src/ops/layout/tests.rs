use super::{Layout, LayoutError, Parameters, Plot, Restored, alignment, extent_count, lay_out};
use crate::ops::settings::Settings;
use crate::ops::system::Alignment;
use crate::units::{Bytes, ExtentSize, Extents, Sectors};
use core::fmt::Write;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

const FACTS: &str = include_str!("facts.txt");

fn describe(result: &Result<Layout, LayoutError>) -> String {
    match result {
        Ok(layout) => {
            let mut text = format!("data {}", layout.pe_start);
            for (start, length) in &layout.metadata_areas {
                let _ = write!(text, " mda {start}+{length}");
            }
            if let Some((start, length)) = layout.bootloader_area {
                let _ = write!(text, " ba {start}+{length}");
            }
            text
        }
        Err(LayoutError::Alignment) => "alignment".to_string(),
        Err(LayoutError::Offset { .. }) => "offset".to_string(),
        Err(LayoutError::Bootloader) => "bootloader".to_string(),
        Err(LayoutError::BootloaderOverData) => "overlap".to_string(),
        Err(LayoutError::Extents { .. }) => "extents".to_string(),
        Err(LayoutError::Metadata { index, .. }) => format!("metadata {index}"),
    }
}

fn number(word: &str) -> u64 {
    word.parse().unwrap()
}

#[test]
fn new_pvs_are_laid_out_as_lvm2_does_it() {
    let mut rows = 0;
    for line in FACTS.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split([' ', '|']).filter(|word| !word.is_empty()).collect();
        let [size, align, offset, copies, metadata_size, bootloader_size] = words[..6] else {
            panic!("{line}")
        };
        let parameters = Parameters {
            data_alignment: Some(Sectors::new(number(align))),
            data_alignment_offset: Some(Sectors::new(number(offset))),
            ..Parameters::default()
        };
        let (alignment, offset) =
            alignment(&Settings::default(), Alignment::default(), &parameters);
        let plot = Plot {
            size: Sectors::new(number(size)),
            alignment,
            offset,
            copies: u32::try_from(number(copies)).unwrap(),
            metadata_size: Some(Sectors::new(number(metadata_size))),
            bootloader_size: Sectors::new(number(bootloader_size)),
            restored: None,
        };
        assert_eq!(describe(&lay_out(&plot)), words[6..].join(" "), "{line}");
        rows += 1;
    }
    assert!(rows > 240, "{rows} facts");
}

fn restored(pe_start: u64, extents: u64, area: Option<(u64, u64)>) -> Plot {
    let area = area.map(|(start, length)| (Sectors::new(start), Sectors::new(length)));
    Plot {
        size: Sectors::new(131_072),
        alignment: Sectors::new(2048),
        offset: Sectors::ZERO,
        copies: 1,
        metadata_size: None,
        bootloader_size: Sectors::ZERO,
        restored: Some(Restored {
            pe_start: Sectors::new(pe_start),
            extents: Sectors::new(extents * 8192),
            bootloader_area: area,
        }),
    }
}

#[test]
fn restored_pvs_keep_their_data_where_it_is() {
    let two = |plot| Plot { copies: 2, ..plot };
    let sized = |plot, size| Plot { metadata_size: Some(Sectors::new(size)), ..plot };
    let aligned = |plot, alignment| Plot { alignment: Sectors::new(alignment), ..plot };
    // Captured with `pvcreate --uuid --restorefile` on a device of 64 MiB.
    let table = [
        (restored(2048, 15, None), "data 2048 mda 8+2040"),
        (two(restored(2048, 15, None)), "data 2048 mda 8+2040 mda 129024+2048"),
        (sized(restored(2048, 15, None), 8192), "data 2048 mda 8+2040"),
        (restored(4096, 15, None), "data 4096 mda 8+4088"),
        (sized(restored(4096, 15, None), 200), "data 4096 mda 8+2040"),
        (sized(restored(4096, 15, None), 8192), "data 4096 mda 8+4088"),
        (two(restored(4096, 15, None)), "data 4096 mda 8+4088 mda 126976+4096"),
        (two(restored(8192, 15, None)), "metadata 1"),
        (two(restored(8192, 14, None)), "data 8192 mda 8+8184 mda 122880+8192"),
        (restored(128, 15, None), "data 128 mda 8+120"),
        (restored(72, 15, None), "data 72 mda 8+64"),
        (restored(71, 15, None), "metadata 0"),
        (restored(8, 15, None), "metadata 0"),
        (restored(0, 15, None), "metadata 0"),
        (two(restored(128, 15, None)), "data 128 mda 8+120 mda 129024+2048"),
        (sized(restored(128, 15, None), 80), "data 128 mda 8+80"),
        (two(sized(restored(128, 15, None), 12288)), "data 128 mda 8+120 mda 123008+8064"),
        (two(sized(restored(128, 14, None), 12288)), "data 128 mda 8+120 mda 118784+12288"),
        (aligned(two(restored(4096, 14, None)), 8), "data 4096 mda 8+4088 mda 126976+4096"),
        (aligned(two(restored(128, 14, None)), 128), "data 128 mda 8+120 mda 130944+128"),
        (restored(4096, 15, Some((2048, 2048))), "data 4096 mda 8+2040 ba 2048+2048"),
        (restored(4096, 15, Some((4000, 1024))), "overlap"),
        (restored(2048, 16, None), "extents"),
        (restored(131_072, 0, None), "data 131072 mda 8+131064"),
    ];
    for (plot, expected) in table {
        assert_eq!(describe(&lay_out(&plot)), expected, "{plot:?}");
    }
}

#[test]
fn a_restored_bootloader_area_is_not_overwritten() {
    // LVM2 lets the metadata area reach to 3072 here, over the bootloader area.
    let plot = restored(4096, 15, Some((2048, 1024)));
    assert_eq!(describe(&lay_out(&plot)), "data 4096 mda 8+2040 ba 2048+1024");
}

#[test]
fn the_kernels_advice_counts_where_the_default_does_not_fit_it() {
    let advice = |minimum, optimal| Alignment {
        minimum_io: Bytes::new(minimum),
        optimal_io: Bytes::new(optimal),
        offset: Bytes::new(3584),
    };
    let (settings, none) = (Settings::default(), Parameters::default());
    let sectors = |advice| alignment(&settings, advice, &none).0.get();
    assert_eq!(sectors(advice(512, 0)), 2048);
    assert_eq!(sectors(advice(65_536, 131_072)), 2048);
    assert_eq!(sectors(advice(65_536, 196_608)), 384);
    assert_eq!(sectors(advice(65_536, 3 << 20)), 6144);
    assert_eq!(alignment(&settings, advice(512, 0), &none).1.get(), 7);
    let deaf = Settings {
        data_alignment_detection: false,
        data_alignment_offset_detection: false,
        ..Settings::default()
    };
    let (found, offset) = alignment(&deaf, advice(65_536, 3 << 20), &none);
    assert_eq!((found.get(), offset.get()), (2048, 0));
}

#[test]
fn extents_fill_what_is_left_between_the_areas() {
    let size = ExtentSize::new(Sectors::new(8192)).unwrap();
    let count = |areas: &[(u64, u64)]| {
        let areas: Vec<_> = areas
            .iter()
            .map(|(start, length)| (Sectors::new(*start), Sectors::new(*length)))
            .collect();
        extent_count(Sectors::new(131_072), Sectors::new(2048), &areas, size)
    };
    assert_eq!(count(&[(8, 2040)]), Extents::new(15));
    assert_eq!(count(&[(8, 2040), (129_024, 2048)]), Extents::new(15));
    assert_eq!(count(&[(8, 2040), (122_880, 8192)]), Extents::new(14));
    assert_eq!(count(&[(8, 2040), (2048, 1 << 40)]), Extents::ZERO);
}

fn plots() -> impl Strategy<Value = Plot> {
    let sizes = (4096_u64..10_000_000, 1_u64..20_000, 0_u64..20_000, 0_u32..3);
    let more = (any::<bool>(), 0_u64..20_000_000, 0_u64..20_000_000);
    (sizes, more).prop_map(|((size, alignment, offset, copies), (ba, metadata, bootloader))| Plot {
        size: Sectors::new(size),
        alignment: Sectors::new(alignment),
        offset: Sectors::new(offset),
        copies,
        metadata_size: Some(Sectors::new(metadata)),
        bootloader_size: Sectors::new(if ba { bootloader } else { 0 }),
        restored: None,
    })
}

proptest! {
    #[test]
    fn nothing_overlaps_whatever_is_asked_for(plot in plots()) {
        if let Ok(layout) = lay_out(&plot) {
            prop_assert_eq!(layout.metadata_areas.len(), plot.copies as usize);
            let mut areas: Vec<_> = layout.metadata_areas.clone();
            areas.extend(layout.bootloader_area);
            areas.push((layout.pe_start, Sectors::ZERO));
            areas.sort_unstable();
            let mut end = Sectors::new(8);
            if plot.copies == 0 { end = Sectors::ZERO; }
            for (start, length) in areas {
                prop_assert!(start >= end, "{layout:?}");
                end = start + length;
            }
            prop_assert!(end <= plot.size);
        }
    }
}
