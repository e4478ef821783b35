//! Where items become events: each claim is mapped and joined to its contacts, each payment and answer to its claim.
//! Items come in the order in which they happened. Drops nothing: what cannot be joined is an event all the same, and said.

use domain::event::{ClaimAdjusted, ClaimLine, ClaimSubmitted, ClaimVoided, Claims, Event};
use domain::field::Mismatch;
use domain::{Cents, ContactId, Draft, Envelope, IndividualId, KnownAt, ProgramId, SourceId, Text, Units, ValidAt, ValidDay};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::books::{Books, MAX_SAME};
use crate::found::{Claim, Frequency, Item, Line, Origin};
use crate::join::{Contacts, Joined, Wanted};
use crate::keys;
use crate::map::Mapping;
use crate::prepare::{Part, Prepared};
use crate::problem::Problem;
use crate::tally::Tally;

/// Where events are made.
#[derive(Debug)]
pub struct Desk<'m> {
    pub(crate) map: &'m Mapping,
    /// The contacts that lines are joined to.
    pub contacts: Contacts,
    /// What is known of claims.
    pub books: Books,
    /// Rate codes that mean off site.
    offsite: FxHashSet<String>,
    /// Lines still to come, by whom, where, when and what.
    waiting: FxHashMap<(IndividualId, ProgramId, ValidDay, bool, bool), u32>,
    /// For a simulated ledger every draft carries the instant of its transaction set.
    simulated: bool,
}

/// Beginning of the name of a contact that a line does not have.
pub(crate) const UNJOINED: &str = "unjoined:";

impl<'m> Desk<'m> {
    /// A desk that knows nothing yet. `offsite` are the rate codes that mean off site.
    pub fn new(map: &'m Mapping, offsite: impl IntoIterator<Item = String>, simulated: bool) -> Self {
        let (contacts, books, offsite) = (Contacts::default(), Books::default(), offsite.into_iter().collect());
        Self { map, contacts, books, offsite, waiting: FxHashMap::default(), simulated }
    }

    /// Says beforehand that an item will come, before anything is known: time order decides between contacts only where all lines are seen.
    pub fn expect(&mut self, item: &Item) {
        let (kind, origin) = match item {
            Item::Claim(claim) => {
                if let Ok(prepared) = self.prepare(claim) {
                    self.count(claim, &prepared, true);
                }
                ("837", &claim.origin)
            }
            Item::Payment(payment) => ("835", &payment.origin),
            Item::Answer(answer) => ("277", &answer.origin),
        };
        let beginning = keys::beginning(self.map.source(&origin.sender), kind, origin);
        self.books.await_ids(beginning);
    }

    /// The events of an item, or what is wrong with it.
    ///
    /// # Errors
    /// All problems of the item; it gives no event then.
    pub fn take(&mut self, item: &Item, tally: &mut Tally) -> Result<Vec<Draft>, Vec<Problem>> {
        match item {
            Item::Claim(claim) if claim.frequency == Frequency::Void => Ok(self.void(claim, tally)),
            Item::Claim(claim) => self.claim(claim, tally),
            Item::Payment(payment) => self.payment(payment, tally).map_err(|problem| vec![problem]),
            Item::Answer(answer) => Ok(self.answer(answer, tally)),
        }
    }

    /// Counts the lines of a claim as to come, or as come.
    fn count(&mut self, claim: &Claim, prepared: &Prepared<'_>, to_come: bool) {
        if claim.frequency == Frequency::Void {
            return;
        }
        for part in &prepared.parts {
            for (line, units) in &part.lines {
                let wanted = self.wanted(claim, line, *units);
                let key = (prepared.individual.clone(), prepared.program.clone(), part.day, wanted.peer, wanted.group);
                let waiting = self.waiting.entry(key).or_insert(0);
                *waiting = if to_come { *waiting + 1 } else { waiting.saturating_sub(1) };
            }
        }
    }

