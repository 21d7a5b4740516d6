//! One run of a command: its options, where it works, and what it says.

use super::backup_file::words;
use super::change_args::{BackupArgs, ChangeArgs};
use super::common::Common;
use super::exit::Failure;
use super::message::Messenger;
use super::report_options;
use super::table::Entry;
use super::world::{Bridge, Named, World};
use extant_core::driver::execute::Executed;
use extant_core::driver::host;
use extant_core::driver::operation::{Finished, Mode, Operation, Outcome, Scope};
use extant_core::driver::scan::{Heads, Needs, Scan, Scanned, Verify, VgScope};
use extant_core::name::VgName;
use extant_core::ops::access::{self, Hidden, Shown};
use extant_core::ops::system::{Device, DeviceId, System};
use extant_core::ops::{Change, Stop};
use extant_core::plan::Plan;
use extant_core::plan::effect::{Completion, Effect, LockMode, LockName};
use extant_core::plan::pieces::Detail;
use extant_core::plan::saved::Saved;
use extant_core::plan::show::show;
use extant_core::report::options::{Kind, Options};
use extant_core::units::Bytes;
use extant_hw::archive::Keeper;
use extant_hw::environment::ctime;
use extant_hw::host::{Host, Purpose};
use std::collections::BTreeSet;
use std::fs;

/// A device whose bytes are looked at.
pub(super) struct RawDevice<'a> {
    host: &'a mut Host,
    id: DeviceId,
}

impl RawDevice<'_> {
    /// Reads bytes; fewer where the device ends, none where it fails.
    pub(super) fn read(&mut self, offset: u64, length: usize) -> Vec<u8> {
        let read = Effect::Read {
            device: self.id,
            offset: Bytes::new(offset),
            length: Bytes::new(length as u64),
        };
        match self.host.carry_out(&vec![read]).pop() {
            Some(Completion::Bytes(bytes)) => bytes.to_vec(),
            _ => Vec::new(),
        }
    }
}

/// What is looked at.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// The VGs; `None` is all.
    pub(super) vgs: Option<Vec<VgName>>,
    /// Whether locks are taken.
    pub(super) locked: bool,
    /// What is shown of other machines' VGs.
    pub(super) shown: Shown,
}

/// One run of a command.
pub(super) struct Session<'a> {
    /// Where messages go.
    pub(super) messenger: &'a mut Messenger,
    /// The options that every command has.
    pub(super) common: Common,
    /// The command.
    pub(super) entry: &'static Entry,
    /// The command line, as it is written into descriptions.
    pub(super) command_line: String,
    /// Whether backup and archive files are written; `None` is the configuration's choice.
    backup: Option<bool>,
    /// The devices it names.
    named: Named,
    /// Where it works, once that is open.
    world: Option<World>,
    /// VGs that were found and are not shown.
    pub(super) hidden: Vec<Hidden>,
    /// Plans to be saved, and where.
    plans: Vec<(String, Saved)>,
    /// Warnings that have been told: looking again is no reason to repeat them.
    warned: BTreeSet<String>,
}

impl<'a> Session<'a> {
    /// Begins a run.
    pub(super) const fn new(
        messenger: &'a mut Messenger,
        common: Common,
        entry: &'static Entry,
        command_line: String,
    ) -> Self {
        Self {
            messenger,
            common,
            entry,
            command_line,
            backup: None,
            named: Named { devices: Vec::new(), may_be_new: false },
            world: None,
            hidden: Vec::new(),
            plans: Vec::new(),
            warned: BTreeSet::new(),
        }
    }

    /// Has said what is special about this run, unless the command line is not right.
    pub(super) fn announce(&mut self) {
        if self.common.test {
            self.messenger.set_announcement(Some(
                "TEST MODE: Metadata will NOT be updated and volumes will not be (de)activated.",
            ));
        }
    }

    /// Takes what `-A` says.
    pub(super) const fn backup(&mut self, args: BackupArgs) {
        self.backup = args.autobackup;
    }

    /// Says which arguments name PVs, and whether these may be new; before anything is looked at.
    pub(super) fn names_devices(&mut self, devices: &[String], may_be_new: bool) {
        self.named = Named { devices: devices.to_vec(), may_be_new };
    }

    /// Does something for each of several; what fails does not stop the others.
    pub(super) fn for_each<T>(
        &mut self,
        items: Vec<T>,
        mut action: impl FnMut(&mut Self, T) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut result = Ok(());
        for item in items {
            match action(self, item) {
                Ok(()) => {}
                Err(failure) if matches!(failure.outcome(), super::exit::Outcome::Failed) => {
                    if !matches!(failure, Failure::Reported) {
                        self.messenger.error(&failure.to_string());
                    }
                    result = Err(Failure::Reported);
                }
                Err(failure) => return Err(failure),
            }
        }
        result
    }

