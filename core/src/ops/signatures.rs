//! What else is on a device that is to become a PV.

use crate::ops::refusal::pv::PvRefusal;
use crate::ops::system::{Device, DeviceId, Probe, Question, Signature, System};
use crate::ops::{Message, Stop};
use crate::units::Bytes;
use std_alloc::format;
use std_alloc::vec::Vec;

/// The kind of signature that a PV itself is.
const PV_SIGNATURE: &str = "LVM2_member";

/// The major number of loop devices, which have no partitions unless they were set up for them.
const LOOP_MAJOR: u32 = 7;

/// Returns the signatures that are to be wiped, after a person has agreed.
pub(super) fn signatures(
    system: &System,
    id: DeviceId,
    device: &Device,
    force: u32,
    notes: &mut Vec<Message>,
) -> Result<Vec<Signature>, Stop> {
    let probe = Probe { device: id, runs: [(Bytes::ZERO, device.size)].into() };
    let found = system.probe(probe)?;
    let foreign = || found.iter().filter(|found| found.kind != PV_SIGNATURE);
    let is_loop = device.number.is_some_and(|(major, _)| major == LOOP_MAJOR);
    if !is_loop && foreign().any(|found| found.partition_table) {
        let device = device.name.clone();
        return Err(PvRefusal::Partitioned { device }.into());
    }
    let mut wipe: Vec<Signature> = Vec::new();
    for signature in foreign() {
        // Copies of one signature are asked about once.
        let asked = wipe.iter().any(|other| other.kind == signature.kind);
        let prompt = format!(
            "WARNING: {} signature detected on {} at offset {}. Wipe it?",
            signature.kind, device.name, signature.offset
        );
        let question = Question { prompt, force_answers: true };
        if !asked && force == 0 && !system.ask(question)? {
            let left = foreign().count() - wipe.len();
            let kind = signature.kind.clone();
            return Err(PvRefusal::SignatureKept { kind, left }.into());
        }
        notes.push(Message::print(format!(
            "Wiping {} signature on {}.",
            signature.kind, device.name
        )));
        wipe.push(signature.clone());
    }
    Ok(wipe)
}
