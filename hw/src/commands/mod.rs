//! The commands. One file each: arguments, request, plan, execution, report; what they share is in
//! the first group below.

mod backup_file;
mod change_args;
mod common;
pub(crate) mod dispatch;
mod exit;
mod getopt;
mod lab_picture;
mod lvscan;
mod message;
mod names;
mod order;
mod parse;
mod pvscan;
mod scope;
mod select;
mod session;
mod shell;
mod table;
mod value;
mod vgscan;
mod world;

mod formats;
mod help;
mod lab;
mod lvmdiskscan;
mod pvchange;
mod pvcreate;
mod pvremove;
mod pvresize;
mod segtypes;
mod tags;
mod version;
mod vgcreate;
mod vgextend;
mod vgreduce;
mod vgremove;
