//! The machine a command runs on, or the lab that stands for one: configuration, locks, facts and
//! devices.

use crate::config::{Config, ConfigError, SettingsError, Sources};
use crate::device::devices_file::{DevicesFile, Entry};
use crate::device::find::{self, ImageFile, Inventory, Listed, Reason, Rejected, Selection};
use crate::environment;
use crate::host::{Host, Services};
use crate::lab::{Lab, LabError};
use crate::locks::{LockError, Locks};
use crate::paths::Paths;
use extant_core::ops::system::HostFacts;
use std::io;
use std::path::{Path, PathBuf};

/// What the command line and the environment say about where a command runs.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The command's name: `lvcreate`.
    pub command: String,
    /// The command line, as it is written into descriptions.
    pub command_line: String,
    /// `--lab`, or `EXTANT_LAB`.
    pub lab: Option<PathBuf>,
    /// `LVM_SYSTEM_DIR`; empty for no configuration at all.
    pub system: Option<PathBuf>,
    /// `--config`.
    pub config: Option<String>,
    /// `--commandprofile`, or `--profile` where it means that.
    pub command_profile: Option<String>,
    /// `--metadataprofile`, or `--profile` where it means that.
    pub metadata_profile: Option<String>,
    /// `--devices`, each with its commas.
    pub devices: Vec<String>,
    /// `--devicesfile`; empty for none.
    pub devices_file: Option<String>,
    /// `--nolocking`.
    pub no_locking: bool,
    /// Arguments that name PVs. Those that are files become devices; `pvcreate`, `vgcreate` and
    /// `vgextend` may use them though they are not in the devices file.
    pub named: Vec<String>,
    /// Whether the command is one of these.
    pub takes_new_devices: bool,
}

/// A machine whose devices have not been looked for yet.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Its configuration.
    pub config: Config,
    /// Its directories.
    pub paths: Paths,
    /// How locks are taken on it.
    pub locks: Locks,
    /// The machine and the moment.
    pub facts: HostFacts,
    lab: Option<Lab>,
    options: Options,
}

/// A machine's host, and what was found beside the devices it has.
#[derive(Debug)]
pub struct Opened {
    /// Carries out effects.
    pub host: Host,
    /// Devices that may not be used, with the reasons.
    pub rejected: Vec<Rejected>,
    /// What to tell the user, on standard error.
    pub warnings: Vec<String>,
}

/// Why a command can't run here.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MachineError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A setting.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A list of devices and a file of them.
    #[error("A --devices list cannot be used with --devicesfile.")]
    TwoLists,
    /// A devices file that is not just a name.
    #[error("Invalid devices file name.")]
    DevicesFileName,
    /// The lab.
    #[error(transparent)]
    Lab(#[from] LabError),
    /// The locking directory. LVM2 goes on without locks if told to (`--ignorelockingfailure`,
    /// `--sysinit`).
    #[error("{0}\nFile locking initialisation failed.")]
    Locking(#[source] LockError),
    /// Something else that the system refused.
    #[error("{what}: {source}")]
    System {
        /// What.
        what: String,
        /// Why.
        source: io::Error,
    },
}

impl MachineError {
    /// Returns LVM2's exit code for it.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Config(error) => error.exit_code(),
            Self::TwoLists | Self::DevicesFileName => 3,
            Self::Settings(_) | Self::Locking(_) | Self::Lab(_) => 5,
            Self::System { .. } => 4,
        }
    }
}

impl Options {
    /// Fills in what the environment says and the command line doesn't.
    #[must_use]
    pub fn with_environment(mut self) -> Self {
        let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
        self.lab =
            self.lab.or_else(|| path("EXTANT_LAB").filter(|lab| !lab.as_os_str().is_empty()));
        self.system = self.system.or_else(|| path("LVM_SYSTEM_DIR"));
        let profile = || std::env::var("LVM_COMMAND_PROFILE").ok();
        self.command_profile = self.command_profile.or_else(profile);
        self
    }
}

impl Machine {
    /// Reads the configuration and gathers facts. No device is touched and no lock taken.
    ///
    /// # Errors
    /// If the configuration can't be read, or there is no such lab.
    pub fn prepare(options: Options) -> Result<Self, MachineError> {
        if let Some(file) = &options.devices_file {
            if !options.devices.is_empty() {
                return Err(MachineError::TwoLists);
            }
            if file.contains('/') {
                return Err(MachineError::DevicesFileName);
            }
        }
        let lab = options.lab.as_deref().map(Lab::open).transpose()?;
        let system = match (&lab, &options.system) {
            (Some(lab), _) => Some(lab.paths().system),
            (None, Some(system)) => {
                Some(system.clone()).filter(|path| !path.as_os_str().is_empty())
            }
            (None, None) => Some(PathBuf::from("/etc/lvm")),
        };
        let sources = Sources {
            system,
            overrides: options.config.clone(),
            command_profile: options.command_profile.clone(),
            metadata_profile: options.metadata_profile.clone(),
            node_name: environment::node_name(),
        };
        let config = Config::load(&sources)?;
        // In a lab the configuration can't lead outside.
        let paths = lab.as_ref().map_or_else(|| config.paths(), Lab::paths);
        let facts = environment::facts(
            options.command_line.clone(),
            &config.system_id_source(),
            config.extra_system_ids(),
        )
        .map_err(|source| MachineError::System { what: String::from("/dev/urandom"), source })?;
        let locks = if options.no_locking { Locks::none() } else { config.locks(&paths) };
        Ok(Self { config, paths, locks, facts, lab, options })
    }

