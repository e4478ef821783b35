//! The loops of an 837, institutional or professional, to claims: who bills, for whom, which lines, what is replaced or voided.
//! Reads what a claim event needs and passes over the rest; a claim with anything wrong in that is refused as a whole.

use std::sync::Arc;

use domain::ValidDay;
use domain::field::Mismatch;

use crate::found::{Claim, Found, Frequency, Item, Line, Origin};
use crate::problem::Problem;
use crate::segment::{Segment, day};

/// The most lines a claim has: the guides allow 999 institutional and 50 professional ones.
pub const MAX_LINES: usize = 999;

/// Which guide a set follows, which decides what its lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Institutional,
    Professional,
}

/// Where in a claim the reader stands, because the same segment means something else elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Before any claim: providers, subscribers.
    Parties,
    /// Loop 2300.
    Claim,
    /// Loops 2310 and 2320: other providers, other payers.
    Others,
    /// Loop 2400.
    Line,
    /// Loops below a line: drugs, providers, other payers' adjudication.
    BelowLine,
}

/// Whom a hierarchical level is about.
#[derive(Debug, Clone, Default)]
struct Parties {
    npi: Option<String>,
    taxonomy: Option<String>,
    member: Option<String>,
    payer: Option<String>,
    dependent: bool,
}

/// The state of one transaction set.
#[derive(Debug)]
pub(crate) struct Claims {
    kind: Kind,
    origin: Arc<Origin>,
    within: Within,
    parties: Parties,
    claim: Option<Claim>,
    /// Whether the claim under way has a problem already.
    broken: bool,
    /// Whether BHT said when the claims were submitted.
    dated: bool,
}

/// How much of an id or number is taken; ids of events have 64 characters.
const MAX_NUMBER: usize = 50;

impl Claims {
    pub(crate) fn new(kind: Kind, origin: Arc<Origin>) -> Self {
        Self { kind, origin, within: Within::Parties, parties: Parties::default(), claim: None, broken: false, dated: false }
    }

    /// BHT: when the set was made, which is when its claims were submitted.
    fn beginning(&mut self, s: &Segment<'_>) -> Result<(), Problem> {
        let at = s.instant(4, 5)?;
        self.origin = Arc::new(Origin { at, ..(*self.origin).clone() });
        self.dated = true;
        Ok(())
    }

    /// Takes the next segment of the set.
    pub(crate) fn take(&mut self, s: &Segment<'_>, found: &mut dyn FnMut(Found)) {
        match self.read(s, found) {
            Ok(()) => {}
            Err(problem) => {
                self.broken = true;
                found(Found::Problem(problem));
            }
        }
    }

    fn read(&mut self, s: &Segment<'_>, found: &mut dyn FnMut(Found)) -> Result<(), Problem> {
        match s.id() {
            b"BHT" => self.beginning(s)?,
            b"HL" => {
                self.finish(found);
                self.level(s);
            }
            b"CLM" => {
                self.finish(found);
                (self.within, self.broken) = (Within::Claim, false);
                self.claim = Some(self.begin(s)?);
            }
            b"PRV" if self.within == Within::Parties && s.element(1) == b"BI" => self.parties.taxonomy = owned(s.optional(3, 0, MAX_NUMBER)?),
            b"NM1" => self.name(s)?,
            b"SBR" if self.within == Within::Claim => self.within = Within::Others,
            b"LX" if self.claim.is_some() => self.within = Within::Line,
            b"SV1" | b"SV2" | b"SV3" => self.line(s)?,
            b"LIN" | b"SVD" | b"CTP" | b"LQ" if self.within == Within::Line => self.within = Within::BelowLine,
            b"REF" => self.reference(s)?,
            b"HI" if self.within == Within::Claim => self.information(s)?,
            b"DTP" => self.date(s)?,
            _ => {}
        }
        Ok(())
    }