    pub(crate) fn wanted(&self, claim: &Claim, line: &Line, units: Units) -> Wanted {
        Wanted {
            peer: self.map.is_peer(&line.code),
            group: line.modifiers.iter().any(|m| m == "HQ"),
            offsite: claim.rate_code.as_ref().map(|code| self.offsite.contains(code)),
            units: units.0,
        }
    }

    fn claim(&mut self, claim: &Claim, tally: &mut Tally) -> Result<Vec<Draft>, Vec<Problem>> {
        for line in claim.lines.iter().filter(|line| !self.map.takes(&line.code)) {
            *tally.passed_over.entry(line.code.clone()).or_insert(0) += 1;
        }
        let prepared = self.prepare(claim)?;
        if prepared.parts.is_empty() {
            return Ok(Vec::new());
        }
        tally.claims += 1;
        tally.strangers += u64::from(!self.contacts.knows(&prepared.individual));
        let drafts = self.submit(claim, &prepared, tally);
        self.count(claim, &prepared, false);
        drafts
    }

    fn submit(&mut self, claim: &Claim, prepared: &Prepared<'_>, tally: &mut Tally) -> Result<Vec<Draft>, Vec<Problem>> {
        let number = keys::clean(&claim.number);
        let too_long = || vec![Problem::new(claim.segment, "CLM01", Mismatch::new(format!("{:?}", claim.number), "a number that fits into an id of 64 characters"))];
        let mut drafts = Vec::new();
        let replaced = if claim.frequency == Frequency::Replacement { self.original(claim, tally, "replaces") } else { Vec::new() };
        for (place, part) in prepared.parts.iter().enumerate() {
            let rest = if prepared.parts.len() == 1 { String::new() } else { part.day.to_string().replace('-', "") };
            let named = keys::claim_id(&number, &rest).ok_or_else(too_long)?;
            let key = self.key("837", &claim.origin, named.as_str()).ok_or_else(too_long)?;
            if let Some(Event::Claims(Claims::ClaimSubmitted(before))) = self.books.recorded(&key).cloned() {
                self.recall(claim, prepared, part, &before, &key, &mut drafts, tally);
                continue;
            }
            if self.books.of_number(&claim.number).len() >= MAX_SAME {
                let mismatch = Mismatch::new(format!("{:?}, the number of {MAX_SAME} claims before it", claim.number), "a number of its own for every claim");
                return Err(vec![Problem::new(claim.segment, "CLM01", mismatch.hint("have the billing system number its claims"))]);
            }
            let wanted: Vec<Wanted> = part.lines.iter().map(|(line, units)| self.wanted(claim, line, *units)).collect();
            if claim.frequency == Frequency::Original && self.is_sent_again(prepared, part, &claim.number) {
                tally.sent_again += 1;
                continue;
            }
            // What is replaced bills its contacts no more, and the replacement may.
            if place == 0 {
                for old in &replaced {
                    let lines = self.books.claims[*old].lines.clone();
                    lines.iter().for_each(|line| self.contacts.release(&line.contact));
                }
            }
            let contacts = self.contacts_for(claim, prepared, part, &wanted, tally);
            if place == 0 {
                for old in &replaced {
                    let lines = self.books.claims[*old].lines.clone();
                    lines.iter().for_each(|line| self.contacts.bill(&line.contact));
                }
            }
            let id = self.books.free(&named).ok_or_else(too_long)?;
            let lines = part.lines.iter().zip(contacts).map(|((line, units), contact)| claim_line(line, *units, contact)).collect::<Option<Vec<_>>>();
            let Some(lines) = lines else {
                return Err(vec![Problem::new(claim.segment, "SV", Mismatch::new("a procedure code or modifier that is no text", "codes as the guides list them"))]);
            };
            let event = ClaimSubmitted {
                claim: id.clone(),
                payer: claim.payer.as_deref().and_then(|text| Text::parse(text).ok()),
                individual: prepared.individual.clone(),
                program: prepared.program.clone(),
                service_date: part.day,
                submitted_at: claim.origin.at,
                rate_code: claim.rate_code.as_deref().and_then(|text| Text::parse(text).ok()),
                lines,
            };
            self.issue(&mut drafts, &key, claim.origin.at, Claims::ClaimSubmitted(event));
            if place == 0 {
                for (n, old) in replaced.iter().enumerate() {
                    let event = ClaimAdjusted { claim: id.clone(), replaces: self.books.claims[*old].id.clone(), adjusted_on: claim.origin.at.local_day() };
                    if let Some(key) = self.key("837", &claim.origin, &numbered(&format!("{number}:adjusts"), n)) {
                        self.issue(&mut drafts, &key, claim.origin.at, Claims::ClaimAdjusted(event));
                    }
                }
            }
        }
        Ok(drafts)
    }

