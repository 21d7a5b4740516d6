//! What the first sectors of a device and the headers of its metadata areas say.

use crate::format::label::{DiskArea, Found, PvHeader, find};
use crate::format::mda::{HeaderFault, MDA_HEADER_SIZE, MdaHeader, RawLocation};
use crate::ops::system::{Device, IoError, LabelState, MdaOnDevice, MdaState, PvOnDevice};
use crate::ops::{Level, Message};
use crate::units::Bytes;
use std_alloc::format;
use std_alloc::string::{String, ToString};
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// How much of each device is read first: the sectors of the label, and the header of a metadata
/// area at the usual place, 4096.
const HEAD_SIZE: u64 = 4096 + MDA_HEADER_SIZE;

/// Most devices have fewer metadata areas; more fit into a PV header only if it is damaged.
const AREAS_MAX: usize = 8;

/// What is wrong with an area whose header cannot be read.
const OFF_DEVICE: &str = "it does not lie on the device";

/// Returns how many bytes are read at the start of a device.
///
/// # Panics
/// If its logical blocks are longer than any device's.
pub fn head_size(device: &Device) -> Bytes {
    let whole = Bytes::new(HEAD_SIZE).checked_round_up(device.block_size);
    whole.expect("a head is a few KiB").min(device.size)
}

/// Takes what the first sectors of a device hold.
pub(super) fn take_head(
    device: &mut Device,
    head: Result<Arc<[u8]>, IoError>,
    messages: &mut Vec<Message>,
) {
    let head = match head {
        Ok(head) => head,
        Err(error) => {
            let (name, length) = (&device.name, head_size(device));
            let text = format!("Error reading device {name} at 0 length {length}: {error}.");
            messages.push(Message { level: Level::Error, text });
            device.label = LabelState::Unreadable(error);
            return;
        }
    };
    let found = find(&head);
    device.head = head;
    device.label = label_state(&device.name, found, messages);
}

fn label_state(name: &str, found: Found, messages: &mut Vec<Message>) -> LabelState {
    for sector in &found.further {
        messages.push(warning(format!(
            "WARNING: Ignoring additional label on {name} at sector {sector}"
        )));
    }
    if let Some(label) = found.label {
        let areas = areas(&label.header);
        return LabelState::Pv(PvOnDevice { label, areas });
    }
    match found.damaged.first() {
        Some((sector, fault)) => {
            messages.push(warning(format!(
                "WARNING: Ignoring damaged label on {name} at sector {sector}: {fault}."
            )));
            LabelState::Damaged(format!("sector {sector}: {fault}"))
        }
        None => LabelState::None,
    }
}

fn areas(header: &PvHeader) -> Vec<MdaOnDevice> {
    let area = |area: &DiskArea| MdaOnDevice {
        start: area.offset,
        size: area.size,
        head: Arc::default(),
        state: MdaState::BadHeader(String::from(OFF_DEVICE)),
    };
    let areas = header.metadata_areas.iter();
    areas.take(AREAS_MAX).map(area).collect()
}

/// Returns true if the header of an area can be read: it lies on the device.
pub(super) fn is_on_device(device: &Device, area: &MdaOnDevice) -> bool {
    let header_end = area.start.checked_add(Bytes::new(MDA_HEADER_SIZE));
    let end = area.start.checked_add(area.size);
    !area.start.is_zero() && end.is_some() && header_end.is_some_and(|end| end <= device.size)
}

/// Returns the range of the logical block that holds the header of an area.
pub(super) fn header_block(device: &Device, area: &MdaOnDevice) -> (Bytes, Bytes) {
    let start = area.start.round_down(device.block_size);
    // An area may begin at any sector, so its header lies in one block whatever the block size.
    (start, device.block_size)
}

