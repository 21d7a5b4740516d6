//! The ring of text in a metadata area: where a text lies, and where the next one goes.
//!
//! Positions are relative to the header; the ring reaches from 512 to the end of the area. Source:
//! captured from LVM2 2.03.16 (offsets of consecutive texts in areas of several sizes).

use super::{MDA_HEADER_SIZE, RawLocation};
use crate::units::Bytes;

/// LVM2 places texts at multiples of this.
const UNIT: u64 = MDA_HEADER_SIZE;

/// A run of bytes of an area, relative to its header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Its first byte.
    pub offset: Bytes,
    /// Its length; never zero.
    pub size: Bytes,
}

impl Piece {
    fn new(start: u64, end: u64) -> Self {
        assert!(start < end, "a piece is not empty");
        Self { offset: Bytes::new(start), size: Bytes::new(end - start) }
    }

    /// Returns the byte behind its last.
    pub fn end(&self) -> Bytes {
        self.offset + self.size
    }
}

/// The bytes of a text in logical order: one run, or two if it wraps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pieces {
    /// The run at the text's offset.
    pub first: Piece,
    /// The run from the start of the ring, if the text wraps.
    pub second: Option<Piece>,
}

impl Pieces {
    /// Returns the runs in logical order.
    pub fn iter(&self) -> impl Iterator<Item = Piece> + use<> {
        core::iter::once(self.first).chain(self.second)
    }
}

/// Why a location cannot be one of a text in its area.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LocationError {
    /// There is no text.
    #[error("metadata area holds no text")]
    None,
    /// It does not begin in the ring.
    #[error(
        "metadata text at offset {offset} does not begin in the ring of an area of {area} bytes"
    )]
    Offset {
        /// Where it begins, relative to the header.
        offset: Bytes,
        /// The size of the area.
        area: Bytes,
    },
    /// It has no bytes, more than the ring, or more than 32 bits can count.
    #[error("metadata text of {size} bytes does not fit an area of {area} bytes")]
    Size {
        /// Its length.
        size: Bytes,
        /// The size of the area.
        area: Bytes,
    },
}

/// Why there is no place for a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PlaceError {
    /// It is longer than half of the ring: it and its predecessor must both fit.
    #[error("metadata text of {size} bytes is too large for an area that holds {max} bytes")]
    Full {
        /// Its length.
        size: Bytes,
        /// The longest that fits.
        max: Bytes,
    },
    /// The committed text is longer than the rules allow, and leaves too little room.
    #[error("metadata text of {size} bytes would overwrite the committed one")]
    Overlap {
        /// Its length.
        size: Bytes,
    },
    /// The location of the committed text makes no sense.
    #[error("location of the committed text is invalid: {0}")]
    Committed(#[source] LocationError),
}

/// What the place of a text must respect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Area {
    /// Offset of the header from the start of the device.
    pub start: Bytes,
    /// Size of the area with its header.
    pub size: Bytes,
    /// The device's unit of writing, 512 or 4096 bytes.
    pub block_size: Bytes,
}

/// Where the next text goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placement {
    /// Its offset, for [`RawLocation::offset`].
    pub offset: Bytes,
    /// Its bytes.
    pub pieces: Pieces,
    /// Whether a block is shared with the header or with bytes outside the area.
    pub shares_header: bool,
    /// Whether a block is shared with the committed text. A torn write would damage both.
    pub shares_committed: bool,
}

/// Returns the size of the longest text (closing NUL included) for an area of `area` bytes.
pub const fn text_size_max(area: Bytes) -> Bytes {
    let ring = area.get().saturating_sub(MDA_HEADER_SIZE);
    Bytes::new((ring / 2).saturating_sub(UNIT))
}

impl RawLocation {
    /// Returns true if there is no text.
    pub const fn is_none(&self) -> bool {
        self.offset.is_zero()
    }

    /// Returns where the bytes of the text lie in an area of `area` bytes.
    ///
    /// # Errors
    /// If there is no text, or if it cannot lie in such an area.
    pub fn pieces(&self, area: Bytes) -> Result<Pieces, LocationError> {
        if self.is_none() {
            return Err(LocationError::None);
        }
        let (offset, size) = (self.offset.get(), self.size.get());
        if offset < MDA_HEADER_SIZE || offset >= area.get() {
            return Err(LocationError::Offset { offset: self.offset, area });
        }
        let ring = area.get() - MDA_HEADER_SIZE;
        if size == 0 || size > ring || size > u64::from(u32::MAX) {
            return Err(LocationError::Size { size: self.size, area });
        }
        Ok(pieces_at(offset, size, area.get()))
    }
}

fn pieces_at(offset: u64, size: u64, area: u64) -> Pieces {
    assert!(offset >= MDA_HEADER_SIZE, "texts lie in the ring");
    assert!(size <= area - MDA_HEADER_SIZE, "texts are no longer than the ring");
    let room = area - offset;
    if size <= room {
        Pieces { first: Piece::new(offset, offset + size), second: None }
    } else {
        Pieces {
            first: Piece::new(offset, area),
            second: Some(Piece::new(MDA_HEADER_SIZE, MDA_HEADER_SIZE + size - room)),
        }
    }
}

