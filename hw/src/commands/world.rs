//! Where a command works: this machine or a lab, with its devices, locks and settings.

use super::common::Common;
use super::exit::Failure;
use super::message::Messenger;
use extant_core::driver::host;
use extant_core::driver::operation::{Mode, Start};
use extant_core::ops::system::Question;
use extant_core::ops::{Level, Message};
use extant_core::plan::effect::{Completion, Effect, Lock};
use extant_hw::device::find::Rejected;
use extant_hw::host::Host;
use extant_hw::locks::HeldLock;
use extant_hw::machine::{Machine, MachineError, Options};
use std::collections::{BTreeMap, BTreeSet};

/// Where a command works.
pub(super) struct World {
    /// Configuration, directories, locks, facts.
    pub(super) machine: Machine,
    /// Devices, archive, backup.
    pub(super) host: Host,
    /// Names of devices that may not be used, and why.
    unusable: BTreeMap<String, String>,
    /// How many operations have been started.
    started: u64,
}

/// What a command says about the devices it names.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    /// Arguments that name PVs: files among them become devices.
    pub(super) devices: Vec<String>,
    /// Whether they may be used although the devices file does not list them.
    pub(super) may_be_new: bool,
}

/// Tells why there is no world, with LVM2's exit code.
fn failure(error: &MachineError) -> Failure {
    match error.exit_code() {
        3 => Failure::Usage(error.to_string()),
        4 => Failure::Init(error.to_string()),
        _ => Failure::Failed(error.to_string()),
    }
}

impl World {
    /// Opens the world that the options and the environment name.
    pub(super) fn open(
        common: &Common,
        command: &str,
        command_line: &str,
        named: Named,
        messenger: &mut Messenger,
    ) -> Result<Self, Failure> {
        let options = Options {
            command: command.to_owned(),
            command_line: command_line.to_owned(),
            lab: common.lab.clone(),
            system: None,
            config: common.config.clone(),
            command_profile: common.commandprofile.clone().or(common.profile.clone()),
            metadata_profile: common.metadata_profile.clone(),
            devices: common.devices.clone(),
            devices_file: common.devicesfile.clone(),
            no_locking: common.nolocking,
            named: named.devices,
            takes_new_devices: named.may_be_new,
        };
        let machine =
            Machine::prepare(options.with_environment()).map_err(|error| failure(&error))?;
        messenger.obey(&machine.config);
        if machine.lab().is_none() && !nix::unistd::geteuid().is_root() {
            messenger.say(
                Level::Warning,
                "WARNING: Running as a non-root user. Functionality may be unavailable.",
            );
        }
        machine.prepare_locks().map_err(|error| failure(&error))?;
        let opened = machine.open().map_err(|error| failure(&error))?;
        for warning in &opened.warnings {
            messenger.say(Level::Warning, warning);
        }
        let reasons = |rejected: Rejected| {
            let reason = rejected.reason.to_string();
            rejected.names.into_iter().map(move |name| (name, reason.clone()))
        };
        let unusable = opened.rejected.into_iter().flat_map(reasons).collect();
        Ok(Self { machine, host: opened.host, unusable, started: 0 })
    }

    /// Returns what an operation starts from. Of several operations of one command each has a
    /// seed of its own: otherwise they would give the same identities to different objects.
    pub(super) fn start(&mut self, mode: Mode) -> Start {
        let mut host = self.machine.facts.clone();
        for (byte, number) in host.seed.iter_mut().zip(self.started.to_le_bytes()) {
            *byte ^= number;
        }
        self.started += 1;
        Start {
            devices: self.host.devices(),
            unusable: self.unusable.clone(),
            settings: self.machine.config.settings(),
            host,
            mode,
        }
    }

    /// Returns why a name is no device that may be used, to stand behind `device`.
    pub(super) fn why_not(&self, name: &str) -> String {
        self.unusable.get(name).map_or_else(|| String::from("not found"), String::clone)
    }
}

/// The world and the person before it, together the host of an operation.
pub(super) struct Bridge<'a> {
    pub(super) world: &'a mut World,
    pub(super) messenger: &'a mut Messenger,
    /// Warnings that have been told.
    pub(super) warned: &'a mut BTreeSet<String>,
    pub(super) held: Vec<HeldLock>,
}

impl host::Host for Bridge<'_> {
    fn lock(&mut self, locks: &[Lock]) -> Result<(), String> {
        for Lock { name, mode } in locks {
            match self.world.machine.locks.acquire(name, *mode) {
                Ok(lock) => self.held.push(lock),
                Err(error) => {
                    self.unlock();
                    return Err(error.to_string());
                }
            }
        }
        Ok(())
    }

    fn unlock(&mut self) {
        while self.held.pop().is_some() {}
    }

    fn carry_out(&mut self, group: &[Effect]) -> Vec<Completion> {
        self.world.host.carry_out(&group.to_vec())
    }

    fn ask(&mut self, question: &Question) -> bool {
        self.messenger.ask(&question.prompt)
    }

    fn tell(&mut self, message: &Message) {
        let is_new = message.level != Level::Warning || self.warned.insert(message.text.clone());
        if is_new {
            self.messenger.message(message);
        }
    }
}
