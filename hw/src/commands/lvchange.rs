//! `lvchange`: attributes of logical volumes.

use super::change_args::{
    BackupArgs, ChangeArgs, ForceArgs, LvAttributeArgs, ReactivationArgs, RetagArgs, SelectArgs,
};
use super::exit::Failure;
use super::select::{self, Missing};
use super::session::Session;
use super::table::Run;
use super::{lvchange_request, scope};
use extant_core::ops::Level;
use extant_core::ops::activation::{self, Wanted};
use extant_core::ops::lvchange::{self, Request};

/// Arguments of `lvchange`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvchange {
    /// The volumes; a group means all that are in it.
    #[arg(value_name = "VG|LV")]
    targets: Vec<String>,
    #[command(flatten)]
    pub(super) attributes: LvAttributeArgs,
    #[command(flatten)]
    pub(super) tags: RetagArgs,
    #[command(flatten)]
    pub(super) activation: ReactivationArgs,
    #[command(flatten)]
    force: ForceArgs,
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Lvchange {
    const NAME: &'static str = "lvchange";
    const ABOUT: &'static str = "Change attributes of logical volumes";
    const SYNTAX: &'static [&'static str] =
        &["lvchange OPTIONS VG|LV|Tag|Select ...", "lvchange -a y|n|ay VG|LV|Tag|Select ..."];
    const LATER: &'static [(&'static str, Option<char>, bool)] = &[
        ("cachemode", None, true),
        ("cachepolicy", None, true),
        ("cachesettings", None, true),
        ("compression", None, true),
        ("deduplication", None, true),
        ("discards", None, true),
        ("errorwhenfull", None, true),
        ("maxrecoveryrate", None, true),
        ("minrecoveryrate", None, true),
        ("rebuild", None, true),
        ("resync", None, false),
        ("syncaction", None, true),
        ("vdosettings", None, true),
        ("writebehind", None, true),
        ("writemostly", None, true),
        ("zero", Some('Z'), true),
    ];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let template = lvchange_request::template(&self, &session.common)?;
        let wanted = self.activation.wanted();
        if self.targets.is_empty() && self.select.select.is_none()
            || template.is_none() && wanted.is_none()
        {
            return Err(Failure::Syntax);
        }
        self.activation.announce(session);
        let lvs =
            select::lvs(session, &self.targets, self.select.select.as_deref(), Missing::Told)?;
        let result = session.for_each(lvs.found.clone(), |session, chosen| {
            session.change(&self.change, &scope::vg(&chosen.vg), |system| {
                chosen.decide(system, |targets| match (&template, wanted) {
                    (Some(template), _) => {
                        let request = Request { targets, ..template.clone() };
                        lvchange::lvchange(system, &request)
                    }
                    (None, Some(wanted)) => activation::of_lvs(system, &targets, wanted),
                    (None, None) => unreachable!("there is something to do"),
                })
            })?;
            if template.is_some() && wanted == Some(Wanted::Active) {
                let text =
                    "WARNING: Combining activation change with other commands is not advised.";
                session.messenger.say(Level::Warning, text);
            }
            Ok(())
        });
        result.and(lvs.finish())
    }
}
