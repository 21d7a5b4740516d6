//! The configuration: `lvm.conf`, what stands beside it, and what the command line says over it.
//!
//! The first of these that has a setting decides: `--config`, the command's profile, the metadata
//! profile, the files of host tags (the last first), `lvmlocal.conf`, `lvm.conf`; else LVM2's
//! default. A list replaces a list as a whole. Files that aren't there say nothing.

mod check;
mod settings;
mod table;

use extant_core::format::text::{self, Item, Section, TextError, Value};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use table::Profile;

pub use settings::SettingsError;

/// Where configuration comes from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The directory of the files; `None` if there is none (`LVM_SYSTEM_DIR` is empty).
    pub system: Option<PathBuf>,
    /// `--config`.
    pub overrides: Option<String>,
    /// `--commandprofile`, or `--profile` of a command that makes nothing with a profile.
    pub command_profile: Option<String>,
    /// `--metadataprofile`, or `--profile` of a command that does.
    pub metadata_profile: Option<String>,
    /// This machine's node name.
    pub node_name: String,
}

/// The configuration in force.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The directory of the files.
    pub system: Option<PathBuf>,
    /// What to tell the user, on standard error.
    pub warnings: Vec<String>,
    /// The tags this machine has.
    pub host_tags: Vec<String>,
    /// The sources, the one that decides first.
    layers: Vec<Section<'static>>,
}

/// Why there is no configuration. The text is LVM2's.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The text of `--config` is none. LVM2's exit code is 3.
    #[error("{}\nFailed to set overridden configuration entries.", parse_error(.0))]
    Overrides(TextError),
    /// A file's text is none. LVM2's exit code is 4.
    #[error("{}\nFailed to load config file {path}", parse_error(.source))]
    File {
        /// The file.
        path: String,
        /// Where it is wrong.
        source: TextError,
    },
    /// A file can't be read. LVM2's exit code is 4.
    #[error("{path}: open failed: {source}\nFailed to load config file {path}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A profile is not there or has what profiles may not have. LVM2's exit code is 5.
    #[error("{reason}\nFailed to apply {kind} profile {name}.")]
    Profile {
        /// What is wrong with it.
        reason: String,
        /// `command` or `metadata`.
        kind: &'static str,
        /// Its name.
        name: String,
    },
}

impl ConfigError {
    /// Returns LVM2's exit code for it.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Overrides(_) => 3,
            Self::File { .. } | Self::Unreadable { .. } => 4,
            Self::Profile { .. } => 5,
        }
    }
}

/// Says where a text is wrong, counting bytes from 1 as LVM2 does.
fn parse_error(error: &TextError) -> String {
    format!("Parse error at byte {} (line {}): {}", error.at.offset + 1, error.at.line, error.fault)
}

