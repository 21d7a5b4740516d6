//! `lvextend`: a logical volume gets longer.

use super::exit::Failure;
use super::resize::{self, GrowArgs, Length, ResizeArgs};
use super::session::Session;
use super::table::Run;
use super::value;
use extant_core::ops::lvresize::Direction;
use extant_core::size::Size;
use extant_core::size::extents::ExtentsArg;

/// Arguments of `lvextend`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvextend {
    /// Its size, or with a sign the difference; in MiB without a unit.
    #[arg(short = 'L', long, value_name = "Size[m|UNIT]", value_parser = value::size_plus)]
    size: Option<Size>,
    /// Its size in extents, or in percent of something, or with a sign the difference.
    #[arg(short = 'l', long, value_name = "Number[PERCENT]", value_parser = value::extents_plus)]
    extents: Option<ExtentsArg>,
    /// By as much as a policy says; there are none for what can be made longer yet.
    #[arg(long)]
    usepolicies: bool,
    #[command(flatten)]
    grow: GrowArgs,
    #[command(flatten)]
    resize: ResizeArgs,
}

impl Run for Lvextend {
    const NAME: &'static str = "lvextend";
    const ABOUT: &'static str = "Make a logical volume longer";
    const SYNTAX: &'static [&'static str] =
        &["lvextend -L [+]Size|-l [+]Extents LV [PV ...]", "lvextend LV PV ..."];
    const LATER: &'static [(&'static str, Option<char>, bool)] =
        &[("mirrors", Some('m'), true), ("poolmetadatasize", None, true)];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let Self { size, extents, .. } = self;
        let policy = self.usepolicies;
        let length = Length { direction: Direction::Extend, size, extents, policy };
        resize::run(session, length, &self.resize, &self.grow)
    }
}
