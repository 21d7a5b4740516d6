//! Both programs' answers to random questions, held against each other: Extant's layout is never
//! worse than LVM2's.

use crate::placements::case::{Case, Use, runs_of, shown};
use crate::placements::draw::{self, PVS_MAX};
use crate::placements::order::{Rank, rank, rows};
use crate::placements::stand::{Answers, Stand};
use crate::world::program::Program;
use anyhow::{Context, ensure};
use extant_core::alloc::Layout;
use extant_core::alloc::check;
use extant_core::alloc::order::{self, Measure};
use extant_core::alloc::problem::Problem;
use extant_core::alloc::spec;
use extant_core::model::flags::AllocationPolicy;
use extant_core::units::Extents;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What two answers have to do with each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// Both refuse.
    Neither,
    /// The same extents in the same order.
    Identical,
    /// As good, in another place.
    Elsewhere(Cause),
    /// Extant's is better.
    Better(Step),
    /// Only Extant finds one.
    OnlyExtant(Cause),
    /// LVM2's is not allowed by the specification; Extant's is another, or there is none.
    Stricter,
    /// Extant's is worse.
    Worse,
    /// Only LVM2 finds one, and the specification allows it.
    OnlyLvm2,
    /// The allocator's own measure of one of both is not what counting its rows gives.
    OtherMeasure,
}

/// Why LVM2 puts extents in another place, or finds none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cause {
    /// Of equally long runs of one PV LVM2 takes another: its passes turn them about, also those
    /// that find nothing.
    EqualRuns,
    /// The LV has segments of several numbers of stripes: LVM2 clings to the PVs of all of them,
    /// the specification to those of segments with as many as are asked for.
    OtherStripes,
    /// With `maximise_cling=0` LVM2 takes the PVs that the LV is on in another order.
    NoMaximise,
    /// Where there is a list of tags, LVM2 prefers to put the stripes of a row on PVs that share
    /// none of them, and with *cling* finds no others.
    TagsApart,
    /// With *anywhere* LVM2 takes runs as it comes by them until a row is full, and then for each
    /// stripe the longest.
    Anywhere,
    /// LVM2 goes on with what it has placed before, and does not take that back.
    Greedy,
}

/// The first step of the order in which two layouts differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    /// Rows of the policy *contiguous*.
    Contiguous,
    /// Rows of the policy *cling*.
    Cling,
    /// Rows of the policy *cling by tags*.
    Tied,
    /// Rows of the policy *normal*.
    Apart,
    /// Segments added.
    Segments,
}

/// What became of all cases.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many there were of each kind, and some of them as text.
    pub verdicts: BTreeMap<Verdict, (u64, String)>,
}

/// Which cases there are.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// The seed of the first; each next has the next.
    pub seed: u64,
    /// How many.
    pub cases: u64,
    /// How many of each kind are kept as text; all of what must not be.
    pub examples: u64,
    /// Whether mirrors are extended.
    pub mirrors: bool,
}

impl Tally {
    /// Returns how many cases there were for which something holds.
    pub fn count(&self, holds: impl Fn(&Verdict) -> bool) -> u64 {
        self.verdicts
            .iter()
            .filter(|(verdict, _)| holds(verdict))
            .map(|(_, (count, _))| count)
            .sum()
    }
}

/// Asks both programs.
///
/// # Errors
/// If a program fails to work, or a layout of Extant's is no solution.
pub fn run(extant: Program, range: Range) -> anyhow::Result<Tally> {
    let stand = Stand::new(extant, PVS_MAX)?;
    let mut tally = Tally::default();
    for seed in range.seed..range.seed + range.cases {
        let case = if range.mirrors { draw::draw_mirror(seed) } else { draw::draw(seed) };
        let told = || format!("seed {seed}: {case}");
        let answers = stand.play(&case).with_context(told)?;
        let verdict = judge(&case, &answers).with_context(told)?;
        let kind = tally.verdicts.entry(verdict).or_default();
        kind.0 += 1;
        let is_bad = verdict >= Verdict::Worse && !range.mirrors;
        if kind.0 <= range.examples || is_bad {
            let _ = write!(kind.1, "seed {seed}: {case}{}", describe(&case, &answers));
        }
    }
    Ok(tally)
}