impl Config {
    /// Reads the configuration.
    ///
    /// # Errors
    /// If a file or `--config` doesn't parse, or a profile can't be used.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let mut config = Self { system: sources.system.clone(), ..Self::default() };
        // From the weakest to the strongest; each new one goes to the front.
        let file = |name: &str| sources.system.as_ref().map(|system| system.join(name));
        for path in [file("lvm.conf"), file("lvmlocal.conf")].into_iter().flatten() {
            config.add_file(&path)?;
        }
        config.add_tags(&sources.node_name)?;
        // Profiles are looked for where the configuration so far says, and `--config` too.
        let overrides = match &sources.overrides {
            Some(text) => {
                Some(parse(text.as_bytes(), &mut config.warnings).map_err(ConfigError::Overrides)?)
            }
            None => None,
        };
        if let Some(overrides) = &overrides {
            config.push(overrides.clone());
        }
        let strongest = usize::from(overrides.is_some());
        for (name, wanted) in [
            (&sources.command_profile, Profile::Command),
            (&sources.metadata_profile, Profile::Metadata),
        ] {
            if let Some(name) = name {
                let profile = config.read_profile(name, wanted)?;
                let place = strongest
                    + usize::from(wanted == Profile::Metadata && sources.command_profile.is_some());
                config.layers.insert(place.min(config.layers.len()), profile);
            }
        }
        if config.flag("config/checks", true) {
            for layer in config.layers.iter().rev() {
                check::check(layer, &mut config.warnings);
            }
        }
        Ok(config)
    }

    fn push(&mut self, layer: Section<'static>) {
        self.layers.insert(0, layer);
    }

    /// Adds a file, if it is there.
    fn add_file(&mut self, path: &Path) -> Result<bool, ConfigError> {
        let text = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            text => text.map_err(|source| ConfigError::Unreadable {
                path: path.display().to_string(),
                source,
            })?,
        };
        let section = parse(&text, &mut self.warnings)
            .map_err(|source| ConfigError::File { path: path.display().to_string(), source })?;
        self.push(section);
        Ok(true)
    }

    /// Finds this machine's tags and adds their files, which may give it more tags.
    fn add_tags(&mut self, node_name: &str) -> Result<(), ConfigError> {
        let mut seen = 0;
        loop {
            self.find_tags(node_name);
            let Some(tag) = self.host_tags.get(seen).cloned() else {
                return Ok(());
            };
            seen += 1;
            if let Some(system) = self.system.clone() {
                self.add_file(&system.join(format!("lvm_{tag}.conf")))?;
            }
        }
    }

    fn find_tags(&mut self, node_name: &str) {
        let mut tags = Vec::new();
        if self.flag("tags/hosttags", false) {
            tags.push(node_name.to_owned());
        }
        for layer in self.layers.iter().rev() {
            let Some(Item::Section(section)) = layer.get("tags") else {
                continue;
            };
            for entry in &section.entries {
                if let Item::Section(tag) = &entry.item
                    && is_on_host(tag, node_name)
                {
                    tags.push(entry.key.trim_start_matches('@').to_owned());
                }
            }
        }
        for tag in tags {
            if !self.host_tags.contains(&tag) {
                self.host_tags.push(tag);
            }
        }
    }

    fn read_profile(&self, name: &str, wanted: Profile) -> Result<Section<'static>, ConfigError> {
        let kind = if wanted == Profile::Command { "command" } else { "metadata" };
        let fail = |reason: String| ConfigError::Profile { reason, kind, name: name.to_owned() };
        let default = self.system.clone().unwrap_or_default().join("profile");
        let directory = self.text("config/profile_dir").map_or(default, PathBuf::from);
        let path = directory.join(format!("{name}.profile"));
        let text = fs::read(&path).map_err(|error| {
            fail(format!("{}: stat failed: {}", path.display(), crate::locks::plain(&error)))
        })?;
        let section = parse(&text, &mut Vec::new()).map_err(|error| {
            fail(format!("{}\nFailed to load config file {}", parse_error(&error), path.display()))
        })?;
        let mut faults = Vec::new();
        check::check_profile(&section, wanted, &mut faults);
        if faults.is_empty() {
            return Ok(section);
        }
        faults.push(format!("Ignoring invalid {kind} profile {name}."));
        Err(fail(faults.join("\n")))
    }

    /// Finds what a setting is set to, if anything says so.
    pub fn find(&self, path: &str) -> Option<&Value<'static>> {
        self.layers.iter().find_map(|layer| layer.find(path))
    }

    /// Returns a setting that is on or off; what is neither counts as unset.
    pub fn flag(&self, path: &str, default: bool) -> bool {
        debug_assert!(table::kind(path) == Some(table::Kind::Flag), "{path}");
        self.find(path).and_then(to_flag).unwrap_or(default)
    }

    /// Returns a setting that is a whole number; what is none counts as unset.
    pub fn int(&self, path: &str, default: i64) -> i64 {
        debug_assert!(table::kind(path) == Some(table::Kind::Int), "{path}");
        self.find(path).and_then(scalar).and_then(Value::as_int).unwrap_or(default)
    }

    /// Returns a setting that is a whole number and not negative; what is none counts as unset.
    pub fn count(&self, path: &str, default: u64) -> u64 {
        let default = i64::try_from(default).unwrap_or(i64::MAX);
        u64::try_from(self.int(path, default)).unwrap_or(default.unsigned_abs())
    }

    /// Returns a setting that is a string; what is none counts as unset.
    pub fn text(&self, path: &str) -> Option<&str> {
        debug_assert!(table::kind(path).is_some(), "{path}");
        self.find(path).and_then(scalar).and_then(Value::as_text)
    }

    /// Returns a setting that is a list of strings; a single string is a list of one.
    pub fn list(&self, path: &str) -> Option<Vec<&str>> {
        debug_assert!(table::kind(path).is_some(), "{path}");
        let value = self.find(path)?;
        Some(value.items().iter().filter_map(Value::as_text).collect())
    }
}

/// Returns a value, or the first of a list.
fn scalar<'a>(value: &'a Value<'static>) -> Option<&'a Value<'static>> {
    value.items().first()
}

fn to_flag(value: &Value<'static>) -> Option<bool> {
    match scalar(value)? {
        Value::Int(number) => Some(*number != 0),
        Value::Text(word) => flag_word(word),
        Value::Float(_) | Value::List(_) => None,
    }
}

/// Returns what a word for yes or no means.
fn flag_word(word: &str) -> Option<bool> {
    match word {
        "y" | "yes" | "on" | "true" => Some(true),
        "n" | "no" | "off" | "false" => Some(false),
        _ => None,
    }
}

/// Returns true if a tag's section is for all machines, or names this one.
fn is_on_host(tag: &Section<'_>, node_name: &str) -> bool {
    match tag.find("host_list") {
        None => true,
        Some(hosts) => hosts.items().iter().any(|host| host.as_text() == Some(node_name)),
    }
}

fn parse(text: &[u8], warnings: &mut Vec<String>) -> Result<Section<'static>, TextError> {
    let mut section = text::parse(text)?.into_owned();
    for (_, at) in section.merge_duplicates() {
        // LVM2 names the key as it was written, with or without its section.
        let rest = text.get(at as usize..).unwrap_or(&[]);
        let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || b"={#".contains(byte));
        let key = String::from_utf8_lossy(&rest[..end.unwrap_or(rest.len())]);
        warnings.push(format!("WARNING: Ignoring duplicate config value: {key}"));
    }
    Ok(section)
}

#[cfg(test)]
mod tests;
