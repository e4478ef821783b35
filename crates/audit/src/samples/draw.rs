//! Drawing a sample from a ledger, putting it on record, and drawing it again to compare.
//! It refuses a universe without units and sizes that no spread can be told from; the seed is the caller's.

use std::path::Path;

use domain::event::{Event, Findings, SampleDrawn};
use domain::{Draft, KnownAt, Seq, Text, ValidDay};
use ledger::Ledger;
use rules::Engine;
use sampling::{Allocation, Seed, Universe};

use super::file::{self, AsOf, DrawnUnit, LedgerOf, Names, Sample, StratumOf, UniverseOf};
use super::query::Query;
use super::strata::StrataBy;
use super::universe::{Framed, UnitOf, choose};
use crate::beside_writers::{self, is_no_erasure};
use crate::cut::Cut;
use crate::error::AuditError;
use crate::office::put_on_record;
use crate::loaded::{self, Loaded};

/// How many units to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Size {
    /// So many, divided among the strata in proportion.
    Whole(u64),
    /// So many of each stratum.
    Each(Allocation),
}

impl Size {
    /// Reads `60`, or `A=30,B=20`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, AuditError> {
        let wrong = || AuditError::asked(format!("--size: {text:?} is no size"), "write a number, or one for each stratum as in MH-1=30,MH-2=20");
        let number = |text: &str| text.parse::<u64>().ok().filter(|n| *n > 0 && *n <= 1_000_000);
        if let Some(n) = number(text) {
            return Ok(Self::Whole(n));
        }
        let mut each = Allocation::new();
        for part in text.split(',') {
            let (name, n) = part.rsplit_once('=').ok_or_else(wrong)?;
            if each.insert(name.to_owned(), number(n).ok_or_else(wrong)?).is_some() {
                return Err(AuditError::asked(format!("--size: {name} stands twice"), "give one number for each stratum"));
            }
        }
        Ok(Self::Each(each))
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The query.
    pub query: Query,
    /// Claims or lines.
    pub unit: UnitOf,
    /// What strata are made by, if by anything.
    pub strata: Option<StrataBy>,
    /// How many.
    pub size: Size,
    /// The seed.
    pub seed: String,
    /// Up to where the ledger counts.
    pub cut: Cut,
    /// Evaluation day, if not the default.
    pub today: Option<ValidDay>,
    /// Whether the draw is put on record; only one from everything is.
    pub record: bool,
    /// The time a simulated ledger is to record.
    pub at: Option<KnownAt>,
}

/// A sample drawn and written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The sample.
    pub sample: Sample,
    /// Where it was written.
    pub names: Names,
}

/// Draws a sample, puts the draw on record, and writes its files.
///
/// If we stop here: after the event and before the files, the same command draws the same sample and finds the event there.
///
/// # Errors
/// A query, size or seed that cannot be; files that are there already; a ledger that cannot be read, or written.
pub fn draw(dir: &Path, asked: &Asked, to: &Path, now: KnownAt, progress: &dyn Fn(u64, u64)) -> Result<Drawn, AuditError> {
    let names = Names::of(to);
    names.must_be_free()?;
    let engine = loaded::engine()?;
    let record = asked.record && asked.cut == Cut::Head;
    let draw = |ledger: &Ledger| {
        let loaded = loaded::load(ledger, &engine, asked.cut, asked.today, now.local_day(), progress)?;
        Ok((loaded.frame.size, drawn(ledger, &engine, &loaded, asked)?))
    };
    let (sample, universe) = if record {
        let (mut ledger, (mut sample, universe)) = beside_writers::judged(dir, draw, is_no_erasure)?;
        sample.recorded_seq = Some(recorded(&mut ledger, &sample, asked.at, now)?.0);
        (sample, universe)
    } else {
        draw(&Ledger::open_reader(dir)?)?.1
    };
    file::write(&names, &sample, &universe)?;
    Ok(Drawn { sample, names })
}