    fn level(&mut self, s: &Segment<'_>) {
        self.within = Within::Parties;
        match s.element(3) {
            b"20" => self.parties = Parties::default(),
            b"22" => (self.parties.member, self.parties.payer, self.parties.dependent) = (None, None, false),
            b"23" => self.parties.dependent = true,
            _ => {}
        }
    }

    fn name(&mut self, s: &Segment<'_>) -> Result<(), Problem> {
        match self.within {
            Within::Parties => {
                let slot = match s.element(1) {
                    b"85" => &mut self.parties.npi,
                    b"IL" => &mut self.parties.member,
                    b"PR" => {
                        self.parties.payer = owned(s.optional(9, 0, 80)?.or(s.optional(3, 0, 80)?));
                        return Ok(());
                    }
                    _ => return Ok(()),
                };
                *slot = owned(s.optional(9, 0, MAX_NUMBER)?);
            }
            Within::Claim => self.within = Within::Others,
            Within::Line => self.within = Within::BelowLine,
            Within::Others | Within::BelowLine => {}
        }
        Ok(())
    }

    fn begin(&self, s: &Segment<'_>) -> Result<Claim, Problem> {
        if !self.dated {
            return Err(s.problem(Mismatch::new("a claim", "a BHT before it, which says when it was submitted")));
        }
        let frequency = match s.component(5, 3) {
            b"7" => Frequency::Replacement,
            b"8" => Frequency::Void,
            b"1" | b"2" | b"3" | b"4" | b"9" => Frequency::Original,
            _ => return Err(s.wrong(5, 3, "a claim frequency code: 1, 7 (replacement) or 8 (void)")),
        };
        Ok(Claim {
            segment: s.ordinal(),
            origin: Arc::clone(&self.origin),
            number: s.required(1, 0, MAX_NUMBER, "the claim's number")?.to_owned(),
            charge: s.cents(2)?,
            frequency,
            original: None,
            medical_record: None,
            rate_code: None,
            billing_npi: self.parties.npi.clone(),
            taxonomy: self.parties.taxonomy.clone(),
            member: self.parties.member.clone(),
            dependent: self.parties.dependent,
            payer: self.parties.payer.clone(),
            days: None,
            lines: Vec::new(),
        })
    }

    fn line(&mut self, s: &Segment<'_>) -> Result<(), Problem> {
        let (kind, id) = (self.kind, s.id());
        let Some(claim) = &mut self.claim else { return self.outside(s) };
        self.within = Within::Line;
        let (procedure, charge, basis, quantity) = match (kind, id) {
            (Kind::Institutional, b"SV2") => (2, 3, 4, 5),
            (Kind::Professional, b"SV1") => (1, 2, 3, 4),
            (Kind::Institutional, _) => {
                return Err(s.problem(Mismatch::new("a professional or dental service line in an institutional claim", "SV2")
                    .hint("the set says it follows the institutional guide (005010X223) and does not")));
            }
            (Kind::Professional, _) => {
                return Err(s.problem(Mismatch::new("an institutional or dental service line in a professional claim", "SV1")
                    .hint("the set says it follows the professional guide (005010X222) and does not")));
            }
        };
        if claim.lines.len() == MAX_LINES {
            return Err(s.problem(Mismatch::new("one more service line", format!("at most {MAX_LINES} in a claim"))));
        }
        let code = match s.optional(procedure, 2, 48)? {
            Some(code) => code.to_owned(),
            None if kind == Kind::Institutional => format!("revenue:{}", s.required(1, 0, 48, "a revenue code")?),
            None => return Err(s.wrong(procedure, 2, "a procedure code")),
        };
        let mut modifiers = Vec::new();
        for m in 3..=6 {
            modifiers.extend(owned(s.optional(procedure, m, 2)?));
        }
        claim.lines.push(Line {
            segment: s.ordinal(),
            code,
            modifiers,
            quantity: s.thousandths(quantity, "a quantity, with at most three decimals")?,
            basis: s.required(basis, 0, 2, "a unit, as in UN")?.to_owned(),
            charge: s.cents(charge)?,
            days: None,
            control: None,
        });
        Ok(())
    }

