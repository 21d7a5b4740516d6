//! Kinds of block devices that may be PVs: known drivers, by the major numbers the kernel gave
//! them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Drivers LVM2 knows, with the number of partitions they may have (1: none). As `lvm devtypes`
/// tells.
const KNOWN: [(&str, u32); 37] = [
    ("VxDMP", 16),
    ("aoe", 16),
    ("ataraid", 16),
    ("bcache", 1),
    ("blkext", 1),
    ("cciss", 16),
    ("dac960", 8),
    ("dasd", 4),
    ("device-mapper", 1),
    ("drbd", 16),
    ("emcpower", 16),
    ("fio", 16),
    ("gnbd", 1),
    ("i2o_block", 16),
    ("ida", 16),
    ("ide", 64),
    ("iseries/vd", 8),
    ("loop", 1),
    ("md", 1),
    ("mdp", 1),
    ("mmc", 16),
    ("mtip32xx", 16),
    ("nbd", 16),
    ("nvme", 64),
    ("power2", 16),
    ("ps3disk", 16),
    ("ramdisk", 1),
    ("rbd", 16),
    ("scm", 8),
    ("sd", 16),
    ("skd", 16),
    ("ubd", 16),
    ("vdisk", 8),
    ("virtblk", 8),
    ("vtms", 16),
    ("xvd", 16),
    ("zvol", 16),
];

/// What the majors of block devices stand for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Types {
    majors: BTreeMap<u32, Kind>,
}

/// The kind of a major.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    /// How many partitions a device may have; 1 if none.
    pub partitions: u32,
    /// Whether these are volumes of device-mapper.
    pub device_mapper: bool,
    /// Whether these are software RAIDs.
    pub md: bool,
    /// Whether these are loop devices.
    pub is_loop: bool,
}

impl Types {
    /// Reads the majors from the kernel's list; `extra` are those of `devices/types`.
    ///
    /// # Errors
    /// If the list can't be read.
    pub fn read(proc: &Path, extra: &[(String, u32)]) -> io::Result<Self> {
        // The kernel makes this file anew for each piece that is read, and gives its length as 0.
        let mut text = String::with_capacity(4096);
        File::open(proc.join("devices"))?.read_to_string(&mut text)?;
        Ok(Self::parse(&text, extra))
    }

    /// Reads the majors from the text of `/proc/devices`.
    pub fn parse(text: &str, extra: &[(String, u32)]) -> Self {
        let lines = text.lines().skip_while(|line| !line.starts_with("Block")).skip(1);
        let mut majors = BTreeMap::new();
        for line in lines {
            let Some((number, name)) = line.trim().split_once(' ') else {
                continue;
            };
            let known =
                KNOWN.iter().copied().chain(extra.iter().map(|(name, count)| (&**name, *count)));
            // Names are compared by their beginning: `ide0` is an `ide`.
            let found = known
                .filter(|(prefix, _)| name.starts_with(prefix))
                .max_by_key(|(prefix, _)| prefix.len());
            if let (Ok(number), Some((prefix, partitions))) = (number.parse(), found) {
                let kind = Kind {
                    partitions,
                    device_mapper: prefix == "device-mapper",
                    md: matches!(prefix, "md" | "mdp"),
                    is_loop: prefix == "loop",
                };
                majors.insert(number, kind);
            }
        }
        Self { majors }
    }

    /// Returns the kind of a major, if it is one that may be a PV.
    pub fn kind(&self, major: u32) -> Option<Kind> {
        self.majors.get(&major).copied()
    }

    /// Returns true if a driver of this kind is there.
    pub fn any(&self, is: impl Fn(&Kind) -> bool) -> bool {
        self.majors.values().any(is)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICES: &str = "Character devices:\n  1 mem\n  8 sd\n\nBlock devices:\n  3 ide0\n  7 loop\n  \
        9 md\n 11 sr\n253 device-mapper\n254 mdp\n259 blkext\n";

    #[test]
    fn only_known_drivers_of_block_devices_count() {
        let types = Types::parse(DEVICES, &[]);
        let partitions = |major| types.kind(major).map(|kind| kind.partitions);
        assert_eq!(partitions(3), Some(64));
        assert_eq!(partitions(7), Some(1));
        assert_eq!(partitions(8), None);
        assert_eq!(partitions(11), None);
        assert!(types.kind(254).is_some_and(|kind| kind.md));
        assert!(types.any(|kind| kind.device_mapper));
        let more = Types::parse(DEVICES, &[("sr".into(), 3)]);
        assert_eq!(more.kind(11).map(|kind| kind.partitions), Some(3));
    }
}