impl Area {
    /// Finds the place for a text of `size` bytes (closing NUL included) beside the committed one.
    ///
    /// With blocks of 512 bytes it is the place that LVM2 would choose. With larger ones it is a
    /// run of whole blocks behind the committed text or else behind the header, so that a torn
    /// write cannot damage either; if neither is free, LVM2's place, and the result says what is
    /// shared.
    ///
    /// # Errors
    /// If the text is too large, or `committed` is no valid location in this area.
    pub fn place(
        &self,
        committed: Option<&RawLocation>,
        size: Bytes,
    ) -> Result<Placement, PlaceError> {
        assert!(!size.is_zero(), "a text ends with a NUL at least");
        let max = text_size_max(self.size);
        if size > max || size.get() > u64::from(u32::MAX) {
            return Err(PlaceError::Full { size, max });
        }
        let old = committed.map(|location| location.pieces(self.size)).transpose();
        let old = old.map_err(PlaceError::Committed)?;
        let (block, length) = (self.block_size.get(), size.get());
        if block > UNIT {
            let behind = old.map(|old| last_piece(&old).end().get());
            let candidates = [behind, Some(MDA_HEADER_SIZE)];
            for candidate in candidates.into_iter().flatten() {
                let found = self.whole_blocks(candidate, length);
                if let Some(place) = found.filter(|place| !self.is_shared(place, old.as_ref())) {
                    return Ok(place);
                }
            }
        }
        let offset = old.map_or(MDA_HEADER_SIZE, |old| next_offset(&old, self.size.get()));
        let pieces = pieces_at(offset, length, self.size.get());
        if old.is_some_and(|old| {
            overlap(&pieces, &old, |piece| (piece.offset.get(), piece.end().get()))
        }) {
            return Err(PlaceError::Overlap { size });
        }
        Ok(Placement {
            offset: Bytes::new(offset),
            pieces,
            shares_header: self.touches_outside(&pieces),
            shares_committed: old.is_some_and(|old| self.share_block(&pieces, &old)),
        })
    }

    /// Whether a text of `size` bytes might take the place of the text before the committed one.
    /// That one lies before it in the ring and has any length that is allowed. It is needed still
    /// where the committed one is only in the device's cache.
    pub fn may_reach_previous(&self, committed: &RawLocation, size: Bytes) -> bool {
        let ring = self.size.get().saturating_sub(MDA_HEADER_SIZE);
        let block = self.block_size.get();
        // A text that goes to whole blocks may leave the rest of the ring unused.
        let unused = if block > UNIT { size.get() } else { 0 };
        let texts =
            [text_size_max(self.size), committed.size, size, Bytes::new(unused + 3 * block)];
        let needed = texts.iter().try_fold(0_u64, |sum, length| sum.checked_add(length.get()));
        needed.is_none_or(|needed| needed > ring)
    }

    /// The place from the first block boundary at or behind `from`, unless it would wrap.
    fn whole_blocks(&self, from: u64, size: u64) -> Option<Placement> {
        let start = self.start.get();
        let offset =
            start.checked_add(from)?.checked_next_multiple_of(self.block_size.get())? - start;
        let fits = offset.checked_add(size)? <= self.size.get();
        fits.then(|| Placement {
            offset: Bytes::new(offset),
            pieces: pieces_at(offset, size, self.size.get()),
            shares_header: false,
            shares_committed: false,
        })
    }

    fn is_shared(&self, place: &Placement, old: Option<&Pieces>) -> bool {
        self.touches_outside(&place.pieces)
            || old.is_some_and(|old| self.share_block(&place.pieces, old))
    }

    /// First and last byte of the blocks that a piece lies in, from the start of the device.
    fn blocks(&self, piece: Piece) -> (u64, u64) {
        let block = self.block_size.get();
        let start = self.start.get().saturating_add(piece.offset.get());
        let end = self.start.get().saturating_add(piece.end().get());
        let end = end.checked_next_multiple_of(block).unwrap_or(u64::MAX);
        (start - start % block, end)
    }

    /// Whether a text's blocks hold the header or reach over the end of the area.
    fn touches_outside(&self, pieces: &Pieces) -> bool {
        let ring = self.start.get().saturating_add(MDA_HEADER_SIZE);
        let end = self.start.get().saturating_add(self.size.get());
        pieces.iter().any(|piece| {
            let (first, last) = self.blocks(piece);
            first < ring || last > end
        })
    }

    fn share_block(&self, one: &Pieces, two: &Pieces) -> bool {
        overlap(one, two, |piece| self.blocks(piece))
    }
}

fn last_piece(pieces: &Pieces) -> Piece {
    pieces.second.unwrap_or(pieces.first)
}

fn overlap(one: &Pieces, two: &Pieces, range: impl Fn(Piece) -> (u64, u64)) -> bool {
    one.iter().any(|left| {
        two.iter().any(|right| {
            let (left, right) = (range(left), range(right));
            left.0 < right.1 && right.0 < left.1
        })
    })
}

/// LVM2's rule: behind the last byte, rounded up; from the start if less than a sector is left.
fn next_offset(old: &Pieces, area: u64) -> u64 {
    let last = last_piece(old).end().get() - 1;
    let next = (last + 1).next_multiple_of(UNIT);
    if area - last < UNIT || next > area - UNIT { MDA_HEADER_SIZE } else { next }
}
