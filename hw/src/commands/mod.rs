//! The commands. One file each: arguments, request, plan, execution, report; what they share is in
//! the first group below.

mod common;
pub(crate) mod dispatch;
mod exit;
mod getopt;
mod message;
mod parse;
mod session;
mod shell;
mod table;
mod value;

mod formats;
mod help;
mod segtypes;
mod tags;
mod version;
