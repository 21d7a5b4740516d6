//! The machine and the moment: node name, time, system id, and the seed of new identities.

use extant_core::ops::system::HostFacts;
use extant_core::time::{TimeZone, write_time};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where this machine's system id comes from: `global/system_id_source`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum SystemIdSource {
    /// There is none.
    #[default]
    None,
    /// The value of `local/system_id`.
    Local(String),
    /// The node name.
    NodeName,
    /// The content of `/etc/machine-id`, or an id derived from it.
    MachineId,
    /// The first line of a file that is no comment.
    File(String),
}

/// Gathers the facts that operations may know.
///
/// # Errors
/// If the system gives no random bytes.
pub fn facts(
    command_line: String,
    source: &SystemIdSource,
    extra_system_ids: Vec<String>,
) -> io::Result<HostFacts> {
    let (node_name, uname) = names();
    let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
    let mut seed = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut seed)?;
    let system_id = system_id(source, &node_name);
    let zone = time_zone();
    Ok(HostFacts {
        node_name,
        uname,
        time,
        ctime: ctime(time, &zone),
        zone,
        command_line,
        system_id,
        extra_system_ids,
        seed,
    })
}

/// Returns this machine's node name.
pub fn node_name() -> String {
    names().0
}

/// Returns the node name, and the line LVM2 puts behind `creation_host`.
fn names() -> (String, String) {
    let Ok(name) = nix::sys::utsname::uname() else {
        return (String::from("localhost"), String::new());
    };
    let parts = [name.sysname(), name.nodename(), name.release(), name.version(), name.machine()]
        .map(|part| part.to_string_lossy().into_owned());
    (parts[1].clone(), parts.join(" "))
}

/// Returns a time as `ctime` writes it, without the newline.
pub fn ctime(seconds: u64, zone: &TimeZone) -> String {
    let mut text = String::new();
    write_time(&mut text, seconds, "%a %b %e %H:%M:%S %Y", zone);
    text
}

/// Returns the zone that `TZ` names, or without it the machine's: as the C library finds it.
fn time_zone() -> TimeZone {
    match std::env::var("TZ") {
        Ok(name) => named_zone(name.strip_prefix(':').unwrap_or(&name)),
        Err(_) => compiled_zone(Path::new("/etc/localtime")),
    }
    .unwrap_or_default()
}

fn named_zone(name: &str) -> Option<TimeZone> {
    // An absolute name stands for itself.
    let path = Path::new("/usr/share/zoneinfo").join(name);
    compiled_zone(&path).or_else(|| TimeZone::parse_rule(name))
}

fn compiled_zone(path: &Path) -> Option<TimeZone> {
    TimeZone::parse(&std::fs::read(path).ok()?)
}

/// Returns this machine's system id, if it has one.
pub fn system_id(source: &SystemIdSource, node_name: &str) -> Option<String> {
    let text = match source {
        SystemIdSource::None => return None,
        SystemIdSource::Local(id) => id.clone(),
        SystemIdSource::NodeName => node_name.to_owned(),
        SystemIdSource::MachineId => first_line(Path::new("/etc/machine-id"))?,
        SystemIdSource::File(path) => first_line(Path::new(path))?,
    };
    // LVM2 leaves out what can't be part of a VG name, hyphens at the start included.
    let allowed = |c: &char| c.is_ascii_alphanumeric() || "._-+".contains(*c);
    let id: String = text.chars().filter(allowed).collect();
    let id: String = id.trim_start_matches('-').chars().take(128).collect();
    let usable = !id.is_empty() && !id.starts_with("localhost");
    usable.then_some(id)
}

fn first_line(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
}

/// Draws a random number for the name of a file.
pub(crate) fn random_number() -> u32 {
    let mut bytes = [0; 4];
    let drawn = File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes));
    if drawn.is_err() {
        // Names are made unique by O_EXCL and link; randomness only saves attempts.
        return std::process::id();
    }
    u32::from_le_bytes(bytes) >> 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_reads_as_ctime_has_it() {
        assert_eq!(ctime(1_793_610_300, &TimeZone::UTC), "Mon Nov  2 09:05:00 2026");
    }

    #[test]
    fn zones_are_files_or_rules() {
        let shown = |name: &str| named_zone(name).map(|zone| zone.show(0));
        assert_eq!(shown("XYZ-5:30").as_deref(), Some("1970-01-01 05:30:00 +0530"));
        assert_eq!(shown("no/such/zone"), None);
        assert_eq!(shown("/etc/passwd"), None);
    }

    #[test]
    fn two_commands_have_two_seeds() {
        let get = || facts(String::from("lvs"), &SystemIdSource::None, Vec::new()).unwrap();
        let (one, two) = (get(), get());
        assert_ne!(one.seed, two.seed);
        assert_eq!(one.node_name, two.node_name);
        assert!(one.uname.contains(&one.node_name));
        assert!(one.time > 1_600_000_000);
        assert_eq!(one.ctime.len(), 24);
    }

    #[test]
    fn system_ids_keep_allowed_characters_only() {
        let local = |text: &str| system_id(&SystemIdSource::Local(text.into()), "node");
        assert_eq!(local("a b/c_d.e+f-g"), Some("abc_d.e+f-g".into()));
        assert_eq!(local("--x"), Some("x".into()));
        assert_eq!(local(""), None);
        assert_eq!(local(&"x".repeat(300)).map(|id| id.len()), Some(128));
        assert_eq!(system_id(&SystemIdSource::NodeName, "node"), Some("node".into()));
        assert_eq!(system_id(&SystemIdSource::NodeName, "localhost"), None);
    }
}