/// Whether a sample comes out again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The sample of the file.
    pub sample: Sample,
    /// What comes out differently, in words; nothing if the same units are drawn from the same universe.
    pub differs: Vec<String>,
    /// Whether anything inside the cut was erased since, which can change what a rule finds.
    pub values_erased: bool,
}

/// Draws a sample again, from the same events, and compares.
///
/// # Errors
/// A file that is no sample, another ledger, a ledger that cannot be read.
pub fn check(dir: &Path, path: &Path, progress: &dyn Fn(u64, u64)) -> Result<Checked, AuditError> {
    let sample = Sample::read(path)?;
    let ledger = Ledger::open_reader(dir)?;
    if ledger.genesis().origin() != sample.ledger.origin {
        return Err(AuditError::asked(format!("the sample was drawn from {}, this is {}", sample.ledger.origin, ledger.genesis().origin()), "give the ledger it was drawn from with --ledger"));
    }
    let again = |what: &str| AuditError::asked(format!("{} has no readable {what}", path.display()), "it was changed after it was drawn");
    let unit = if sample.unit == UnitOf::Line.as_str() { UnitOf::Line } else { UnitOf::Claim };
    let today = ValidDay::parse(&sample.today).ok_or_else(|| again("day"))?;
    let asked = Asked {
        query: Query::parse(&sample.query)?,
        unit,
        strata: sample.strata_by.as_deref().map(StrataBy::parse).transpose()?,
        size: Size::Each(sample.strata.iter().map(|s| (s.stratum.clone(), s.size)).collect()),
        seed: sample.seed.clone(),
        cut: Cut::Seq(Seq(sample.as_of.seq)),
        today: Some(today),
        record: false,
        at: None,
    };
    let engine = loaded::engine()?;
    let loaded = loaded::load(&ledger, &engine, asked.cut, asked.today, today, progress)?;
    let mut differs = Vec::new();
    let mut say = |same: bool, what: String| if !same { differs.push(what) };
    say(loaded.frame.root == sample.ledger.root, format!("the first {} events of this ledger are not those it was drawn from", sample.ledger.size));
    match drawn(&ledger, &engine, &loaded, &asked) {
        Ok((now, _)) => {
            say(now.universe == sample.universe, format!("the universe is {} units with digest {}, not {} with {}", now.universe.units, now.universe.digest, sample.universe.units, sample.universe.digest));
            say(now.strata == sample.strata, "the strata have other counts".to_owned());
            say(now.drawn == sample.drawn && now.claims == sample.claims, "other units are drawn".to_owned());
        }
        Err(error) => say(false, error.to_string()),
    }
    Ok(Checked { sample, differs, values_erased: loaded.anybody_erased() })
}