/// Takes the block that holds the header of an area. A state of `None` means that there is a text
/// that has yet to be looked at.
pub(super) fn take_header(
    device: &Device,
    area: &mut MdaOnDevice,
    block: Result<Arc<[u8]>, IoError>,
    number: usize,
    messages: &mut Vec<Message>,
) -> Option<MdaHeader> {
    let block = match block {
        Ok(block) => block,
        Err(error) => {
            let name = &device.name;
            let at = area.start.get();
            messages.push(warning(format!(
                "WARNING: failed to read mda header on {name} at {at}: {error}"
            )));
            complain(device, number, messages);
            area.state = MdaState::Unreadable(error);
            return None;
        }
    };
    let skip = area.start.get() - area.start.round_down(device.block_size).get();
    let skip = usize::try_from(skip).expect("less than a block");
    let header = MdaHeader::decode(block.get(skip..).unwrap_or(&[]), area.start, area.size);
    area.head = block;
    match header {
        Err(error) => {
            let name = &device.name;
            let at = area.start.get();
            let faults = error.0.iter();
            let told = faults.map(|fault| warning(fault_on(fault, name, at)));
            messages.extend(told);
            messages.push(warning(format!("WARNING: bad metadata header on {name} at {at}.")));
            complain(device, number, messages);
            area.state = MdaState::BadHeader(error.to_string());
            None
        }
        Ok(header) => {
            let ignored = header.committed.is_ignored();
            if header.committed.is_none() || ignored {
                area.state = MdaState::Empty { ignored };
                return None;
            }
            let location = header.committed;
            let Err(error) = find_text(device, area, &location) else {
                return Some(header);
            };
            complain_of_text(device, area.start + location.offset, number, &error, messages);
            area.state = MdaState::BadText { location, reason: error };
            None
        }
    }
}

/// Checks that a text lies in its area, and on the device: memory is asked for by its size.
fn find_text(device: &Device, area: &MdaOnDevice, location: &RawLocation) -> Result<(), String> {
    let pieces = location.pieces(area.size).map_err(|error| error.to_string())?;
    let mut ends = pieces.iter().map(|piece| area.start.checked_add(piece.end()));
    let is_there = |end: Option<Bytes>| end.is_some_and(|end| end <= device.size);
    if ends.all(is_there) {
        return Ok(());
    }
    let (size, device) = (location.size, device.size);
    Err(format!("metadata text of {size} bytes reaches beyond the device, which has {device}"))
}

/// What is wrong with a header, in LVM2's words.
fn fault_on(fault: &HeaderFault, name: &str, at: u64) -> String {
    let what = match fault {
        HeaderFault::Checksum { stored, .. } => format!("wrong checksum {stored:x}"),
        HeaderFault::Magic => "wrong magic number".into(),
        HeaderFault::Version(version) => format!("wrong version {version}"),
        HeaderFault::Start { stored, .. } => format!("wrong start sector {stored}"),
        HeaderFault::Size { stored, .. } => format!("wrong size {stored}"),
        HeaderFault::Short(length) => format!("only {length} bytes"),
    };
    format!("WARNING: {what} in mda header on {name} at {at}")
}

/// Says why the text that an area's header points to cannot be used.
pub(super) fn complain_of_text(
    device: &Device,
    at: Bytes,
    number: usize,
    reason: &str,
    messages: &mut Vec<Message>,
) {
    let (name, mda) = (&device.name, number + 1);
    for text in [
        format!("WARNING: {reason}"),
        format!("WARNING: invalid metadata text from {name} at {at}."),
        format!("WARNING: metadata on {name} at {at} has invalid summary for VG."),
        format!("WARNING: bad metadata text on {name} in mda{mda}"),
    ] {
        messages.push(warning(text));
    }
    complain(device, number, messages);
}

/// Says which area cannot be used because it lies nowhere.
pub(super) fn complain_of_place(device: &Device, number: usize, messages: &mut Vec<Message>) {
    if let LabelState::Pv(pv) = &device.label {
        let (name, at) = (&device.name, pv.areas[number].start);
        messages
            .push(warning(format!("WARNING: bad metadata area on {name} at {at}: {OFF_DEVICE}.")));
        complain(device, number, messages);
    }
}

/// Says which area cannot be used, and what to do about it.
pub(super) fn complain(device: &Device, number: usize, messages: &mut Vec<Message>) {
    let (name, number) = (&device.name, number + 1);
    for text in [
        format!("WARNING: scanning {name} mda{number} failed to read metadata summary."),
        format!("WARNING: repair VG metadata on {name} with vgck --updatemetadata."),
    ] {
        messages.push(warning(text));
    }
    if let LabelState::Pv(pv) = &device.label {
        let id = pv.label.header.id;
        messages.push(warning(format!(
            "WARNING: scan failed to get metadata summary from {name} PVID {}",
            id.as_raw_str()
        )));
    }
}

pub(super) fn warning(text: String) -> Message {
    Message { level: Level::Warning, text }
}