    /// Returns the lab, if it is one.
    pub fn lab(&self) -> Option<&Lab> {
        self.lab.as_ref()
    }

    /// Makes the locking directory if it isn't there.
    ///
    /// # Errors
    /// If it can't be made or written.
    pub fn prepare_locks(&self) -> Result<(), MachineError> {
        self.locks.prepare().map_err(MachineError::Locking)
    }

    /// Finds and opens the devices.
    ///
    /// # Errors
    /// If a filter is none, or the system doesn't tell what devices there are.
    pub fn open(&self) -> Result<Opened, MachineError> {
        let mut warnings = Vec::new();
        let mut selection = self.config.selection(&self.paths)?;
        if let Some(lab) = &self.lab {
            selection.directories.clear();
            let images = lab.images()?.into_iter();
            selection.images =
                images.map(|image| ImageFile { name: image.name, path: image.path }).collect();
        } else {
            self.add_named_files(&mut selection);
        }
        let devices_file = self.choose_devices(&mut selection, &mut warnings)?;
        let left_out = match &self.lab {
            Some(_) => leave_out_images(&mut selection),
            None => Inventory::default(),
        };
        let inventory =
            find::find(&self.paths, &selection).map_err(|source| MachineError::System {
                what: self.paths.proc.join("devices").display().to_string(),
                source,
            })?;
        let Inventory { disks, mut rejected, mut missing } = inventory;
        rejected.extend(left_out.rejected);
        missing.extend(left_out.missing);
        if !self.options.devices.is_empty() {
            let told = |listed: &Listed| format!("Device not found for {}.", listed.path.display());
            warnings.extend(missing.iter().map(told));
        }
        let services = Services {
            keeper: self.config.keeper(&self.paths, &self.facts.node_name),
            hints: self.config.hints(&self.paths).filter(|_| self.lab.is_none()),
            devices_file,
            who: format!("{} pid {}", self.options.command, std::process::id()),
            ctime: self.facts.ctime.clone(),
        };
        Ok(Opened { host: Host::new(disks, services), rejected, warnings })
    }

    /// Adds files that the user named.
    fn add_named_files(&self, selection: &mut Selection) {
        let image = |path: &Path| -> Option<ImageFile> {
            let whole = std::path::absolute(path).ok().filter(|path| path.is_file())?;
            Some(ImageFile { name: whole.to_string_lossy().into_owned(), path: path.to_owned() })
        };
        let files = self.options.named.iter().filter_map(|name| image(Path::new(name)));
        selection.images.extend(files);
    }

    /// Restricts the devices to those listed.
    fn choose_devices(
        &self,
        selection: &mut Selection,
        warnings: &mut Vec<String>,
    ) -> Result<Option<DevicesFile>, MachineError> {
        if !self.options.devices.is_empty() {
            let names = self
                .options
                .devices
                .iter()
                .flat_map(|list| list.split(','))
                .filter(|name| !name.is_empty());
            selection.only = Some(names.map(|name| Listed::by_path(Path::new(name))).collect());
            return Ok(None);
        }
        let Some(file) = self.devices_file() else {
            return Ok(None);
        };
        let fail = |source| MachineError::System { what: file.path.display().to_string(), source };
        let Some(content) = file.read().map_err(fail)? else {
            // Without the file there is no restriction. It is made only where it is asked for: it
            // would hide what is there.
            let asked = self.options.devices_file.is_some() && self.options.takes_new_devices;
            selection.by_devices_file = asked;
            return Ok(asked.then_some(file));
        };
        if !selection.filter.passes_all() {
            warnings.push(String::from(
                "Please remove the lvm.conf filter, it is ignored with the devices file.",
            ));
        }
        let mut listed: Vec<Listed> = content.entries.iter().map(Entry::to_listed).collect();
        selection.by_devices_file = true;
        if self.options.takes_new_devices {
            let known = self.options.named.iter().map(|name| Listed::by_path(Path::new(name)));
            listed.extend(known);
        }
        selection.only = Some(listed);
        Ok(Some(file))
    }

    fn devices_file(&self) -> Option<DevicesFile> {
        let name = match &self.options.devices_file {
            Some(name) => Some(name.as_str()).filter(|name| !name.is_empty()),
            // A lab has the disks it has, unless a command says otherwise.
            None => self.config.devices_file().filter(|_| self.lab.is_none()),
        }?;
        Some(DevicesFile {
            path: self.paths.system.join("devices").join(name),
            locks: self.locks.clone(),
            umask: self.config.umask(),
        })
    }
}

/// Takes the images that are not listed, if there is a list, out of a lab's.
fn leave_out_images(selection: &mut Selection) -> Inventory {
    let mut left_out = Inventory::default();
    let Some(mut listed) = selection.only.take() else {
        return left_out;
    };
    let is_of = |entry: &Listed, image: &ImageFile| entry.path == Path::new(&image.name);
    let is_listed = |image: &ImageFile| listed.iter().any(|entry| is_of(entry, image));
    let all = std::mem::take(&mut selection.images).into_iter();
    let (used, others): (Vec<_>, Vec<_>) = all.partition(is_listed);
    let reason =
        if selection.by_devices_file { Reason::NotInDevicesFile } else { Reason::NotInDevicesList };
    let rejected = others.into_iter().map(|image| Rejected { names: vec![image.name], reason });
    left_out.rejected = rejected.collect();
    listed.retain(|entry| !used.iter().any(|image| is_of(entry, image)));
    selection.images = used;
    left_out.missing = listed;
    left_out
}

#[cfg(test)]
mod tests;
