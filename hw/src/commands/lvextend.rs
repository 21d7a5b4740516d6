//! `lvextend`: a logical volume gets longer.

use super::change_args::{BackupArgs, ChangeArgs};
use super::exit::Failure;
use super::session::Session;
use super::table::Run;
use super::{resize, value};
use extant_core::model::flags::AllocationPolicy;
use extant_core::ops::lvresize::Direction;
use extant_core::size::Size;
use extant_core::size::extents::ExtentsArg;
use extant_core::units::Sectors;

/// Arguments of `lvextend`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvextend {
    /// The volume, then the devices that may be used, as `PV[:EXTENTS]`.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    /// Its size, or with a sign the difference; in MiB without a unit.
    #[arg(short = 'L', long, value_name = "Size[m|UNIT]", value_parser = value::size_plus)]
    size: Option<Size>,
    /// Its size in extents, or in percent of something, or with a sign the difference.
    #[arg(short = 'l', long, value_name = "Number[PERCENT]", value_parser = value::extents_plus)]
    extents: Option<ExtentsArg>,
    /// Over how many devices what is added is spread.
    #[arg(short = 'i', long, value_name = "Number", value_parser = value::number)]
    stripes: Option<u32>,
    /// How much goes to one device before the next one's turn; in KiB without a unit.
    #[arg(short = 'I', long, value_name = "Size[k|UNIT]", value_parser = value::size_kib)]
    stripesize: Option<Sectors>,
    /// How new extents are chosen.
    #[arg(long, value_name = "POLICY", value_parser = value::policy)]
    alloc: Option<AllocationPolicy>,
    /// linear or striped; others cannot be resized yet.
    #[arg(long = "type", value_name = "String")]
    kind: Option<String>,
    /// Accepted for compatibility.
    #[arg(long)]
    nosync: bool,
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

impl Run for Lvextend {
    const NAME: &'static str = "lvextend";
    const ABOUT: &'static str = "Make a logical volume longer";
    const SYNTAX: &'static [&'static str] =
        &["lvextend -L [+]Size|-l [+]Extents LV [PV ...]", "lvextend LV PV ..."];
    const LATER: &'static [(&'static str, Option<char>, bool)] = &[
        ("mirrors", Some('m'), true),
        ("poolmetadatasize", None, true),
        ("usepolicies", None, false),
    ];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        session.backup(self.backup);
        let arguments = resize::Arguments {
            args: &self.args,
            direction: Direction::Extend,
            size: self.size,
            extents: self.extents,
            stripes: self.stripes,
            stripe_size: self.stripesize,
            policy: self.alloc,
            kind: self.kind.as_deref(),
            force: self.force,
            resizefs: self.resizefs,
        };
        resize::run(session, &self.change, &arguments)
    }
}
