//! `lvresize`: a logical volume gets longer or shorter.

use super::exit::Failure;
use super::resize::{self, GrowArgs, Length, ResizeArgs};
use super::session::Session;
use super::table::Run;
use super::value;
use extant_core::ops::lvresize::Direction;
use extant_core::size::Size;
use extant_core::size::extents::ExtentsArg;

/// Arguments of `lvresize`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvresize {
    /// Its size, or with a sign the difference; in MiB without a unit.
    #[arg(short = 'L', long, value_name = "Size[m|UNIT]", value_parser = value::size_signed)]
    size: Option<Size>,
    /// Its size in extents, or in percent of something, or with a sign the difference.
    #[arg(short = 'l', long, value_name = "Number[PERCENT]", value_parser = value::extents_signed)]
    extents: Option<ExtentsArg>,
    #[command(flatten)]
    grow: GrowArgs,
    #[command(flatten)]
    resize: ResizeArgs,
}

impl Run for Lvresize {
    const NAME: &'static str = "lvresize";
    const ABOUT: &'static str = "Make a logical volume longer or shorter";
    const SYNTAX: &'static [&'static str] =
        &["lvresize -L [+|-]Size|-l [+|-]Extents LV [PV ...]", "lvresize LV PV ..."];
    const LATER: &'static [(&'static str, Option<char>, bool)] =
        &[("poolmetadatasize", None, true)];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let Self { size, extents, .. } = self;
        let length = Length { direction: Direction::Either, size, extents, policy: false };
        resize::run(session, length, &self.resize, &self.grow)
    }
}
