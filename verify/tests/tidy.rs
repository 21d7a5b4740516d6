//! Rules of the house that no lint knows: lengths, layers, purity, leftovers, dead files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The crates.
const CRATES: [&str; 5] = ["core", "sim", "hw", "bench", "verify"];
/// Lines a file may have without its tests.
const FILE_LINES: usize = 500;
/// Lines a function may have.
const FUNCTION_LINES: usize = 70;
/// Columns a line may have, unless it holds a string, which nobody breaks.
const COLUMNS: usize = 100;
/// The floors of core's modules: each imports from itself and from lower floors only.
const FLOORS: [(&str, u8); 14] = [
    ("crc", 0),
    ("id", 0),
    ("name", 0),
    ("units", 0),
    ("size", 1),
    ("time", 2),
    ("format", 2),
    ("model", 2),
    ("alloc", 3),
    ("codec", 3),
    ("ops", 4),
    ("plan", 5),
    ("report", 5),
    ("driver", 6),
];
/// Words that must not stand in `core`: the world outside, and what has no order.
const IMPURE: [&str; 9] = [
    "std::",
    "HashMap",
    "HashSet",
    "SystemTime",
    "Instant",
    "println!",
    "eprintln!",
    "extern \"C\"",
    "include_bytes!",
];
/// Words of unfinished work.
const LEFTOVERS: [&str; 6] = ["TODO", "FIXME", "XXX", "HACK", "dbg!", "todo!("];

/// Exceptions: the rule, a part of the place's name, the reason.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("leftovers", "verify/tests/tidy.rs", "the words are listed here"),
    ("unsafe", "verify/tests/tidy.rs", "the word is looked for here"),
    ("unsafe", "verify/src/proof/", "the checker that is proved is in C"),
];

/// A source file, with the parts that are tests told apart.
struct Source {
    /// From the root of the workspace.
    path: String,
    /// All lines.
    lines: Vec<String>,
    /// Index of the first line of the tests within; the number of lines if there are none.
    tests_at: usize,
    /// Whether all of it is tests.
    is_test: bool,
}

impl Source {
    fn code(&self) -> &[String] {
        if self.is_test { &[] } else { &self.lines[..self.tests_at] }
    }

    /// The lines of code without comments.
    fn plain_code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.code().iter().enumerate();
        numbered
            .map(|(number, line)| (number + 1, line.as_str()))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(number, line)| (number, line.split(" // ").next().unwrap_or(line)))
    }
}

fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().expect("the crate lies in the workspace").to_owned()
}

fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    for name in CRATES {
        collect(&root().join(name), &mut files);
    }
    files.sort();
    assert!(files.len() > 50, "the sources are found");
    files.iter().map(|path| read(path)).collect()
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a directory of ours") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn read(path: &Path) -> Source {
    let text = fs::read_to_string(path).expect("a source is UTF-8");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let tests_at = lines
        .windows(2)
        .position(|pair| {
            pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
        })
        .unwrap_or(lines.len());
    let relative = path.strip_prefix(root()).expect("found below").display().to_string();
    let is_test = relative.contains("/tests/") || relative.ends_with("/tests.rs");
    Source { path: relative, lines, tests_at, is_test }
}

/// Fails with all findings that are not excepted.
fn report(rule: &str, findings: Vec<String>) {
    let excepted = |finding: &String| {
        ALLOWED.iter().any(|(allowed, part, _)| *allowed == rule && finding.contains(part))
    };
    let broken: Vec<String> = findings.into_iter().filter(|f| !excepted(f)).collect();
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut findings = Vec::new();
    for source in sources() {
        if source.code().len() > FILE_LINES {
            findings.push(format!("{}: {} lines", source.path, source.code().len()));
        }
        // Of `foo/tests.rs` the file above tells.
        let told = source.path.ends_with("/tests.rs")
            || source.lines.first().is_some_and(|line| line.starts_with("//! "));
        if !told {
            findings.push(format!("{}: the first line says nothing", source.path));
        }
    }
    report("file length", findings);
}

#[test]
fn lines_are_short() {
    let mut findings = Vec::new();
    for source in sources() {
        for (number, line) in source.lines.iter().enumerate() {
            let is_text = line.contains('"') || line.ends_with('\\');
            if line.chars().count() > COLUMNS && !is_text && !line.contains("http") {
                findings.push(format!("{}:{}", source.path, number + 1));
            }
        }
    }
    report("columns", findings);
}

#[test]
fn functions_are_short() {
    let mut findings = Vec::new();
    for source in sources() {
        for (start, length) in functions(source.code()) {
            if length > FUNCTION_LINES {
                findings.push(format!("{}:{}: {length} lines", source.path, start + 1));
            }
        }
    }
    report("function length", findings);
}

/// Finds functions by the form that rustfmt gives them: the end stands below the start.
fn functions(code: &[String]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (start, line) in code.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let words = line.trim_start().split(' ').take_while(|word| *word != "fn");
        let is_function = line.trim_start().split(' ').any(|word| word == "fn")
            && words.clone().all(|word| {
                let word = word.trim_end_matches(['(', ')']);
                ["pub", "const", "unsafe", "async", "extern"].contains(&word)
                    || word.starts_with("pub(")
                    || word == "super)"
                    || word == "crate)"
            });
        if !is_function {
            continue;
        }
        let end = format!("{}}}", " ".repeat(indent));
        let length = code[start..].iter().position(|line| *line == end);
        let one_line = line.ends_with('}') || line.ends_with(';');
        if let (Some(length), false) = (length, one_line) {
            found.push((start, length + 1));
        }
    }
    found
}

