//! Which fields of reports are compared: all that LVM2 has, but for a table of exceptions.

use crate::world::program::Program;
use anyhow::ensure;
use std::path::Path;

/// Fields whose values may differ although both programs are right, each with the reason.
pub const EXCEPTIONS: &[(&str, &str)] = &[
    ("selected", "means something only together with a selection"),
    ("help", "is no field"),
    ("?", "is no field"),
];

/// The fields of each section that LVM2's `-o help` prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// Of VGs.
    pub vg: Vec<String>,
    /// Of LVs: their own, and what device-mapper knows of them.
    pub lv: Vec<String>,
    /// Of PVs and their labels.
    pub pv: Vec<String>,
    /// Of segments of LVs.
    pub seg: Vec<String>,
    /// Of segments of PVs.
    pub pvseg: Vec<String>,
}

impl Fields {
    /// Asks a program for its fields.
    ///
    /// # Errors
    /// If it has no such help.
    pub fn ask(program: &Program, system_dir: &Path) -> anyhow::Result<Self> {
        let outcome = program.run(system_dir, &["pvs", "-o", "help"])?;
        let fields = Self::parse(&(outcome.stderr + &outcome.stdout));
        ensure!(
            !fields.lv.is_empty() && !fields.pvseg.is_empty(),
            "{} does not list its fields: pvs -o help",
            program.name
        );
        Ok(fields)
    }

    /// Reads the sections of `-o help`.
    pub fn parse(help: &str) -> Self {
        let mut fields = Self {
            vg: Vec::new(),
            lv: Vec::new(),
            pv: Vec::new(),
            seg: Vec::new(),
            pvseg: Vec::new(),
        };
        let mut section: Option<&mut Vec<String>> = None;
        for line in help.lines().map(str::trim) {
            if line.ends_with(" Fields") {
                section = match line {
                    "Volume Group Fields" => Some(&mut fields.vg),
                    "Physical Volume Label Fields" | "Physical Volume Fields" => {
                        Some(&mut fields.pv)
                    }
                    "Logical Volume Segment Fields" => Some(&mut fields.seg),
                    "Physical Volume Segment Fields" => Some(&mut fields.pvseg),
                    _ if line.starts_with("Logical Volume ") => Some(&mut fields.lv),
                    _ => None,
                };
            } else if let (Some(section), Some((name, _))) = (&mut section, line.split_once(" - "))
            {
                let name = name.trim();
                if !name.ends_with("_all") && !is_exception(name) {
                    section.push(name.to_owned());
                }
            }
        }
        fields
    }

    /// Returns the fields that `other` lacks.
    pub fn missing_in(&self, other: &Self) -> Vec<String> {
        let pairs = [
            (&self.vg, &other.vg),
            (&self.lv, &other.lv),
            (&self.pv, &other.pv),
            (&self.seg, &other.seg),
            (&self.pvseg, &other.pvseg),
        ];
        pairs
            .into_iter()
            .flat_map(|(ours, theirs)| ours.iter().filter(|field| !theirs.contains(field)))
            .cloned()
            .collect()
    }
}

fn is_exception(field: &str) -> bool {
    EXCEPTIONS.iter().any(|(name, _)| *name == field)
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn sections_are_told_apart() {
        let help = "  Logical Volume Fields\n  ------\n    lv_all    - All fields.\n\
                    \x20   lv_name   - Name - of the LV.\n   \n  Logical Volume Device Info Fields\n\
                    \x20 ---\n    lv_active - x\n  Volume Group Fields\n    vg_name - Name\n\
                    \x20 Special Fields\n    help - Show help.\n";
        let fields = Fields::parse(help);
        assert_eq!(fields.lv, ["lv_name", "lv_active"]);
        assert_eq!(fields.vg, ["vg_name"]);
        assert!(fields.pv.is_empty());
        let fewer = Fields { lv: vec!["lv_name".to_owned()], ..fields.clone() };
        assert_eq!(fields.missing_in(&fewer), ["lv_active"]);
        assert!(fewer.missing_in(&fields).is_empty());
    }
}