    /// Opens the world the command works in, once.
    fn world(&mut self) -> Result<&mut World, Failure> {
        if self.world.is_none() {
            let world = World::open(
                &self.common,
                self.entry.name,
                &self.command_line,
                std::mem::take(&mut self.named),
                self.messenger,
            )?;
            self.world = Some(world);
        }
        Ok(self.world.as_mut().expect("it was opened just now"))
    }

    /// Runs an operation and says what came of it.
    pub(super) fn change(
        &mut self,
        args: &ChangeArgs,
        scope: &Scope,
        decide: impl Fn(&System) -> Result<Change, Stop>,
    ) -> Result<(), Failure> {
        let mode = match (&args.plan, self.common.test) {
            (Some(_), _) => Mode::Plan,
            (None, true) => Mode::Test,
            (None, false) => Mode::Execute,
        };
        let backup = self.backup;
        let mut start = self.world()?.start(mode);
        if let Some(wanted) = backup {
            start.settings.archive = wanted;
            start.settings.backup = wanted;
        }
        let finished = self.drive(Operation::new(start, scope.clone(), decide))?;
        if let (Some(place), Some(plan)) = (&args.plan, &finished.plan) {
            self.keep(&finished, plan, place);
        }
        Self::conclude(&finished)
    }

    /// Shows a plan, or keeps it to be saved in a file.
    fn keep(&mut self, finished: &Finished, plan: &Plan, place: &str) {
        if place.is_empty() {
            let change = finished.change.as_ref().expect("a plan is of a change");
            let verbose = self.common.verbosity() > 0;
            let detail = if verbose { Detail::Reasons } else { Detail::Places };
            let text = show(&finished.system, change, plan, detail);
            self.messenger.write(text.as_bytes());
        } else {
            let told = finished.change.as_ref().map(|change| change.after.clone());
            let host = &finished.system.host;
            let saved = Saved::new(plan.clone(), host, told.unwrap_or_default());
            self.plans.push((place.to_owned(), saved));
        }
    }

    /// Saves the plans that the run has made, at its end: all of them or, if it failed, none.
    pub(super) fn save_plans(&mut self) -> Result<(), Failure> {
        let Some((place, _)) = self.plans.first() else {
            return Ok(());
        };
        let text: Vec<String> = self.plans.iter().map(|(_, saved)| saved.to_json()).collect();
        fs::write(place, text.join("\n"))
            .map_err(|error| Failure::Failed(format!("{place}: {}", words(&error))))?;
        let what = if text.len() == 1 { "Plan" } else { "Plans" };
        self.messenger.print(&format!("{what} saved in \"{place}\"."));
        Ok(())
    }

    /// Applies a saved plan.
    pub(super) fn apply(&mut self, saved: Saved) -> Result<(), Failure> {
        let mode = if self.common.test { Mode::Test } else { Mode::Execute };
        let mut start = self.world()?.start(mode);
        start.host.time = saved.time;
        start.host.seed = saved.seed;
        let finished = self.drive(Operation::apply(start, saved.plan))?;
        Self::conclude(&finished)?;
        for message in &saved.told {
            self.messenger.message(message);
        }
        Ok(())
    }

    fn drive(&mut self, mut operation: Operation<'_>) -> Result<Finished, Failure> {
        self.world()?;
        let world = self.world.as_mut().expect("it is open");
        world.host.purpose = Purpose::Change;
        let (messenger, warned) = (&mut *self.messenger, &mut self.warned);
        let mut bridge = Bridge { world, messenger, warned, held: Vec::new() };
        Ok(host::drive(&mut operation, &mut bridge))
    }

    fn conclude(finished: &Finished) -> Result<(), Failure> {
        match &finished.outcome {
            Outcome::Executed(Executed::Committed { .. }) | Outcome::Planned
                if finished.change.as_ref().is_some_and(|change| change.failed) =>
            {
                Err(Failure::Reported)
            }
            Outcome::Executed(Executed::Committed { .. }) | Outcome::Planned => Ok(()),
            Outcome::Refused(refused) if refused.refusal.is_usage() => Err(Failure::Misused),
            Outcome::Executed(Executed::Abandoned { .. } | Executed::Unknown { .. })
            | Outcome::Refused(_)
            | Outcome::NotLocked(_)
            | Outcome::NotPlanned(_)
            | Outcome::Stale(_) => Err(Failure::Reported),
        }
    }

    /// Looks at all volume groups and devices without changing them.
    pub(super) fn look(&mut self) -> Result<System, Failure> {
        self.look_as(Shown::default())
    }