/// Compares two answers.
///
/// # Errors
/// If Extant's layout is no solution.
pub fn judge(case: &Case, answers: &Answers) -> anyhow::Result<Verdict> {
    let vg = case.vg()?;
    let before = case.segments();
    let problem = Problem::new(&vg, &case.request(&before));
    let extant = answers.extant.layout();
    if let Some(layout) = extant {
        ensure!(spec::allows(&problem, layout), "the specification refuses {}", shown(layout));
        ensure!(check::layout(&problem, layout).is_ok(), "the checker refuses {}", shown(layout));
    }
    let lvm2 = match (answers.lvm2.layout(), extant) {
        (None, None) => return Ok(Verdict::Neither),
        (None, Some(extant)) => {
            // Which other PVs LVM2 would prefer is no reason.
            let apart = Some(cause(case, extant)).filter(|cause| *cause == Cause::TagsApart);
            return Ok(Verdict::OnlyExtant(apart.unwrap_or(Cause::Greedy)));
        }
        (Some(lvm2), _) => lvm2,
    };
    if !spec::allows(&problem, lvm2) {
        return Ok(Verdict::Stricter);
    }
    let Some(extant) = extant else {
        return Ok(Verdict::OnlyLvm2);
    };
    if rows(lvm2) == rows(extant) {
        return Ok(Verdict::Identical);
    }
    let (theirs, ours) = (rank(case, lvm2), rank(case, extant));
    for (rank, layout) in [(&theirs, lvm2), (&ours, extant)] {
        if !is_same(rank, &order::measure(&problem, layout)) {
            return Ok(Verdict::OtherMeasure);
        }
    }
    Ok(match theirs.cmp(&ours) {
        std::cmp::Ordering::Less => Verdict::Better(first_difference(&theirs, &ours)),
        std::cmp::Ordering::Equal => Verdict::Elsewhere(if takes_equal_run(case, lvm2, extant) {
            Cause::EqualRuns
        } else {
            cause(case, extant)
        }),
        std::cmp::Ordering::Greater => Verdict::Worse,
    })
}

/// Whether the allocator's own measure says the same.
fn is_same(rank: &Rank, measured: &Measure) -> bool {
    let rows = [measured.contiguous, measured.cling, measured.tied, measured.apart];
    rows.map(Extents::get) == [rank.contiguous, rank.cling, rank.tied, rank.apart]
        && measured.segments == rank.segments
}

fn first_difference(theirs: &Rank, ours: &Rank) -> Step {
    let differ = [
        (Step::Contiguous, theirs.contiguous != ours.contiguous),
        (Step::Cling, theirs.cling != ours.cling),
        (Step::Tied, theirs.tied != ours.tied),
        (Step::Apart, theirs.apart != ours.apart),
    ];
    differ.iter().find(|(_, differ)| *differ).map_or(Step::Segments, |(step, _)| *step)
}

/// Finds why LVM2's layout is not Extant's; the first that may be is told.
fn cause(case: &Case, extant: &Layout) -> Cause {
    let mut numbers = case.before.iter().map(|part| part.areas.len());
    let first = numbers.next();
    if numbers.any(|number| Some(number) != first) {
        return Cause::OtherStripes;
    }
    if rows(extant).iter().any(|row| shares_tag(case, row)) {
        return Cause::TagsApart;
    }
    match case.policy {
        _ if !case.maximise_cling && !case.before.is_empty() => Cause::NoMaximise,
        AllocationPolicy::Anywhere => Cause::Anywhere,
        _ => Cause::Greedy,
    }
}

/// Whether the first difference is that of two equally long runs of a PV the other is taken.
fn takes_equal_run(case: &Case, lvm2: &Layout, extant: &Layout) -> bool {
    let (theirs, ours) = (rows(lvm2), rows(extant));
    let mut pairs = theirs.iter().flatten().zip(ours.iter().flatten());
    let Some((one, two)) = pairs.find(|(one, two)| one != two) else {
        return false;
    };
    let length = |(pv, place): &(usize, u64)| {
        let runs = runs_of(&case.pvs[*pv].extents, Use::Free);
        let run = runs.into_iter().find(|(start, length)| start == place && *length > 0);
        run.map(|(_, length)| length)
    };
    one.0 == two.0 && length(one).is_some() && length(one) == length(two)
}

/// Whether two extents of a row lie on PVs that share a listed tag.
fn shares_tag(case: &Case, row: &[(usize, u64)]) -> bool {
    let tags = row.iter().flat_map(|(pv, _)| {
        let tags: BTreeSet<&str> = case.pvs[*pv].tags.iter().copied().collect();
        tags.into_iter().filter(|tag| case.lists(tag))
    });
    let tags: Vec<&str> = tags.collect();
    tags.iter().collect::<BTreeSet<_>>().len() < tags.len()
}

fn describe(case: &Case, answers: &Answers) -> String {
    let mut out = String::new();
    for (name, answer) in [("LVM2", &answers.lvm2), ("Extant", &answers.extant)] {
        let _ = match answer.layout() {
            Some(layout) => writeln!(out, "  {name}: {}: {}", shown(layout), rank(case, layout)),
            None => writeln!(out, "  {name}: none"),
        };
    }
    out
}

