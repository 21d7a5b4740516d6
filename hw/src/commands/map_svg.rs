//! The map of VGs as a picture: a bar for each PV with all its runs to scale, each with a title
//! that says what it is, and a legend. It needs nothing beside itself.

use super::map::Drawn;
use super::map_style::{Mark, marks};
use super::map_text;
use extant_core::model::lv_table::LvId;
use extant_core::report::map::{Part, PvMap, Run};
use extant_core::size::units::{Units, display_size};
use extant_core::units::Extents;
use quick_xml::Writer;
use quick_xml::events::BytesText;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

/// All lengths are in hundredths of a pixel.
const PIXEL: u64 = 100;
/// The width of the longest bar.
const BAR_WIDTH: u64 = 1000 * PIXEL;
const BAR_HEIGHT: u64 = 24 * PIXEL;
/// The distance between the tops of two bars, of two lines of text.
const PV_PITCH: u64 = 34 * PIXEL;
const LINE: u64 = 18 * PIXEL;
const MARGIN: u64 = 16 * PIXEL;
/// The width that a character takes, no less.
const CHARACTER: u64 = 8 * PIXEL;
/// Room for what is said behind a bar.
const BEHIND: u64 = 340 * PIXEL;

const FREE: &str = "#eeeeee";
const WRONG: &str = "#d70000";

type Out = Writer<Vec<u8>>;

/// Returns the picture.
pub(super) fn draw(drawn: &[Drawn<'_>]) -> Vec<u8> {
    let names = drawn.iter().flat_map(|drawn| {
        drawn.map.pvs.iter().map(|pv| drawn.pv_name(pv.pv).chars().count() as u64)
    });
    let left = MARGIN + names.max().unwrap_or(0) * CHARACTER + MARGIN;
    let vgs = drawn.iter().map(|drawn| {
        let lines = 4 + drawn.map.lvs.len() as u64;
        lines * LINE + drawn.map.pvs.len() as u64 * PV_PITCH + 2 * MARGIN
    });
    let (width, height) = (left + BAR_WIDTH + BEHIND, vgs.sum::<u64>() + MARGIN);
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 1);
    let [wide, high] = [width, height].map(|length| length.div_ceil(PIXEL).to_string());
    out.create_element("svg")
        .with_attributes([
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("width", wide.as_str()),
            ("height", high.as_str()),
            ("viewBox", format!("0 0 {wide} {high}").as_str()),
            ("font-family", "ui-monospace, monospace"),
            ("font-size", "13"),
        ])
        .write_inner_content(|out| {
            rect(out, [0, 0, width, height], "#ffffff", None)?;
            let mut top = MARGIN;
            for drawn in drawn {
                top = draw_vg(out, drawn, left, top)?;
            }
            Ok(())
        })
        .expect("memory takes all that is written");
    let mut bytes = out.into_inner();
    bytes.push(b'\n');
    bytes
}

fn pixels(length: u64) -> String {
    format!("{}.{:02}", length / PIXEL, length % PIXEL)
}

fn text(out: &mut Out, [x, y]: [u64; 2], fill: &str, text: &str) -> io::Result<()> {
    out.create_element("text")
        .with_attributes([
            ("x", pixels(x).as_str()),
            ("y", pixels(y).as_str()),
            ("fill", fill),
            // What it stands on tells its title.
            ("pointer-events", "none"),
        ])
        .write_text_content(BytesText::new(text))?;
    Ok(())
}

/// Draws a rectangle: left, top, width, height.
fn rect(out: &mut Out, place: [u64; 4], fill: &str, title: Option<&str>) -> io::Result<()> {
    let [x, y, width, height] = place.map(pixels);
    let element = out.create_element("rect").with_attributes([
        ("x", x.as_str()),
        ("y", y.as_str()),
        ("width", width.as_str()),
        ("height", height.as_str()),
        ("fill", fill),
    ]);
    match title {
        None => element.write_empty()?,
        Some(title) => element.write_inner_content(|out| {
            out.create_element("title").write_text_content(BytesText::new(title))?;
            Ok(())
        })?,
    };
    Ok(())
}

/// Draws the colour that a line of the legend is about.
fn swatch(out: &mut Out, top: u64, fill: &str) -> io::Result<()> {
    rect(out, [MARGIN, top - LINE * 3 / 4, LINE, LINE * 8 / 9], fill, None)
}