#[test]
fn nothing_unfinished_is_left() {
    let mut findings = Vec::new();
    for source in sources() {
        for (number, line) in source.lines.iter().enumerate() {
            // A word of its own: `MAX_TODO` or `XXXX` are none.
            let found = LEFTOVERS.iter().any(|word| {
                line.match_indices(word).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    let after = line[at + word.len()..].chars().next();
                    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                    !is_part(before) && (!is_part(after) || word.ends_with(['!', '(']))
                })
            });
            if found {
                findings.push(format!("{}:{}: {line}", source.path, number + 1));
            }
        }
    }
    report("leftovers", findings);
}

#[test]
fn core_is_pure() {
    let mut findings = Vec::new();
    let root = root();
    let lib = fs::read_to_string(root.join("core/src/lib.rs")).unwrap();
    assert!(lib.contains("\n#![no_std]\n"));
    assert!(lib.contains("\n#![forbid(unsafe_code)]\n"));
    for source in sources().iter().filter(|s| s.path.starts_with("core/src/")) {
        for (number, line) in source.plain_code() {
            let line = line.replace("std_alloc::", "");
            if let Some(word) = IMPURE.iter().find(|word| line.contains(**word)) {
                findings.push(format!("{}:{number}: {word}", source.path));
            }
        }
    }
    report("purity", findings);
}

#[test]
fn core_imports_from_lower_floors_only() {
    let floors: BTreeMap<&str, u8> = FLOORS.into_iter().collect();
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for source in sources().iter().filter(|s| s.path.starts_with("core/src/")) {
        let own = source.path["core/src/".len()..].split(['/', '.']).next().unwrap();
        if own == "lib" {
            continue;
        }
        let Some(own_floor) = floors.get(own) else {
            findings.push(format!("{}: module {own} has no floor", source.path));
            continue;
        };
        for (number, line) in source.plain_code() {
            for used in line.split("crate::").skip(1) {
                let used: String =
                    used.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                match floors.get(used.as_str()) {
                    Some(floor) if used == own || floor < own_floor => {
                        seen.insert(used.clone());
                    }
                    Some(_) => findings.push(format!("{}:{number}: uses {used}", source.path)),
                    None => findings.push(format!("{}:{number}: unknown {used}", source.path)),
                }
            }
        }
    }
    assert!(seen.contains("model"), "imports are seen at all");
    report("layers", findings);
}

#[test]
fn crates_know_only_those_they_may() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("core", &[][..]),
        ("sim", &["extant-core"][..]),
        ("hw", &["extant-core"][..]),
        ("verify", &["extant-core", "extant-sim", "extant-hw"][..]),
        ("bench", &["extant-core", "extant-sim", "extant-hw", "extant-verify"][..]),
    ]);
    let mut findings = Vec::new();
    for name in CRATES {
        let manifest = fs::read_to_string(root().join(name).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("dependencies]").skip(1).collect::<String>();
        for line in dependencies.lines().filter(|line| line.starts_with("extant-")) {
            let dependency = line.split(['.', ' ', '=']).next().unwrap();
            if !allowed[name].contains(&dependency) {
                findings.push(format!("{name} depends on {dependency}"));
            }
        }
    }
    report("crates", findings);
}

#[test]
fn unsafe_code_stays_in_its_room() {
    let mut findings = Vec::new();
    for source in sources() {
        if source.path.starts_with("hw/src/sys/") {
            continue;
        }
        for (number, line) in source.plain_code() {
            // Within quotes it is somebody else's word.
            let code: String = line.split('"').step_by(2).collect();
            if code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == "unsafe") {
                findings.push(format!("{}:{number}", source.path));
            }
        }
    }
    report("unsafe", findings);
}

#[test]
fn every_file_is_part_of_its_crate() {
    let mut findings = Vec::new();
    let sources = sources();
    for source in &sources {
        let Some((krate, inner)) = source.path.split_once("/src/") else {
            continue; // tests, benches and the like are found by cargo
        };
        if ["lib.rs", "main.rs"].contains(&inner) || inner.starts_with("bin/") {
            continue;
        }
        let inner = inner.strip_suffix(".rs").unwrap();
        let inner = inner.strip_suffix("/mod").unwrap_or(inner);
        let (parent, name) = inner.rsplit_once('/').unwrap_or(("", inner));
        let parents = if parent.is_empty() {
            vec![format!("{krate}/src/lib.rs"), format!("{krate}/src/main.rs")]
        } else {
            let parent = format!("{krate}/src/{parent}");
            vec![format!("{parent}.rs"), format!("{parent}/mod.rs"), format!("{parent}/main.rs")]
        };
        let declares = |line: &String| line.trim().ends_with(&format!("mod {name};"));
        let declared = sources
            .iter()
            .filter(|parent| parents.contains(&parent.path))
            .any(|parent| parent.lines.iter().any(declares));
        if !declared {
            findings.push(source.path.clone());
        }
    }
    report("dead files", findings);
}

#[test]
fn the_rules_see_what_breaks_them() {
    let long: Vec<String> =
        ["fn f() {", "    1", "}", "pub(crate) fn g() {", "}"].map(str::to_owned).to_vec();
    assert_eq!(functions(&long), [(0, 3), (3, 2)]);
    let nested: Vec<String> =
        ["impl A {", "    pub const fn h(", "        &self,", "    ) {", "    }", "}"]
            .map(str::to_owned)
            .to_vec();
    assert_eq!(functions(&nested), [(1, 4)]);
    assert!(functions(&["    let x = f(|fn_name| 1);".to_owned()]).is_empty());
}
