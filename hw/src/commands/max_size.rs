//! `max-size`: the largest volume of a shape that there is room for, and what bounds it.

use super::change_args::{PolicyArgs, StripeArgs};
use super::exit::Failure;
use super::names::{self, DIRECTORY};
use super::session::{Look, Session};
use super::table::Run;
use extant_core::model::flags::AllocationPolicy;
use extant_core::name::VgName;
use extant_core::ops::access::Shown;
use extant_core::ops::max_size::{self as operation, MaxSize as Largest, Request};
use extant_core::ops::{Stop, lvcreate, lvresize};
use extant_core::report::options::Kind;
use extant_core::size::extents::ExtentsArg;
use extant_core::size::path::{self, Target};
use extant_core::size::ranges::PvArg;
use extant_core::size::units::{Suffix, Units, write_size};
use extant_core::size::{Amount, Sign};
use extant_core::units::{Extents, Sectors};

/// Arguments of `max-size`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct MaxSize {
    /// The volume group, or the volume that is to grow; then the devices that may be used, as
    /// `PV[:EXTENTS]`.
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    #[command(flatten)]
    stripes: StripeArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    /// What sizes are in: r h b s k m g t p e, upper case for powers of 1000, or a number with one.
    #[arg(long, value_name = "UNIT")]
    units: Option<String>,
    /// Write sizes without units.
    #[arg(long)]
    nosuffix: bool,
}

impl Run for MaxSize {
    const NAME: &'static str = "max-size";
    const ABOUT: &'static str = "Find the largest volume that there is room for";
    const SYNTAX: &'static [&'static str] = &[
        "max-size VG [PV ...] [-i Number] [--alloc POLICY]",
        "max-size LV [PV ...] [-i Number] [--alloc POLICY]",
    ];

    fn run(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let [subject, devices @ ..] = self.args.as_slice() else {
            return Err(Failure::Syntax);
        };
        if self.stripes.stripes == Some(0) {
            return Err(Failure::Usage("--stripes may not be zero.".into()));
        }
        let (vg, request) = self.request(subject, devices)?;
        let options = session.report_options(Kind::Vgs)?;
        let units = match &self.units {
            Some(text) => Units::parse(text).map_err(|error| Failure::Usage(error.to_string()))?,
            None => options.units,
        };
        let suffix = if self.nosuffix || !options.suffix { Suffix::None } else { Suffix::Long };
        let look = Look { vgs: Some(vec![vg.clone()]), locked: true, shown: Shown::default() };
        let system = session.look_at(look)?;
        if let Some(reason) = session.why_hidden(&vg) {
            return Err(Failure::Failed(reason));
        }
        let found = match operation::max_size(&system, &request) {
            Ok(found) => found,
            Err(Stop::Refused(refused)) => {
                for message in refused.messages() {
                    session.messenger.message(&message);
                }
                let usage = refused.refusal.is_usage();
                return Err(if usage { Failure::Misused } else { Failure::Reported });
            }
            Err(stop) => unreachable!("nothing is asked or looked at: {stop:?}"),
        };
        let size = |sectors: Sectors| {
            let mut text = String::new();
            write_size(&mut text, sectors.to_bytes(), units, suffix);
            text
        };
        for line in self.told(&request, &found, &size) {
            session.messenger.print(&line);
        }
        Ok(())
    }
}

/// Returns a number of extents in words.
fn count(extents: Extents) -> String {
    match extents.get() {
        1 => String::from("1 extent"),
        count => format!("{count} extents"),
    }
}

impl MaxSize {
    /// Makes the request, and says in which VG.
    fn request(&self, subject: &str, devices: &[String]) -> Result<(VgName, Request), Failure> {
        let pvs: Vec<PvArg> = devices.iter().map(|text| PvArg::parse(text)).collect();
        let StripeArgs { stripes, stripesize } = self.stripes;
        // The operation puts its own in the place of this.
        let amount = Amount::Extents(ExtentsArg { sign: Sign::Plus, count: 1, percent: None });
        if let Ok(Target::Vg(vg)) = path::parse(subject, DIRECTORY) {
            let request = lvcreate::Request {
                stripes,
                stripe_size: stripesize,
                pvs,
                policy: self.policy.alloc.unwrap_or(AllocationPolicy::Inherit),
                ..lvcreate::Request::new(vg.clone(), amount)
            };
            return Ok((vg, Request::New(Box::new(request))));
        }
        if !subject.contains('/') {
            // It is no name of a VG: this says why.
            names::vg(subject)?;
        }
        let (vg, lv) = names::lv(subject)?;
        let request = lvresize::Request {
            vg: vg.clone(),
            lv,
            direction: lvresize::Direction::Extend,
            amount: Some(amount),
            stripes,
            stripe_size: stripesize,
            pvs,
            policy: self.policy.alloc,
            force: true,
            beside: lvresize::Beside::Nothing,
        };
        Ok((vg, Request::More(Box::new(request))))
    }

    /// Says what was found.
    fn told(
        &self,
        request: &Request,
        found: &Largest,
        size: &dyn Fn(Sectors) -> String,
    ) -> Vec<String> {
        let row = found.stripes as u64;
        let rows = found.extents.get() / row.max(1);
        let shape = match row {
            0 | 1 => count(found.extents),
            row => format!("{}, {rows} rows of {row} stripes", count(found.extents)),
        };
        let length = size(found.size);
        let first = match request {
            Request::New(request) => {
                format!("Largest new volume in {}: {length} ({shape}).", request.vg)
            }
            Request::More(request) => format!(
                "{}/{} can grow by {length} ({shape}) to {} ({}).",
                request.vg,
                request.lv,
                size(found.total_size),
                count(found.total)
            ),
        };
        let mut lines = vec![first, self.command(request, found)];
        match &found.bound {
            Some(bound) => {
                let more = if row > 1 { "One row more" } else { "One extent more" };
                lines.push(format!("{more}: {bound}"));
            }
            None => lines.push("A volume cannot have more extents.".into()),
        }
        lines
    }

    /// Returns the command line that does it.
    fn command(&self, request: &Request, found: &Largest) -> String {
        let mut words: Vec<String> = match request {
            Request::New(_) => vec!["lvcreate".into(), format!("-l {}", found.extents)],
            Request::More(_) => vec!["lvextend".into(), format!("-l +{}", found.extents)],
        };
        if let Some(stripes) = self.stripes.stripes {
            words.push(format!("-i {stripes}"));
        }
        if let Some(size) = self.stripes.stripesize {
            words.push(format!("-I {size}s"));
        }
        if let Some(policy) = self.policy.alloc {
            words.push(format!("--alloc {}", policy.as_str()));
        }
        let quoted = self.args.iter().map(|word| match shlex::try_quote(word) {
            Ok(word) => word.into_owned(),
            Err(_) => word.clone(),
        });
        words.extend(quoted);
        words.join(" ")
    }
}