    /// Looks at all volume groups and devices, with those that options ask for.
    pub(super) fn look_as(&mut self, shown: Shown) -> Result<System, Failure> {
        self.look_at(Look { vgs: None, locked: true, shown })
    }

    /// Looks at volume groups and devices without changing them.
    ///
    /// Where all are looked at, their names are not known beforehand: they are read without locks,
    /// which checksums make safe, and again under locks if anything looked odd.
    pub(super) fn look_at(&mut self, look: Look) -> Result<System, Failure> {
        let needs = Needs {
            vgs: match &look.vgs {
                Some(names) => VgScope::Named(names.iter().cloned().collect()),
                None => VgScope::All,
            },
            verify: Verify::One,
        };
        let names = look.vgs.unwrap_or_default();
        let mut scanned = self.scan(&needs, if look.locked { &names } else { &[] })?;
        let odd =
            !scanned.messages.is_empty() || scanned.vgs.iter().any(|vg| !vg.lagging.is_empty());
        if look.locked && odd && names.is_empty() {
            let names: Vec<VgName> = scanned.vgs.iter().map(|view| view.vg.name.clone()).collect();
            scanned = self.scan(&needs, &names)?;
        }
        for message in &scanned.messages {
            if self.warned.insert(message.text.clone()) {
                self.messenger.message(message);
            }
        }
        let start = self.world()?.start(Mode::Execute);
        let mut system = System {
            devices: scanned.devices,
            vgs: scanned.vgs,
            settings: start.settings,
            host: start.host,
            ..System::default()
        };
        self.hidden = access::hide(&mut system, look.shown);
        for hidden in self.hidden.iter().filter(|hidden| hidden.kind() == "foreign") {
            // As LVM2 does: without an identity of its own a machine cannot tell whose they are.
            if system.host.system_id.is_none() {
                self.messenger.error(&hidden.reason.to_string());
            }
        }
        Ok(system)
    }

    /// Returns why a VG is not shown, if it is there.
    pub(super) fn why_hidden(&self, name: &VgName) -> Option<String> {
        let hidden = self.hidden.iter().find(|hidden| hidden.name == *name);
        hidden.map(|hidden| hidden.reason.to_string())
    }

    /// Scans while these VGs are locked for reading.
    fn scan(&mut self, needs: &Needs, names: &[VgName]) -> Result<Scanned, Failure> {
        let world = self.world()?;
        let mut names: Vec<VgName> = names.to_vec();
        names.sort();
        names.dedup();
        let mut held = Vec::with_capacity(names.len());
        for name in names {
            let name = LockName::Vg(name);
            let lock = world.machine.locks.acquire(&name, LockMode::Shared);
            held.push(lock.map_err(|error| Failure::Failed(error.to_string()))?);
        }
        let heads = if held.is_empty() { Heads::Whole } else { Heads::Labels };
        let mut scan = Scan::with_heads(world.host.take_devices(), needs.clone(), heads);
        Ok(world.host.run(&mut scan))
    }

    /// Returns what the configuration says about a report.
    pub(super) fn report_options(&mut self, kind: Kind) -> Result<Options, Failure> {
        let verbose = self.common.verbosity() > 0;
        let machine = &self.world()?.machine;
        Ok(report_options::of_config(&machine.config, kind, verbose, &machine.facts))
    }

    /// Returns a time as `ctime` writes it.
    pub(super) fn ctime(&mut self, seconds: u64) -> Result<String, Failure> {
        Ok(ctime(seconds, &self.world()?.machine.facts.zone))
    }

    /// Returns the archive and backup files.
    pub(super) fn keeper(&mut self) -> Result<&Keeper, Failure> {
        Ok(self.world()?.host.keeper())
    }

    /// Returns a way to read a device as it is.
    pub(super) fn raw(&mut self, name: &str) -> Result<RawDevice<'_>, Failure> {
        self.names_devices(&[name.to_owned()], false);
        let world = self.world()?;
        let devices = world.host.devices();
        let found = |device: &Device| {
            device.name == name || device.aliases.iter().any(|alias| alias == name)
        };
        match (0_u32..).zip(&devices).find(|(_, device)| found(device)) {
            Some((id, _)) => Ok(RawDevice { host: &mut world.host, id: DeviceId(id) }),
            None => {
                Err(Failure::Failed(format!("Cannot use {name}: device {}", world.why_not(name))))
            }
        }
    }

    /// Returns why a name is no device that may be used, to stand behind `device`.
    pub(super) fn why_not(&mut self, name: &str) -> String {
        self.world.as_ref().map_or_else(String::new, |world| world.why_not(name))
    }
}
