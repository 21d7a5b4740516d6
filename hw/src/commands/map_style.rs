//! How LVs are told apart in drawings: each has a letter and a colour, by the order of the names,
//! the same in the terminal and in SVG.

use super::exit::Failure;
use super::value;
use anstyle::{Ansi256Color, Style};
use extant_core::model::lv_table::LvId;
use extant_core::report::map::Map;
use std::collections::BTreeMap;

/// The letters, in turn.
const LETTERS: [u8; 62] = *b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// The colours, in turn: of the cube of xterm's 256, which all terminals show alike. Their number
/// and that of the letters have no divisor in common, so that a pair comes back after 1054 LVs.
const COLORS: [u8; 17] =
    [39, 208, 70, 176, 220, 37, 203, 105, 148, 173, 80, 169, 110, 107, 216, 134, 30];

/// The colours of text on them.
const BLACK: u8 = 16;
const WHITE: u8 = 231;
/// The colour of what needs a closer look.
const GREY: u8 = 250;
/// The colour of what is wrong.
const RED: u8 = 160;

/// How many characters a bar has at most where there is no terminal to ask.
const WIDTH: usize = 64;
/// What a line has beside a bar and a name.
const BESIDE: usize = 34;
/// The fewest and the most characters of a bar.
const WIDTH_MIN: usize = 16;
const WIDTH_MAX: usize = 10_000;

/// Options of drawings.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(super) struct DrawArgs {
    /// Whether drawings have colours: always, never, or on a terminal.
    #[arg(long, value_name = "always|auto|never", value_parser = value::color)]
    color: Option<Color>,
    /// How many characters a bar has at most.
    #[arg(long, value_name = "Number", value_parser = value::number)]
    width: Option<u32>,
}

/// Whether drawings have colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Color {
    Always,
    Auto,
    Never,
}

/// What is drawn on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Canvas {
    /// Whether it has colours.
    pub(super) color: bool,
    /// How many characters a bar has at most, if a user or a terminal said so.
    width: Option<Width>,
    /// Whether all is told, also what is long.
    pub(super) verbose: bool,
}

#[derive(Clone, Copy, Debug)]
enum Width {
    Bar(usize),
    Terminal(usize),
}

impl DrawArgs {
    /// Returns what is drawn on.
    ///
    /// # Errors
    /// If the bars would be too narrow or too wide.
    pub(super) fn canvas(self, verbosity: u8) -> Result<Canvas, Failure> {
        let stdout = std::io::stdout();
        let color = match self.color.unwrap_or(Color::Auto) {
            Color::Always => true,
            Color::Never => false,
            // Minds NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM.
            Color::Auto => anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never,
        };
        let width = match self.width.map(usize::try_from) {
            None => {
                let size = terminal_size::terminal_size_of(&stdout);
                size.map(|(width, _)| Width::Terminal(usize::from(width.0)))
            }
            Some(Ok(width @ 1..=WIDTH_MAX)) => Some(Width::Bar(width)),
            Some(_) => {
                return Err(Failure::Usage(format!("--width must be between 1 and {WIDTH_MAX}.")));
            }
        };
        Ok(Canvas { color, width, verbose: verbosity > 0 })
    }
}

impl Canvas {
    /// Returns how many characters a bar has at most, beside names of this length.
    pub(super) fn bar(&self, names: usize) -> usize {
        match self.width {
            Some(Width::Bar(width)) => width,
            Some(Width::Terminal(width)) => {
                width.saturating_sub(BESIDE + names).clamp(WIDTH_MIN, WIDTH_MAX)
            }
            None => WIDTH,
        }
    }

    /// Paints a text.
    pub(super) fn paint(&self, text: &str, style: Style) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// What an LV is drawn as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mark {
    /// Its letter.
    pub(super) letter: char,
    color: u8,
}

impl Mark {
    fn of(place: usize) -> Self {
        let letter = char::from(LETTERS[place % LETTERS.len()]);
        Self { letter, color: COLORS[place % COLORS.len()] }
    }

    /// Returns its colour for a terminal.
    pub(super) fn style(self) -> Style {
        on(self.color)
    }

    /// Returns its colour and that of text on it as SVG has them.
    pub(super) fn web(self) -> (String, &'static str) {
        let text = if text_on(self.color) == BLACK { "#000000" } else { "#ffffff" };
        let [red, green, blue] = rgb(self.color);
        (format!("#{red:02x}{green:02x}{blue:02x}"), text)
    }
}

/// Returns the style of what needs a closer look.
pub(super) fn several() -> Style {
    on(GREY)
}

/// Returns the style of what is wrong.
pub(super) fn wrong() -> Style {
    on(RED)
}

/// Returns the style of what is free.
pub(super) fn free() -> Style {
    Style::new().dimmed()
}

fn on(color: u8) -> Style {
    let text = Ansi256Color(text_on(color));
    Style::new().fg_color(Some(text.into())).bg_color(Some(Ansi256Color(color).into()))
}

/// Returns black or white, whichever is easier to read on a colour.
fn text_on(color: u8) -> u8 {
    let [red, green, blue] = rgb(color).map(u32::from);
    if red * 299 + green * 587 + blue * 114 > 110_000 { BLACK } else { WHITE }
}

/// Returns a colour of the cube or of the greys behind it.
fn rgb(color: u8) -> [u8; 3] {
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    if color >= 232 {
        return [8 + 10 * (color - 232); 3];
    }
    let place = usize::from(color.saturating_sub(16));
    [LEVELS[place / 36], LEVELS[place / 6 % 6], LEVELS[place % 6]]
}

/// Returns what each LV that lies on PVs is drawn as.
pub(super) fn marks(map: &Map) -> BTreeMap<LvId, Mark> {
    let placed = map.lvs.iter().filter(|lv| !lv.places.is_empty());
    placed.enumerate().map(|(place, lv)| (lv.lv, Mark::of(place))).collect()
}

#[cfg(test)]
mod tests {
    use super::{COLORS, LETTERS, Mark, rgb, text_on};
    use std::collections::BTreeSet;

    #[test]
    fn a_thousand_lvs_are_drawn_differently() {
        let marks: BTreeSet<(char, u8)> =
            (0..1054).map(|place| (Mark::of(place).letter, Mark::of(place).color)).collect();
        assert_eq!(marks.len(), LETTERS.len() * COLORS.len());
        assert_eq!(Mark::of(1054), Mark::of(0));
        let colors: BTreeSet<[u8; 3]> = COLORS.iter().map(|color| rgb(*color)).collect();
        assert_eq!(colors.len(), COLORS.len());
    }

    #[test]
    fn colours_are_xterms() {
        for (color, expected) in [
            (16, [0, 0, 0]),
            (39, [0, 175, 255]),
            (160, [215, 0, 0]),
            (208, [255, 135, 0]),
            (231, [255, 255, 255]),
            (232, [8, 8, 8]),
            (250, [188, 188, 188]),
        ] {
            assert_eq!(rgb(color), expected, "{color}");
        }
        assert_eq!([text_on(220), text_on(30), text_on(160)], [16, 231, 231]);
    }
}
