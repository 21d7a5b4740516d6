//! What a scanner wants of a text: whose it is and how new.

use super::fields::{Context, Place};
use super::{ReadError, ReadFault};
use crate::format::text::TextFault;
use crate::format::text::lexer::{Lexer, Token};
use crate::id::Uuid;
use crate::name::VgName;
use std_alloc::borrow::Cow;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Name, identity and sequence number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// The VG's name.
    pub name: VgName,
    /// The VG's identity.
    pub id: Uuid,
    /// How often its metadata had been written.
    pub seqno: u32,
}

/// Reads the summary from the beginning of a text; 512 bytes of a text on disk are enough.
///
/// # Errors
/// If they are not there, or not right.
pub fn summary(head: &[u8]) -> Result<Summary, ReadError> {
    let mut lexer = Lexer::new(head, 0)?;
    let name = loop {
        let key = expect_key(&mut lexer)?;
        match lexer.next(false)? {
            Token::Open => break key,
            Token::Equals => skip_value(&mut lexer)?,
            _ => return Err(lexer.fault(TextFault::UnexpectedToken).into()),
        }
    };
    let context = Context { text: head, unknown: Vec::new() };
    let place = Place { parent: None, key: &name };
    let here = |lexer: &Lexer<'_>, fault| {
        let at = u32::try_from(lexer.token_start()).expect("texts are shorter than 4 GiB");
        context.error(place, at, fault)
    };
    let vg_name = VgName::new(&name).map_err(|fault| here(&lexer, ReadFault::Name(fault)))?;
    let (mut id, mut seqno) = (None, None);
    loop {
        if let (Some(id), Some(seqno)) = (id, seqno) {
            return Ok(Summary { name: vg_name, id, seqno });
        }
        let key = expect_key(&mut lexer)?;
        if lexer.next(false)? != Token::Equals {
            return Err(lexer.fault(TextFault::UnexpectedToken).into());
        }
        if key == "id" {
            let Token::Quoted(text) = lexer.next(true)? else {
                return Err(here(&lexer, ReadFault::Type("string")));
            };
            let parsed: Result<Uuid, _> = text.parse();
            id = Some(parsed.map_err(|fault| here(&lexer, ReadFault::Uuid(fault)))?);
        } else if key == "seqno" {
            let Token::Integer(number) = lexer.next(true)? else {
                return Err(here(&lexer, ReadFault::Type("integer")));
            };
            if lexer.offset() == head.len() {
                // More digits may follow.
                return Err(here(&lexer, ReadFault::Missing));
            }
            let number = u32::try_from(number);
            seqno = Some(number.map_err(|_| here(&lexer, ReadFault::Size))?);
        } else {
            skip_value(&mut lexer)?;
        }
    }
}

fn expect_key(lexer: &mut Lexer<'_>) -> Result<String, ReadError> {
    match lexer.next(false)? {
        Token::Word(key) | Token::Quoted(key) => Ok(Cow::into_owned(key)),
        _ => Err(lexer.fault(TextFault::UnexpectedToken).into()),
    }
}

fn skip_value(lexer: &mut Lexer<'_>) -> Result<(), ReadError> {
    let mut token = lexer.next(true)?;
    if token == Token::ListOpen {
        while token != Token::ListClose {
            token = lexer.next(true)?;
            if token == Token::End {
                return Err(lexer.fault(TextFault::ExpectedValue).into());
            }
        }
    }
    Ok(())
}
