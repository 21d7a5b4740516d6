//! The commands there are.

use super::exit::Failure;
use super::session::Session;
use super::{
    apply, formats, fullreport, help, lab, lvchange, lvcreate, lvdisplay, lvextend, lvmdiskscan,
    lvreduce, lvremove, lvrename, lvresize, lvs, lvscan, map, max_size, pvchange, pvck, pvcreate,
    pvdisplay, pvremove, pvresize, pvs, pvscan, segtypes, tags, version, vgcfgbackup, vgcfgrestore,
    vgchange, vgck, vgcreate, vgdisplay, vgexport, vgextend, vgimport, vgmerge, vgreduce, vgremove,
    vgrename, vgs, vgscan, vgsplit,
};
use clap::ArgMatches;

/// A command: its arguments, and what it does with them.
pub(super) trait Run: clap::Args {
    /// Its name.
    const NAME: &'static str;
    /// What it does, in a few words.
    const ABOUT: &'static str;
    /// Its forms, one line each.
    const SYNTAX: &'static [&'static str];

    /// Options of LVM2 that are for what Extant does not do yet: name, letter, whether it has a
    /// value.
    const LATER: &'static [(&'static str, Option<char>, bool)] = &[];

    /// Does it.
    ///
    /// # Errors
    /// Why it could not be done.
    fn run(self, session: &mut Session<'_>) -> Result<(), Failure>;
}

/// A command as a value.
pub(super) struct Entry {
    /// Its name.
    pub(super) name: &'static str,
    /// What it does, in a few words.
    pub(super) about: &'static str,
    /// Its forms, one line each.
    pub(super) syntax: &'static [&'static str],
    /// Options of LVM2 that are for what Extant does not do yet: name, letter, whether it has a
    /// value.
    pub(super) later: &'static [(&'static str, Option<char>, bool)],
    /// Adds its own options to a definition.
    pub(super) augment: fn(clap::Command) -> clap::Command,
    /// Does it.
    pub(super) run: fn(&ArgMatches, &mut Session<'_>) -> Result<(), Failure>,
}

const fn entry<C: Run>() -> Entry {
    Entry {
        name: C::NAME,
        about: C::ABOUT,
        syntax: C::SYNTAX,
        later: C::LATER,
        augment: C::augment_args,
        run: |matches, session| {
            C::from_arg_matches(matches)
                .expect("the definition was made from the same struct")
                .run(session)
        },
    }
}

/// All commands, in the order in which they are listed.
pub(super) const TABLE: &[Entry] = &[
    entry::<apply::Apply>(),
    entry::<formats::Formats>(),
    entry::<fullreport::Fullreport>(),
    entry::<help::Help>(),
    entry::<lab::Lab>(),
    entry::<lvchange::Lvchange>(),
    entry::<lvcreate::Lvcreate>(),
    entry::<lvdisplay::Lvdisplay>(),
    entry::<lvextend::Lvextend>(),
    entry::<lvmdiskscan::Lvmdiskscan>(),
    entry::<lvreduce::Lvreduce>(),
    entry::<lvremove::Lvremove>(),
    entry::<lvrename::Lvrename>(),
    entry::<lvresize::Lvresize>(),
    entry::<lvs::Lvs>(),
    entry::<lvscan::Lvscan>(),
    entry::<map::Map>(),
    entry::<max_size::MaxSize>(),
    entry::<pvchange::Pvchange>(),
    entry::<pvck::Pvck>(),
    entry::<pvcreate::Pvcreate>(),
    entry::<pvdisplay::Pvdisplay>(),
    entry::<pvremove::Pvremove>(),
    entry::<pvresize::Pvresize>(),
    entry::<pvs::Pvs>(),
    entry::<pvscan::Pvscan>(),
    entry::<segtypes::Segtypes>(),
    entry::<tags::Tags>(),
    entry::<version::Version>(),
    entry::<vgcfgbackup::Vgcfgbackup>(),
    entry::<vgcfgrestore::Vgcfgrestore>(),
    entry::<vgchange::Vgchange>(),
    entry::<vgck::Vgck>(),
    entry::<vgcreate::Vgcreate>(),
    entry::<vgdisplay::Vgdisplay>(),
    entry::<vgexport::Vgexport>(),
    entry::<vgextend::Vgextend>(),
    entry::<vgimport::Vgimport>(),
    entry::<vgmerge::Vgmerge>(),
    entry::<vgreduce::Vgreduce>(),
    entry::<vgremove::Vgremove>(),
    entry::<vgrename::Vgrename>(),
    entry::<vgs::Vgs>(),
    entry::<vgscan::Vgscan>(),
    entry::<vgsplit::Vgsplit>(),
];

/// Finds a command.
pub(super) fn find(name: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.name == name)
}
