//! `lvreduce`: a logical volume gets shorter.

use super::exit::Failure;
use super::resize::{self, GrowArgs, Length, ResizeArgs};
use super::session::Session;
use super::table::Run;
use super::value;
use extant_core::ops::lvresize::Direction;
use extant_core::size::Size;
use extant_core::size::extents::ExtentsArg;

/// Arguments of `lvreduce`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Lvreduce {
    /// Its size, or with a sign the difference; in MiB without a unit.
    #[arg(short = 'L', long, value_name = "Size[m|UNIT]", value_parser = value::size_minus)]
    size: Option<Size>,
    /// Its size in extents, or in percent of something, or with a sign the difference.
    #[arg(short = 'l', long, value_name = "Number[PERCENT]", value_parser = value::extents_minus)]
    extents: Option<ExtentsArg>,
    #[command(flatten)]
    resize: ResizeArgs,
}

impl Run for Lvreduce {
    const NAME: &'static str = "lvreduce";
    const ABOUT: &'static str = "Make a logical volume shorter";
    const SYNTAX: &'static [&'static str] = &["lvreduce -L [-]Size|-l [-]Extents LV"];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let Self { size, extents, .. } = self;
        let length = Length { direction: Direction::Reduce, size, extents, policy: false };
        resize::run(session, length, &self.resize, &GrowArgs::default())
    }
}