    pub(crate) fn join(&self, prepared: &Prepared<'_>, day: ValidDay, wanted: &[Wanted]) -> Vec<Joined> {
        let (individual, program) = (&prepared.individual, &prepared.program);
        let waiting = |w: &Wanted| self.waiting.get(&(individual.clone(), program.clone(), day, w.peer, w.group)).copied().unwrap_or(0);
        self.contacts.join(individual, program, day, wanted, waiting)
    }

    /// A contact for every line of a part; for one that has none, a name that says so.
    fn contacts_for(&self, claim: &Claim, prepared: &Prepared<'_>, part: &Part<'_>, wanted: &[Wanted], tally: &mut Tally) -> Vec<ContactId> {
        let joined = self.join(prepared, part.day, wanted);
        let mut contacts = Vec::new();
        for ((n, (line, _)), joined) in part.lines.iter().enumerate().zip(joined) {
            let said = line.control.as_deref().filter(|_| self.map.line_names_contact()).and_then(|control| ContactId::parse(control).ok());
            if let Some(contact) = said {
                tally.named += 1;
                contacts.push(contact);
                continue;
            }
            let about = || format!("{} on {} for {}, claim {}", line.code, part.day, prepared.individual, claim.number);
            let contact = match joined {
                Joined::Contact(contact) => {
                    tally.joined += 1;
                    Some(contact)
                }
                Joined::Again(contact) => {
                    tally.again += 1;
                    tally.detail(line.segment, format!("{}: {contact} is billed already", about()));
                    Some(contact)
                }
                Joined::Gone(contact) => {
                    tally.gone += 1;
                    tally.detail(line.segment, format!("{}: {contact} was retracted or corrected since", about()));
                    Some(contact)
                }
                Joined::Several(several) => {
                    tally.several += 1;
                    let names: Vec<&str> = several.iter().map(ContactId::as_str).collect();
                    tally.detail(line.segment, format!("{}: {} fit, and nothing tells them apart", about(), names.join(", ")));
                    None
                }
                Joined::Nothing => {
                    tally.nothing += 1;
                    tally.detail(line.segment, format!("{}: no contact in {} that day", about(), prepared.program));
                    None
                }
            };
            contacts.extend(contact.or_else(|| unjoined(&claim.number, part, n)));
        }
        contacts
    }

    /// The live claims that a replacement or void means. Nothing if there are none: said, and kept as what it is.
    fn original(&mut self, claim: &Claim, tally: &mut Tally, does: &str) -> Vec<usize> {
        // REF*F8 is the payer's number. Some submitters write their own there, and a claim that was never paid has no other.
        let named = |number: &str| Some(self.books.of_tcn(number)).filter(|p| !p.is_empty()).unwrap_or_else(|| self.books.live_of(number));
        let mut places = claim.original.as_deref().map(named).unwrap_or_default();
        if places.is_empty() {
            places = self.books.live_of(&claim.number);
        }
        places.retain(|place| self.books.claims[*place].live);
        let key = self.key("837", &claim.origin, &keys::clean(&claim.number));
        if places.is_empty() && key.is_none_or(|key| self.books.recorded(&key).is_none()) {
            let original = claim.original.as_deref().unwrap_or(&claim.number);
            tally.detail(claim.segment, format!("claim {} {does} {original}, which is not on record as a live claim", claim.number));
        }
        places
    }