/// Draws a VG and returns where the next one begins.
fn draw_vg(out: &mut Out, drawn: &Drawn<'_>, left: u64, top: u64) -> io::Result<u64> {
    let vg = &drawn.view.vg;
    let marks = marks(&drawn.map);
    let longest = drawn.map.pvs.iter().map(|pv| pv.drawn().get()).max().unwrap_or(0);
    let head = format!(
        "{}: {} in {} extents of {}, {} free; to scale, but nothing is less than a pixel wide",
        vg.name,
        size(vg.size()),
        vg.extent_count(),
        size(vg.extent_size.sectors()),
        size(vg.extent_size.to_sectors(vg.free_count()))
    );
    let mut top = top + LINE;
    text(out, [MARGIN, top], "#000000", &head)?;
    top += MARGIN;
    for pv in &drawn.map.pvs {
        let middle = top + BAR_HEIGHT * 7 / 10;
        text(out, [MARGIN, middle], "#000000", drawn.pv_name(pv.pv))?;
        let bar = Bar { drawn, marks: &marks, left, top, longest };
        bar.draw(out, pv)?;
        let mut about = format!("{} extents, {} free", pv.count, pv.free);
        if drawn.is_missing(pv.pv) {
            about.push_str(", missing");
        }
        if !drawn.is_allocatable(pv.pv) {
            about.push_str(", not allocatable");
        }
        let end = left + share(pv.drawn().get(), longest) + PIXEL * 10;
        text(out, [end, middle], "#000000", &about)?;
        top += PV_PITCH;
    }
    for lv in &drawn.map.lvs {
        let Some(mark) = marks.get(&lv.lv) else {
            continue;
        };
        top += LINE;
        let (fill, on_it) = mark.web();
        swatch(out, top, &fill)?;
        text(out, [MARGIN + CHARACTER / 2, top], on_it, &mark.letter.to_string())?;
        let line = map_text::row(drawn, lv).map(|word| word.trim_end().to_owned()).join("  ");
        text(out, [MARGIN + LINE + CHARACTER, top], "#000000", &line)?;
    }
    top += LINE;
    swatch(out, top, FREE)?;
    text(out, [MARGIN + LINE + CHARACTER, top], "#000000", "free")?;
    Ok(top + LINE + MARGIN)
}

fn size(sectors: extant_core::units::Sectors) -> String {
    display_size(sectors, Units::HUMAN)
}

/// Returns the width of so many extents, of which `longest` fill a bar.
fn share(extents: u64, longest: u64) -> u64 {
    let width = u128::from(extents) * u128::from(BAR_WIDTH) / u128::from(longest.max(1));
    u64::try_from(width).unwrap_or(BAR_WIDTH)
}

/// Where a PV is drawn.
struct Bar<'a> {
    drawn: &'a Drawn<'a>,
    marks: &'a BTreeMap<LvId, Mark>,
    left: u64,
    top: u64,
    longest: u64,
}

impl Bar<'_> {
    fn draw(&self, out: &mut Out, pv: &PvMap) -> io::Result<()> {
        let width = |run: &Run| share(run.extents.get(), self.longest);
        let free = |run: &&Run| run.part.is_none() && run.start.get() < pv.count.get();
        // Those that are drawn wider than they are come last, so that none hides another's.
        let claimed = |run: &&Run| run.part.is_some();
        let (wide, narrow): (Vec<&Run>, Vec<&Run>) =
            pv.runs.iter().filter(claimed).partition(|run| width(run) >= PIXEL);
        for run in pv.runs.iter().filter(free).chain(wide).chain(narrow) {
            self.draw_run(out, pv, run)?;
        }
        Ok(())
    }

    fn draw_run(&self, out: &mut Out, pv: &PvMap, run: &Run) -> io::Result<()> {
        let mark = run.part.as_ref().and_then(|part| self.marks.get(&part.owner));
        let is_wrong = !run.others.is_empty() || run.end().get() > pv.count.get();
        let (fill, on_it) = match mark {
            _ if is_wrong => (WRONG.to_owned(), "#ffffff"),
            Some(mark) => mark.web(),
            None => (FREE.to_owned(), "#000000"),
        };
        let x = self.left + share(run.start.get(), self.longest);
        let end = self.left + share(run.end().get(), self.longest);
        let width = (end - x).max(PIXEL);
        rect(out, [x, self.top, width, BAR_HEIGHT], &fill, Some(&self.title(pv, run)))?;
        let Some(part) = &run.part else {
            return Ok(());
        };
        let name = self.drawn.view.vg.lvs.name(part.owner);
        if (name.chars().count() as u64 + 1) * CHARACTER <= width {
            text(out, [x + CHARACTER / 2, self.top + BAR_HEIGHT * 7 / 10], on_it, name)?;
        }
        Ok(())
    }

    /// Says what a run is: which logical extents, and where.
    fn title(&self, pv: &PvMap, run: &Run) -> String {
        let lvs = &self.drawn.view.vg.lvs;
        let place = format!(
            "{}:{}-{} ({} extents)",
            self.drawn.pv_name(pv.pv),
            run.start,
            run.end().get() - 1,
            run.extents
        );
        let Some(part) = &run.part else {
            return format!("free: {place}");
        };
        let mut title = format!("{} on {place}", part_words(self.drawn, part));
        for other in &run.others {
            title.push_str(", claimed by ");
            title.push_str(lvs.name(*other));
            title.push_str(" too");
        }
        if run.end().get() > pv.count.get() {
            title.push_str(", beyond its end");
        }
        title
    }
}

fn part_words(drawn: &Drawn<'_>, part: &Part) -> String {
    let lvs = &drawn.view.vg.lvs;
    let last = part.le.after(part.les - Extents::new(1));
    let mut words = format!("{}:{}-{last}", lvs.name(part.lv), part.le);
    if part.stripes > 1 {
        let _ = write!(words, ", {} of {}", part.stripe + 1, part.stripes);
    }
    if part.owner != part.lv {
        let _ = write!(words, ", part of {},", lvs.name(part.owner));
    }
    words
}