/// Returns the counts in Markdown, and an example of each kind of difference.
pub fn report(tally: &Tally) -> String {
    let both = |verdict: &Verdict| {
        !matches!(verdict, Verdict::Neither | Verdict::OnlyExtant(_) | Verdict::Stricter)
    };
    let all = tally.count(|_| true);
    let found = tally.count(both);
    let identical = tally.count(|verdict| *verdict == Verdict::Identical);
    let share = (identical * 1000).checked_div(found).unwrap_or(0);
    let mut out = format!(
        "{all} cases; LVM2 finds a layout that the specification allows in {found}, identical in \
         {identical} ({}.{} %)\n\n| | cases |\n|---|--:|\n",
        share / 10,
        share % 10
    );
    for (verdict, (count, _)) in &tally.verdicts {
        let _ = writeln!(out, "| {} | {count} |", verdict.words());
    }
    for (verdict, (_, example)) in &tally.verdicts {
        if !matches!(verdict, Verdict::Neither | Verdict::Identical) {
            let _ = write!(out, "\n{}, for example:\n{example}", verdict.words());
        }
    }
    out
}

impl Verdict {
    /// Returns what it says.
    pub fn words(self) -> &'static str {
        match self {
            Self::Neither => "neither finds one",
            Self::Identical => "identical",
            Self::Elsewhere(Cause::EqualRuns) => "as good; another of equally long runs",
            Self::Elsewhere(Cause::OtherStripes) => "as good; segments with other stripes count",
            Self::Elsewhere(Cause::NoMaximise) => "as good; without maximise_cling",
            Self::Elsewhere(Cause::TagsApart) => "as good; stripes on PVs that share a tag",
            Self::Elsewhere(Cause::Anywhere) => "as good; anywhere",
            Self::Elsewhere(Cause::Greedy) => "as good; otherwise",
            Self::Better(Step::Contiguous) => "better: more rows contiguous",
            Self::Better(Step::Cling) => "better: more rows cling",
            Self::Better(Step::Tied) => "better: more rows cling by tags",
            Self::Better(Step::Apart) => "better: more rows on different PVs",
            Self::Better(Step::Segments) => "better: fewer segments",
            Self::OnlyExtant(Cause::TagsApart) => {
                "only Extant finds one; stripes on PVs that share a tag"
            }
            Self::OnlyExtant(_) => "only Extant finds one",
            Self::Stricter => "LVM2's is not allowed by the specification",
            Self::Worse => "WORSE than LVM2's",
            Self::OnlyLvm2 => "ONLY LVM2 finds one",
            Self::OtherMeasure => "MEASURED otherwise by the allocator",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cause, Step, Verdict, is_same, judge};
    use crate::placements::case::{Case, CasePv, Part, Use};
    use crate::placements::order::Rank;
    use crate::placements::stand::{Answer, Answers};
    use extant_core::alloc::order::Measure;
    use extant_core::alloc::{Layout, Piece};
    use extant_core::model::flags::AllocationPolicy;
    use extant_core::model::pv::PvIndex;
    use extant_core::units::{Extents, Pe};

    fn case(stripes: usize, policy: AllocationPolicy) -> Case {
        let mut extents = vec![Use::Free; 10];
        extents[4] = Use::Own;
        let pv = CasePv { extents, allocatable: true, tags: Vec::new() };
        let areas = (0..stripes).map(|pv| (pv, 4)).collect();
        Case {
            pvs: vec![pv; stripes + 1],
            before: vec![Part { rows: 1, areas }],
            rows: 4,
            stripes,
            legs: 1,
            policy,
            cling_tags: Vec::new(),
            maximise_cling: true,
            arguments: Vec::new(),
        }
    }