    fn void(&mut self, claim: &Claim, tally: &mut Tally) -> Vec<Draft> {
        let number = keys::clean(&claim.number);
        let mut drafts = Vec::new();
        for n in 0.. {
            let Some(key) = self.key("837", &claim.origin, &numbered(&format!("{number}:voids"), n)) else { break };
            let Some(event) = self.books.recorded(&key).cloned() else { break };
            drafts.push(self.draft(&key, claim.origin.at, event));
        }
        if !drafts.is_empty() {
            tally.voids += 1;
            return drafts;
        }
        let meant = self.original(claim, tally, "voids");
        let mut ids: Vec<_> = meant.iter().map(|place| self.books.claims[*place].id.clone()).collect();
        if ids.is_empty() && !self.map.is_selective() {
            ids.extend(keys::claim_id(&number, ""));
        }
        tally.voids += u64::from(!ids.is_empty());
        for (n, id) in ids.into_iter().enumerate() {
            let event = ClaimVoided { claim: id, voided_on: claim.origin.at.local_day(), reason: Text::parse("claim frequency code 8").ok() };
            if let Some(key) = self.key("837", &claim.origin, &numbered(&format!("{number}:voids"), n)) {
                self.issue(&mut drafts, &key, claim.origin.at, Claims::ClaimVoided(event));
            }
        }
        drafts
    }

    /// The source id of an event of a transaction set.
    pub(crate) fn key(&self, kind: &str, origin: &Origin, rest: &str) -> Option<SourceId> {
        keys::source_id(self.map.source(&origin.sender), kind, origin, rest)
    }

    /// Makes an event known, and a draft of it.
    pub(crate) fn issue(&mut self, drafts: &mut Vec<Draft>, key: &SourceId, at: ValidAt, event: Claims) {
        self.books.apply(&mut self.contacts, key.as_str(), Some(key), &event);
        drafts.push(self.draft(key, at, Event::Claims(event)));
    }

    pub(crate) fn draft(&self, key: &SourceId, at: ValidAt, event: Event) -> Draft {
        let recorded_at = self.simulated.then(|| KnownAt::from_micros(at.micros()));
        Draft { event, envelope: Envelope { source_id: Some(key.clone()), ..Envelope::default() }, recorded_at }
    }
}

/// `X`, `X:2`, `X:3`.
pub(crate) fn numbered(text: &str, n: usize) -> String {
    if n == 0 { text.to_owned() } else { format!("{text}:{}", n + 1) }
}

/// A name that is no contact's, for a line that has none: of the claim, the day where there are several, and the line.
fn unjoined(number: &str, part: &Part<'_>, n: usize) -> Option<ContactId> {
    let day = part.day.to_string().replace('-', "");
    let whole = format!("{UNJOINED}{}:{day}:{}", keys::clean(number), n + 1);
    ContactId::parse(&whole).or_else(|_| ContactId::parse(&format!("{UNJOINED}{}:{}", blake3::hash(whole.as_bytes()).to_hex().get(..32).unwrap_or("x"), n + 1))).ok()
}

pub(crate) fn claim_line(line: &Line, units: Units, contact: ContactId) -> Option<ClaimLine> {
    let modifiers = line.modifiers.iter().map(|m| Text::parse(m).ok()).collect::<Option<Vec<_>>>()?;
    Some(ClaimLine { contact, hcpcs: Text::parse(&line.code).ok()?, modifiers, units, charge_cents: Cents(line.charge) })
}