    /// A segment that belongs to a claim and stands in none. One whose CLM was refused has been spoken of already.
    fn outside(&self, s: &Segment<'_>) -> Result<(), Problem> {
        if self.broken { Ok(()) } else { Err(s.problem(Mismatch::new("a service line outside of a claim", "a CLM before it"))) }
    }

    fn reference(&mut self, s: &Segment<'_>) -> Result<(), Problem> {
        let Some(claim) = &mut self.claim else { return Ok(()) };
        match (self.within, s.element(1)) {
            (Within::Claim, b"F8") => claim.original = owned(s.optional(2, 0, MAX_NUMBER)?),
            (Within::Claim, b"EA") => claim.medical_record = owned(s.optional(2, 0, MAX_NUMBER)?),
            (Within::Line, b"6R") => {
                let control = owned(s.optional(2, 0, MAX_NUMBER)?);
                if let Some(line) = claim.lines.last_mut() {
                    line.control = control;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Value code 24 carries the rate code in the place of the amount.
    fn information(&mut self, s: &Segment<'_>) -> Result<(), Problem> {
        let Some(claim) = &mut self.claim else { return Ok(()) };
        for n in 1..=s.len() {
            if s.component(n, 1) == b"BE" && s.component(n, 2) == b"24" {
                let value = s.component(n, 5);
                let code = value.strip_suffix(b".00").unwrap_or(value);
                if code.len() != 4 || !code.iter().all(u8::is_ascii_digit) {
                    return Err(s.wrong(n, 5, "a rate code of four digits, as value code 24 has it: HI*BE:24:::1474"));
                }
                claim.rate_code = std::str::from_utf8(code).ok().map(str::to_owned);
            }
        }
        Ok(())
    }

    fn date(&mut self, s: &Segment<'_>) -> Result<(), Problem> {
        let (is_service, is_statement) = (s.element(1) == b"472", s.element(1) == b"434");
        if !is_service && !is_statement {
            return Ok(());
        }
        let Some(claim) = &mut self.claim else { return Ok(()) };
        match self.within {
            // The service date counts before the statement period.
            Within::Claim if is_service || claim.days.is_none() => claim.days = Some(days(s)?),
            Within::Line if is_service => {
                let days = days(s)?;
                if let Some(line) = claim.lines.last_mut() {
                    line.days = Some(days);
                }
            }
            Within::Claim | Within::Line | Within::Parties | Within::Others | Within::BelowLine => {}
        }
        Ok(())
    }

    /// Hands on the claim under way, if it is whole.
    pub(crate) fn finish(&mut self, found: &mut dyn FnMut(Found)) {
        let Some(claim) = self.claim.take() else { return };
        if self.broken {
            return;
        }
        if claim.lines.is_empty() {
            let mismatch = Mismatch::new("a claim without a service line", "SV1 or SV2 lines");
            return found(Found::Problem(Problem::new(claim.segment, "CLM", mismatch)));
        }
        found(Found::Item(Item::Claim(Box::new(claim))));
    }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

/// DTP03: one day (`D8`) or the first and last of several (`RD8`).
fn days(s: &Segment<'_>) -> Result<(ValidDay, ValidDay), Problem> {
    let value = s.element(3);
    let days = match s.element(2) {
        b"D8" => day(value).map(|d| (d, d)),
        b"RD8" => value.iter().position(|b| *b == b'-').and_then(|at| Some((day(&value[..at])?, day(&value[at + 1..])?))),
        _ => return Err(s.wrong(2, 0, "D8 or RD8")),
    };
    days.filter(|(from, to)| from <= to).ok_or_else(|| s.wrong(3, 0, "a day that exists, CCYYMMDD, or two with a hyphen under RD8"))
}