    /// Some pieces: rows, and for each stripe PV and first extent.
    type Pieces = [(u64, &'static [(u32, u64)])];

    fn answer(pieces: &Pieces) -> Answer {
        let piece = |(rows, areas): &(u64, &[(u32, u64)])| Piece {
            rows: Extents::new(*rows),
            areas: areas.iter().map(|(pv, pe)| (PvIndex(*pv), Pe::new(*pe))).collect(),
        };
        match pieces {
            [] => Answer::Refused(String::new()),
            pieces => Answer::Found(Layout { pieces: pieces.iter().map(piece).collect() }),
        }
    }

    /// The case's last PV has none of the LV.
    fn verdict(stripes: usize, lvm2: &Pieces, extant: &Pieces) -> Verdict {
        let mut case = case(stripes, AllocationPolicy::Normal);
        case.pvs[stripes].extents[4] = Use::Other;
        let answers = Answers { lvm2: answer(lvm2), extant: answer(extant) };
        judge(&case, &answers).unwrap()
    }

    #[test]
    fn a_worse_layout_is_seen() {
        let behind: &Pieces = &[(4, &[(0, 5)])];
        let before: &Pieces = &[(4, &[(0, 0)])];
        let other: &Pieces = &[(4, &[(1, 0)])];
        let parts: &Pieces = &[(3, &[(1, 0)]), (1, &[(1, 5)])];
        assert_eq!(verdict(1, behind, before), Verdict::Worse);
        assert_eq!(verdict(1, before, other), Verdict::Worse);
        assert_eq!(verdict(1, other, parts), Verdict::Worse);
        assert_eq!(verdict(1, other, &[]), Verdict::OnlyLvm2);
        assert_eq!(verdict(1, before, behind), Verdict::Better(Step::Contiguous));
        assert_eq!(verdict(1, other, before), Verdict::Better(Step::Cling));
        assert_eq!(verdict(1, parts, other), Verdict::Better(Step::Segments));
        assert_eq!(verdict(1, &[], parts), Verdict::OnlyExtant(Cause::Greedy));
        assert_eq!(verdict(1, &[], &[]), Verdict::Neither);
        assert_eq!(verdict(1, other, other), Verdict::Identical);
    }

    #[test]
    fn another_measure_is_seen() {
        let rank = |contiguous| Rank {
            contiguous,
            cling: 3,
            tied: 3,
            apart: 4,
            segments: std::cmp::Reverse(2),
        };
        let measured = Measure {
            contiguous: Extents::new(2),
            cling: Extents::new(3),
            tied: Extents::new(3),
            apart: Extents::new(4),
            segments: std::cmp::Reverse(2),
        };
        assert!(is_same(&rank(2), &measured));
        assert!(!is_same(&rank(3), &measured));
    }

    /// Where two layouts are as good, the case says what LVM2 goes by.
    #[test]
    fn other_places_have_causes() {
        let here: &Pieces = &[(4, &[(0, 0), (2, 0)])];
        let there: &Pieces = &[(4, &[(0, 5), (2, 0)])];
        let other: &Pieces = &[(4, &[(1, 5), (2, 0)])];
        let seen = |change: &dyn Fn(&mut Case), lvm2: &Pieces, extant: &Pieces| {
            let mut case = case(2, AllocationPolicy::Normal);
            case.pvs[2].extents[4] = Use::Other;
            change(&mut case);
            judge(&case, &Answers { lvm2: answer(lvm2), extant: answer(extant) }).unwrap()
        };
        let equal = |case: &mut Case| case.pvs[0].extents.truncate(9);
        assert_eq!(seen(&equal, here, there), Verdict::Elsewhere(Cause::EqualRuns));
        let same = |_: &mut Case| ();
        assert_eq!(seen(&same, here, there), Verdict::Elsewhere(Cause::Greedy));
        let lone = |case: &mut Case| case.maximise_cling = false;
        assert_eq!(seen(&lone, here, other), Verdict::Elsewhere(Cause::NoMaximise));
        let anywhere = |case: &mut Case| case.policy = AllocationPolicy::Anywhere;
        assert_eq!(seen(&anywhere, here, other), Verdict::Elsewhere(Cause::Anywhere));
        let tagged = |case: &mut Case| {
            case.pvs[1].tags = vec!["x"];
            case.pvs[2].tags = vec!["y", "x"];
            case.cling_tags = vec!["@x".to_owned()];
        };
        assert_eq!(seen(&tagged, &[], other), Verdict::OnlyExtant(Cause::TagsApart));
        assert_eq!(seen(&tagged, &[], here), Verdict::OnlyExtant(Cause::Greedy));
        let mixed = |case: &mut Case| {
            case.before.insert(0, Part { rows: 1, areas: vec![(2, 4)] });
            case.pvs[2].extents[4] = Use::Own;
        };
        assert_eq!(seen(&mixed, here, other), Verdict::Elsewhere(Cause::OtherStripes));
    }

    #[test]
    fn a_layout_that_is_not_allowed_is_no_answer() {
        let shared: &Pieces = &[(4, &[(0, 0), (0, 5)])];
        let allowed: &Pieces = &[(4, &[(0, 0), (1, 0)])];
        assert_eq!(verdict(2, shared, allowed), Verdict::Stricter);
        let answers = Answers { lvm2: answer(allowed), extant: answer(shared) };
        assert!(judge(&case(2, AllocationPolicy::Normal), &answers).is_err());
        assert!(judge(&case(2, AllocationPolicy::Anywhere), &answers).is_ok());
    }
}
