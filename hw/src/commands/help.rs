//! `help`: the list of commands, or the help of some.

use super::exit::Failure;
use super::parse;
use super::session::Session;
use super::table::{Run, TABLE, find};

/// Arguments of `help`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Help {
    /// The commands to explain; none lists all.
    #[arg(value_name = "COMMAND")]
    names: Vec<String>,
}

impl Run for Help {
    const NAME: &'static str = "help";
    const ABOUT: &'static str = "Show the commands, or the help of some";
    const SYNTAX: &'static [&'static str] = &["help [COMMAND ...]"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        if self.names.is_empty() {
            list(session);
            return Ok(());
        }
        for name in &self.names {
            let Some(entry) = find(name) else {
                return Err(Failure::NoHelp(name.clone()));
            };
            session.messenger.write(parse::help(entry).as_bytes());
        }
        Ok(())
    }
}

fn list(session: &mut Session<'_>) {
    session.messenger.print("Commands:");
    session.messenger.print("'help COMMAND' explains one of them\n");
    for entry in TABLE {
        session.messenger.print(&format!("{:<16}{}", entry.name, entry.about));
    }
}