fn drawn(ledger: &Ledger, engine: &Engine, loaded: &Loaded, asked: &Asked) -> Result<(Sample, Vec<Framed>), AuditError> {
    let seed = Seed::parse(&asked.seed).ok_or_else(|| AuditError::asked(format!("--seed: {:?} is no seed", asked.seed), "1 to 64 visible characters without blanks; let the reviewer choose it, and write down when"))?;
    let mut chosen = choose(ledger, engine, loaded, &asked.query, asked.unit, asked.strata.as_ref())?;
    if chosen.is_empty() {
        return Err(AuditError::asked(format!("no paid {} fits {}", asked.unit.as_str(), asked.query), "a universe holds live claims with a payment; loosen the query"));
    }
    chosen.sort_by(|a, b| a.unit.id.cmp(&b.unit.id));
    let unfit = |e: sampling::Unfit| AuditError::asked(e.to_string(), "this universe cannot be drawn from");
    let universe = Universe::new(chosen.iter().map(|framed| framed.unit.clone()).collect()).map_err(unfit)?;
    let strata = universe.strata();
    let sizes = match &asked.size {
        Size::Whole(size) => sampling::proportional(&strata, *size),
        Size::Each(each) => sampling::given(&strata, each),
    };
    let there = strata.iter().map(|s| format!("{}{}", if s.name.is_empty() { String::new() } else { format!("{}: ", s.name) }, s.units)).collect::<Vec<_>>().join(", ");
    let sizes = sizes.map_err(|e| AuditError::asked(format!("--size: {e}"), format!("the universe has {there}")))?;
    let units = sampling::draw(&universe, &sizes, &seed);

    let drawn: Vec<DrawnUnit> = units
        .iter()
        .filter_map(|unit| chosen.binary_search_by(|framed| framed.unit.id.cmp(&unit.id)).ok().and_then(|at| chosen.get(at)))
        .map(|framed| DrawnUnit {
            unit: framed.unit.id.clone(),
            claim: framed.claim.clone(),
            line: framed.line,
            stratum: framed.unit.stratum.clone(),
            service_date: framed.service_date.to_string(),
            paid_cents: framed.unit.paid,
        })
        .collect();
    let mut claims: Vec<String> = Vec::new();
    for unit in &drawn {
        if !claims.contains(&unit.claim) {
            claims.push(unit.claim.clone());
        }
    }
    let of = |name: &str| drawn.iter().filter(|unit| unit.stratum == name).map(|unit| unit.paid_cents).sum();
    let frame = &loaded.frame;
    let sample = Sample {
        schema: file::SCHEMA.to_owned(),
        ledger: LedgerOf { origin: frame.origin.clone(), size: frame.size, root: frame.root.clone(), simulated: frame.simulated },
        as_of: AsOf { seq: frame.as_of_seq, recorded_at: frame.as_of_recorded_at.to_string() },
        today: frame.today.to_string(),
        rule_set: frame.rule_set.clone(),
        query: asked.query.to_string(),
        unit: asked.unit.as_str().to_owned(),
        strata_by: asked.strata.as_ref().map(ToString::to_string),
        universe: UniverseOf {
            digest: format!("sha256:{}", universe.digest()),
            units: universe.units().len() as u64,
            paid_cents: universe.units().iter().map(|unit| unit.paid).sum(),
        },
        algorithm: sampling::draw::ALGORITHM.to_owned(),
        seed: seed.as_str().to_owned(),
        size: drawn.len() as u64,
        strata: strata
            .iter()
            .map(|s| StratumOf {
                stratum: s.name.clone(),
                units: s.units,
                paid_cents: s.paid,
                size: sizes.get(&s.name).copied().unwrap_or(0),
                drawn_paid_cents: of(&s.name),
            })
            .collect(),
        claims,
        drawn,
        recorded_seq: None,
    };
    Ok((sample, chosen))
}

fn recorded(ledger: &mut Ledger, sample: &Sample, at: Option<KnownAt>, now: KnownAt) -> Result<Seq, AuditError> {
    let text = |text: &str| Text::parse(text).map_err(|m| AuditError::asked(format!("the sample cannot be recorded: {} is not {}", m.found, m.wanted), "shorten the query"));
    let by = sample.strata_by.as_ref().map_or_else(String::new, |by| format!(", strata by {by}"));
    let universe = format!("{}: {} paid {}s, {} cents, {}{by}", sample.query, sample.universe.units, sample.unit, sample.universe.paid_cents, sample.universe.digest);
    let recorded_at = if sample.ledger.simulated { Some(at.unwrap_or(ledger.head()?.recorded_at)) } else { None };
    let event = SampleDrawn {
        universe: text(&universe)?,
        seed: text(&sample.seed)?,
        size: u32::try_from(sample.size).map_err(|_| AuditError::asked("the sample is too large to be recorded", "draw fewer units"))?,
        on: recorded_at.unwrap_or(now).local_day(),
    };
    let draft = Draft { recorded_at, ..Draft::bare(Event::Findings(Findings::SampleDrawn(event))) };
    Ok(put_on_record(ledger, &draft, now)?.seq())
}
