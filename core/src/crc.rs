//! The checksum of labels, metadata area headers and metadata text.
//!
//! 32-bit, reflected polynomial `0xEDB88320` (that of IEEE 802.3), initial value `0xf597a6cf`, no
//! final complement. Source: lvm2: lib/misc/crc.c (facts), verified against bytes written by LVM2.

/// The value the checksum starts from.
pub const CRC_INITIAL: u32 = 0xf597_a6cf;

/// Returns LVM2's checksum of `bytes`.
pub fn crc(bytes: &[u8]) -> u32 {
    crc_continue(CRC_INITIAL, bytes)
}

/// Returns the checksum of a run of bytes that continues one whose checksum is `before`.
pub fn crc_continue(before: u32, bytes: &[u8]) -> u32 {
    // crc32fast complements on the way in and on the way out, as zlib does; LVM2 does neither.
    let mut hasher = crc32fast::Hasher::new_with_initial(!before);
    hasher.update(bytes);
    !hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An empty metadata area header as LVM2 2.03.16 writes it has this checksum.
    #[test]
    fn empty_header_has_the_checksum_lvm2_writes() {
        let mut sector = [0_u8; 512];
        sector[4..20].copy_from_slice(b"\x20LVM2 x[5A%r0N*>");
        sector[20] = 1;
        sector[24..32].copy_from_slice(&4096_u64.to_le_bytes());
        sector[32..40].copy_from_slice(&1_044_480_u64.to_le_bytes());
        assert_eq!(crc(&sector[4..]), 0xdb8e_d616);
        sector[24..32].copy_from_slice(&208_666_624_u64.to_le_bytes());
        sector[32..40].copy_from_slice(&1_048_576_u64.to_le_bytes());
        assert_eq!(crc(&sector[4..]), 0xd658_2854);
    }

    #[test]
    fn pieces_give_the_checksum_of_the_whole() {
        let text = b"vg {\nid = \"x\"\n}\n\0";
        for cut in 0..text.len() {
            assert_eq!(crc_continue(crc(&text[..cut]), &text[cut..]), crc(text));
        }
    }
}
