//! What `pvdisplay`, `vgdisplay` and `lvdisplay` share.

use super::exit::Failure;
use super::message::Messenger;
use extant_core::report::units::{Units, display_size};
use extant_core::units::Sectors;

/// Text of a display, a line per fact.
#[derive(Debug)]
pub(super) struct Display {
    lines: Vec<String>,
    /// How wide the names of facts are.
    width: usize,
    units: Units,
}

impl Display {
    /// Begins a display.
    pub(super) const fn new(width: usize, units: Units) -> Self {
        Self { lines: Vec::new(), width, units }
    }

    /// Adds a fact.
    pub(super) fn fact(&mut self, name: &str, value: impl std::fmt::Display) {
        let width = self.width;
        self.lines.push(format!("{name:<width$}{value}"));
    }

    /// Adds a line as it is.
    pub(super) fn line(&mut self, text: impl Into<String>) {
        self.lines.push(text.into());
    }

    /// Adds an empty line: LVM2 writes a blank.
    pub(super) fn gap(&mut self) {
        self.lines.push(String::from(" "));
    }

    /// Returns a size in words.
    pub(super) fn size(&self, size: Sectors) -> String {
        display_size(size, self.units)
    }

    /// Says it.
    pub(super) fn print(self, messenger: &mut Messenger) {
        for line in &self.lines {
            messenger.print(line);
        }
    }
}

/// Reads `--units` of a display; without it sizes are human-readable.
pub(super) fn units(text: Option<&str>) -> Result<Units, Failure> {
    text.map_or(Ok(Units::ROUNDED), |text| {
        Units::parse(text).map_err(|error| Failure::Usage(error.to_string()))
    })
}
