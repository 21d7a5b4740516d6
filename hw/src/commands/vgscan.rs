//! `vgscan`: which volume groups there are.

use super::backup_file;
use super::exit::Failure;
use super::session::Session;
use super::table::Run;

/// Arguments of `vgscan`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Vgscan {
    /// Accepted for compatibility.
    #[arg(long)]
    ignorelockingfailure: bool,
    /// Accepted for compatibility.
    #[arg(long, value_name = "basic|json", value_parser = ["basic", "json", "json_std"])]
    reportformat: Option<String>,
    /// Accepted for compatibility.
    #[arg(long)]
    mknodes: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    notifydbus: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    cache: bool,
}

impl Run for Vgscan {
    const NAME: &'static str = "vgscan";
    const ABOUT: &'static str = "List all volume groups";
    const SYNTAX: &'static [&'static str] = &["vgscan"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let system = session.look()?;
        backup_file::renew(session, &system, None)?;
        for view in system.vgs_in_order() {
            let exported = if view.vg.flags.exported { "exported " } else { "" };
            let name = &view.vg.name;
            session.messenger.print(&format!(
                "Found {exported}volume group \"{name}\" using metadata type lvm2"
            ));
        }
        Ok(())
    }
}
