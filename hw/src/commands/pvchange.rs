//! `pvchange`: attributes of physical volumes.

use super::change_args::{BackupArgs, ChangeArgs, SelectArgs};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::value;
use super::{scope, select};
use extant_core::name::Tag;
use extant_core::ops::pvchange::{self, Action, Request, Targets};

/// Arguments of `pvchange`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Pvchange {
    /// The devices.
    #[arg(value_name = "PV")]
    pvs: Vec<String>,
    /// Change all PVs.
    #[arg(short = 'a', long)]
    all: bool,
    /// Whether extents may be taken from them.
    #[arg(short = 'x', long, alias = "allocation", value_name = "y|n", value_parser = value::yes_no)]
    allocatable: Option<bool>,
    /// Give them new identities.
    #[arg(short = 'u', long)]
    uuid: bool,
    /// Add a tag; may be repeated.
    #[arg(long, value_name = "Tag", action = clap::ArgAction::Append, value_parser = value::tag)]
    addtag: Vec<Tag>,
    /// Remove a tag; may be repeated.
    #[arg(long, value_name = "Tag", action = clap::ArgAction::Append, value_parser = value::tag)]
    deltag: Vec<Tag>,
    /// Whether their metadata areas are left unused.
    #[arg(long, value_name = "y|n", value_parser = value::yes_no)]
    metadataignore: Option<bool>,
    /// Accepted for compatibility.
    #[arg(short = 'f', long, action = clap::ArgAction::Count)]
    force: u8,
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Pvchange {
    const NAME: &'static str = "pvchange";
    const ABOUT: &'static str = "Change attributes of physical volumes";
    const SYNTAX: &'static [&'static str] = &["pvchange OPTIONS PV ...", "pvchange -a OPTIONS"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        session.names_devices(&self.pvs, false);
        let selection = match &self.select.select {
            Some(selection) if !self.all => Some(select::of_pvs(session, selection)?),
            _ => None,
        };
        let request = self.request()?;
        session.change(&self.change, &scope::everything(), |system| match &selection {
            Some(options) => {
                let targets = Targets::Devices(select::pvs(system, options)?);
                pvchange::pvchange(system, &Request { targets, ..request.clone() })
            }
            None => pvchange::pvchange(system, &request),
        })
    }
}

impl Pvchange {
    /// Makes the request; what a selection selects is found under the locks.
    fn request(&self) -> Result<Request, Failure> {
        let targets = if self.all {
            if let Some(device) = self.pvs.first() {
                return Err(Failure::Argument(device.clone()));
            }
            Targets::All
        } else if self.select.select.is_some() {
            Targets::Devices(Vec::new())
        } else if self.pvs.is_empty() {
            return Err(Failure::Syntax);
        } else {
            Targets::Devices(self.pvs.clone())
        };
        Ok(Request { targets, action: Some(self.action()?) })
    }

    fn action(&self) -> Result<Action, Failure> {
        Ok(if let Some(allocatable) = self.allocatable {
            Action::Allocatable(allocatable)
        } else if self.uuid {
            Action::NewId
        } else if !self.addtag.is_empty() || !self.deltag.is_empty() {
            Action::Tags { add: self.addtag.clone(), remove: self.deltag.clone() }
        } else if let Some(ignore) = self.metadataignore {
            Action::MetadataIgnore(ignore)
        } else {
            return Err(Failure::Syntax);
        })
    }
}
