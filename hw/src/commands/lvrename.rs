//! `lvrename`: another name for a logical volume.

use super::change_args::{BackupArgs, ChangeArgs};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{names, scope};
use extant_core::name::LvName;
use extant_core::ops::lvrename::{self, Request};

/// Arguments of `lvrename`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvrename {
    /// The volume group unless it stands before the name, the name it has, and the name it gets.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    /// Accepted for compatibility.
    #[arg(long)]
    noudevsync: bool,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Lvrename {
    const NAME: &'static str = "lvrename";
    const ABOUT: &'static str = "Give a logical volume another name";
    const SYNTAX: &'static [&'static str] = &["lvrename VG LV LV_new", "lvrename LV LV_new"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let request = self.request()?;
        session.change(&self.change, &scope::vg(&request.vg), move |system| {
            lvrename::lvrename(system, &request)
        })
    }
}

impl Lvrename {
    fn request(&self) -> Result<Request, Failure> {
        let (vg, old, new) = match self.args.as_slice() {
            [old, new] => {
                let (vg, old) = names::lv_that_is_there(old)?;
                (vg, old, new)
            }
            [vg, old, new] => {
                let vg = names::vg(vg)?;
                let old = names::lv_in(old, &vg)?;
                (vg, old, new)
            }
            [_, _, _, fourth, ..] => return Err(Failure::Argument(fourth.clone())),
            _ => return Err(Failure::Syntax),
        };
        let bare = match new.rsplit_once('/') {
            Some(_) => names::lv_in(new, &vg)?.as_str().to_owned(),
            None => new.clone(),
        };
        let new = LvName::new(&bare).map_err(|_| {
            Failure::Usage(format!("New logical volume name \"{bare}\" is invalid"))
        })?;
        names::not_reserved(&new)?;
        if old == new {
            return Err(Failure::Usage("Old and new logical volume names must differ".into()));
        }
        Ok(Request { vg, old, new })
    }
}
