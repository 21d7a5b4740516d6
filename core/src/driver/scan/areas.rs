//! What the first sectors of a device and the headers of its metadata areas say.

use crate::format::label::{DiskArea, Found, PvHeader, find};
use crate::format::mda::{MDA_HEADER_SIZE, MdaHeader};
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
        Some((sector, fault)) => LabelState::Damaged(format!("sector {sector}: {fault}")),
        None => LabelState::None,
    }
}

fn areas(header: &PvHeader) -> Vec<MdaOnDevice> {
    let area = |area: &DiskArea| MdaOnDevice {
        start: area.offset,
        size: area.size,
        head: Arc::default(),
        state: MdaState::BadHeader(String::from("it does not lie on the device")),
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
            match header.committed.pieces(area.size) {
                Ok(_) => Some(header),
                Err(error) => {
                    area.state =
                        MdaState::BadText { location: header.committed, reason: error.to_string() };
                    complain(device, number, messages);
                    None
                }
            }
        }
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
