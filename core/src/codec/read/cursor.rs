//! Walking over canonical text: literals, numbers, words; `None` wherever it is not canonical.

/// What is left of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

const NAME: u8 = 1;
const TAG: u8 = 2;
const ID: u8 = 4;
const PLAIN: u8 = 8;

/// In which kinds of words each byte may stand.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        let alphanumeric = byte.is_ascii_alphanumeric();
        let mut class = 0;
        if alphanumeric || matches!(byte, b'_' | b'.' | b'+' | b'-') {
            class |= NAME | TAG;
        }
        if matches!(byte, b'/' | b'=' | b'!' | b':' | b'&' | b'#') {
            class |= TAG;
        }
        if alphanumeric || matches!(byte, b'!' | b'#') {
            class |= ID;
        }
        if matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\' {
            class |= PLAIN;
        }
        classes[byte as usize] = class;
        byte += 1;
    }
    classes
};

fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// The places of the hyphens in a UUID.
const HYPHENS: [usize; 6] = [6, 11, 16, 21, 26, 31];

impl<'a> Cursor<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    fn advance(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// Steps over exactly these bytes.
    pub(super) fn literal<const N: usize>(&mut self, bytes: &[u8; N]) -> Option<()> {
        let (taken, rest) = self.rest.split_first_chunk::<N>()?;
        if taken != bytes {
            return None;
        }
        self.rest = rest;
        Some(())
    }

    /// Reads a number of at most `max`, without sign and leading zeros.
    pub(super) fn number(&mut self, max: u64) -> Option<u64> {
        let mut value: u64 = 0;
        let mut count = 0;
        for byte in self.rest.iter().take(20) {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
            count += 1;
        }
        let canonical = count == 1 || count > 1 && self.rest[0] != b'0';
        if !canonical || value > max {
            return None;
        }
        self.rest = &self.rest[count..];
        Some(value)
    }

    fn word(&mut self, class: u8) -> Option<&'a [u8]> {
        let ends = |byte: &u8| !is(*byte, class);
        let length = self.rest.iter().position(ends)?;
        self.advance(length)
    }

    /// Reads the name of an LV.
    pub(super) fn name(&mut self) -> Option<&'a [u8]> {
        let name = self.word(NAME)?;
        let good = name.len() <= crate::name::NAME_LENGTH_MAX
            && !matches!(name.first(), None | Some(b'-' | b'.'));
        good.then_some(name)
    }

    /// Reads a tag.
    pub(super) fn tag(&mut self) -> Option<&'a [u8]> {
        let tag = self.word(TAG)?;
        let good =
            tag.len() <= crate::name::TAG_LENGTH_MAX && !matches!(tag.first(), None | Some(b'-'));
        good.then_some(tag)
    }

    /// Reads printable ASCII without quotes and backslashes.
    pub(super) fn plain(&mut self) -> Option<&'a [u8]> {
        self.word(PLAIN)
    }

    /// Reads a hyphenated UUID.
    pub(super) fn uuid(&mut self) -> Option<&'a [u8; 38]> {
        let (id, rest) = self.rest.split_first_chunk::<38>()?;
        let mut good = true;
        let mut from = 0;
        for hyphen in HYPHENS {
            good &= id[hyphen] == b'-';
            for byte in &id[from..hyphen] {
                good &= is(*byte, ID);
            }
            from = hyphen + 1;
        }
        for byte in &id[from..] {
            good &= is(*byte, ID);
        }
        if !good {
            return None;
        }
        self.rest = rest;
        Some(id)
    }
}
