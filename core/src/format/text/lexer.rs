//! Tokens of the text.

use super::{Position, TextError, TextFault};
use crate::format::text::escape::unescape;
use std_alloc::borrow::Cow;
use std_alloc::string::String;

/// A token. Strings that are no UTF-8 have each bad byte replaced by U+FFFD, which no name may
/// hold.
#[derive(Clone, PartialEq, Debug)]
pub enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `[`
    ListOpen,
    /// `]`
    ListClose,
    /// `,`
    Comma,
    /// `=`
    Equals,
    /// An integer; only where values are allowed.
    Integer(i64),
    /// A number with a point; only where values are allowed.
    Float(f64),
    /// A string in quotes.
    Quoted(Cow<'a, str>),
    /// A run of other characters.
    Word(Cow<'a, str>),
    /// The end of the text, or a NUL.
    End,
}

/// Cuts a text into tokens.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    start: usize,
}

const SPACE: u8 = 1;
const ENDS_WORD: u8 = 2;

/// What each byte does: separates, ends a word.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let spaces = b" \t\n\r\x0b\x0c";
    let mut at = 0;
    while at < spaces.len() {
        classes[spaces[at] as usize] = SPACE | ENDS_WORD;
        at += 1;
    }
    let ends = b"#={}\0";
    at = 0;
    while at < ends.len() {
        classes[ends[at] as usize] = ENDS_WORD;
        at += 1;
    }
    classes
};

impl<'a> Lexer<'a> {
    /// Starts `at` bytes into `text`.
    ///
    /// # Errors
    /// If the text is longer than 4 GiB.
    pub fn new(text: &'a [u8], at: usize) -> Result<Self, TextError> {
        assert!(at <= text.len(), "a lexer starts within its text");
        let lexer = Self { text, at, start: at };
        match u32::try_from(text.len()) {
            Ok(_) => Ok(lexer),
            Err(_) => Err(lexer.fault(TextFault::Long)),
        }
    }

    /// Returns the text.
    pub fn text(&self) -> &'a [u8] {
        self.text
    }

    /// Returns where the last token began.
    pub fn token_start(&self) -> usize {
        self.start
    }

    /// Returns where the next token is looked for.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// Returns an error at the last token.
    pub fn fault(&self, fault: TextFault) -> TextError {
        TextError { at: Position::of(self.text, self.start), fault }
    }

    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    fn skip_space(&mut self) {
        loop {
            let byte = self.peek();
            if CLASSES[usize::from(byte)] & SPACE != 0 {
                self.at += 1;
            } else if byte == b'#' {
                let rest = &self.text[self.at..];
                let length = memchr::memchr2(b'\n', 0, rest).unwrap_or(rest.len());
                self.at += length;
            } else {
                return;
            }
        }
    }

    /// Returns the next token. Numbers exist only where a value is allowed.
    ///
    /// # Errors
    /// If an integer is too large or a string has no end.
    pub fn next(&mut self, value_allowed: bool) -> Result<Token<'a>, TextError> {
        self.skip_space();
        self.start = self.at;
        let single = match self.peek() {
            0 => return Ok(Token::End),
            b'{' => Token::Open,
            b'}' => Token::Close,
            b'[' => Token::ListOpen,
            b']' => Token::ListClose,
            b',' => Token::Comma,
            b'=' => Token::Equals,
            b'"' => return self.string(b'"'),
            b'\'' => return self.string(b'\''),
            b'0'..=b'9' | b'.' | b'+' | b'-' if value_allowed => return self.number(),
            _ => return Ok(self.word()),
        };
        self.at += 1;
        Ok(single)
    }

    fn word(&mut self) -> Token<'a> {
        let rest = &self.text[self.at..];
        let ends = |byte: &u8| CLASSES[usize::from(*byte)] & ENDS_WORD != 0;
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        self.at += length;
        Token::Word(to_text(&rest[..length]))
    }

    fn string(&mut self, quote: u8) -> Result<Token<'a>, TextError> {
        let body = self.at + 1;
        let mut at = body;
        let mut escaped = false;
        loop {
            let rest = &self.text[at..];
            let stop = if quote == b'"' {
                memchr::memchr3(quote, b'\\', 0, rest)
            } else {
                memchr::memchr2(quote, 0, rest)
            };
            let Some(stop) = stop else {
                return Err(self.fault(TextFault::Unterminated));
            };
            at += stop;
            match self.text[at] {
                0 => return Err(self.fault(TextFault::Unterminated)),
                b'\\' if quote == b'"' => {
                    escaped = true;
                    // The byte behind it is literal; a NUL or the end is found in the next round.
                    at += if self.text.get(at + 1).is_some_and(|next| *next != 0) { 2 } else { 1 };
                }
                _ => break,
            }
        }
        self.at = at + 1;
        let raw = &self.text[body..at];
        let content = to_text(raw);
        Ok(Token::Quoted(if escaped { Cow::Owned(unescape(&content)) } else { content }))
    }

    fn number(&mut self) -> Result<Token<'a>, TextError> {
        let mut end = self.at + usize::from(matches!(self.peek(), b'+' | b'-'));
        let mut point = false;
        while let Some(byte) = self.text.get(end) {
            match byte {
                b'0'..=b'9' => {}
                b'.' if !point => point = true,
                _ => break,
            }
            end += 1;
        }
        let text = core::str::from_utf8(&self.text[self.at..end]).expect("digits are ASCII");
        self.at = end;
        if point {
            // A lone point has no value; LVM2 reads it as zero.
            return Ok(Token::Float(text.parse().unwrap_or(0.0)));
        }
        integer(text).map(Token::Integer).ok_or_else(|| self.fault(TextFault::Integer))
    }
}

/// The text that bytes stand for; nearly always they are UTF-8.
fn to_text(bytes: &[u8]) -> Cow<'_, str> {
    match core::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// Reads sign and digits as C's `strtoll` with base 0 does: a leading 0 means octal, and what
/// cannot be part of the number is not. `None` if it does not fit.
fn integer(text: &str) -> Option<i64> {
    let negative = text.starts_with('-');
    let digits = text.trim_start_matches(['+', '-']).as_bytes();
    let base = if digits.first() == Some(&b'0') { 8 } else { 10 };
    let mut value: i64 = 0;
    for byte in digits {
        let digit = i64::from(byte - b'0');
        if digit >= base {
            break;
        }
        value = value.checked_mul(base)?;
        value = if negative { value.checked_sub(digit)? } else { value.checked_add(digit)? };
    }
    Some(value)
}
