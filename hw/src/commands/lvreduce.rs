//! `lvreduce`: a logical volume gets shorter.

use super::change_args::{BackupArgs, ChangeArgs};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{resize, value};
use extant_core::ops::lvresize::Direction;
use extant_core::size::Size;
use extant_core::size::extents::ExtentsArg;

/// Arguments of `lvreduce`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvreduce {
    /// The volume, then the devices that may be used, as `PV[:EXTENTS]`.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    /// Its size, or with a sign the difference; in MiB without a unit.
    #[arg(short = 'L', long, value_name = "Size[m|UNIT]", value_parser = value::size_minus)]
    size: Option<Size>,
    /// Its size in extents, or in percent of something, or with a sign the difference.
    #[arg(short = 'l', long, value_name = "Number[PERCENT]", value_parser = value::extents_minus)]
    extents: Option<ExtentsArg>,

    /// Do not ask; twice: also what is risky.
    #[arg(short = 'f', long, action = clap::ArgAction::Count)]
    force: u8,
    /// Resize the file system too; that is not possible yet.
    #[arg(short = 'r', long)]
    resizefs: bool,
    /// Accepted for compatibility.
    #[arg(short = 'n', long)]
    nofsck: bool,
    /// Accepted for compatibility.
    #[arg(long)]
    noudevsync: bool,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    backup: BackupArgs,
}

impl Run for Lvreduce {
    const NAME: &'static str = "lvreduce";
    const ABOUT: &'static str = "Make a logical volume shorter";
    const SYNTAX: &'static [&'static str] = &["lvreduce -L [-]Size|-l [-]Extents LV"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let arguments = resize::Arguments {
            args: &self.args,
            direction: Direction::Reduce,
            size: self.size,
            extents: self.extents,
            force: self.force,
            resizefs: self.resizefs,
            stripes: None,
            stripe_size: None,
            policy: None,
            kind: None,
        };
        resize::run(session, &self.change, &arguments)
    }
}
