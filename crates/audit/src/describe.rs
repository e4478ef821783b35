//! What an event says, in a sentence: the fourth and last place that looks at every kind of event.
//! Confidential fields (birth dates, numbers) are never spelled out here.

use domain::event::*;
use domain::words::SupervisionKind;
use domain::{Moment, ValidAt, ValidDay};

use crate::words::{day, instant, money};

/// When what an event says was true, for putting events in the order of the world.
pub fn true_at(event: &Event) -> Option<Moment> {
    if let Event::Claims(Claims::ClaimSubmitted(e)) = event {
        return Some(Moment::At(e.submitted_at));
    }
    event.fields().into_iter().filter(|(name, _)| *name != "birth_date").find_map(|(_, raw)| {
        let text = raw.as_text()?;
        ValidDay::parse(text).map(Moment::Day).or_else(|| if text.contains('T') { ValidAt::parse(text).map(Moment::At) } else { None })
    })
}

/// A moment as a person writes it.
pub fn moment(at: Moment) -> String {
    match at {
        Moment::Day(d) => day(d),
        Moment::At(at) => instant(at),
    }
}

fn through(to: Option<ValidDay>) -> String {
    to.map_or_else(String::new, |to| format!(" through {}", day(to)))
}

fn because(reason: Option<&domain::Text>) -> String {
    reason.map_or_else(String::new, |r| format!(" ({r})"))
}

fn list<T: ToString>(items: &[T]) -> String {
    if items.is_empty() { "nobody".to_owned() } else { items.iter().map(T::to_string).collect::<Vec<_>>().join(", ") }
}

/// What the event says.
pub fn describe(event: &Event) -> String {
    match event {
        Event::Workforce(e) => workforce(e),
        Event::Program(e) => program(e),
        Event::Individuals(e) => individuals(e),
        Event::Delivery(e) => delivery(e),
        Event::Claims(e) => claims(e),
        Event::Findings(e) => findings(e),
        Event::Ledger(e) => own(e),
    }
}

fn workforce(event: &Workforce) -> String {
    use Workforce as W;
    match event {
        W::PersonEngaged(e) => format!("{} engaged as {} from {}", e.person, e.engagement, day(e.start_on)),
        W::PersonSeparated(e) => format!("{} left, last day {}{}", e.person, day(e.separated_on), because(e.reason.as_ref())),
        W::ContractExecuted(e) => format!("contract {} with {} from {}{}", e.contract, e.agency, day(e.from), through(e.to)),
        W::ContractEnded(e) => format!("contract {} ended on {}", e.contract, day(e.ended_on)),
        W::RoleAssigned(e) => format!("{} given the role {} from {}{}", e.person, e.role, day(e.from), through(e.to)),
        W::RoleEnded(e) => format!("{} had the role {} until {}", e.person, e.role, day(e.ended_on)),
        W::BirthDateRecorded(e) => format!("birth date of {} recorded", e.person),
        W::LivedExperienceAttested(e) => format!("{} attested lived experience on {}", e.person, day(e.attested_on)),
        W::CredentialGranted(e) => {
            format!("{} ({}) of {} granted by {} from {}{}", e.credential, e.level, e.person, e.issuer, day(e.effective_on), through(e.expires_on))
        }
        W::CredentialRenewed(e) => format!("{} of {} renewed from {} through {}", e.credential, e.person, day(e.effective_on), day(e.expires_on)),
        W::CredentialUpgraded(e) => format!("{} of {} became full from {}{}", e.credential, e.person, day(e.effective_on), through(e.expires_on)),
        W::CredentialSuspended(e) => format!("{} of {} suspended from {}{}", e.credential, e.person, day(e.effective_on), because(e.reason.as_ref())),
        W::CredentialReinstated(e) => format!("{} of {} reinstated from {}{}", e.credential, e.person, day(e.effective_on), through(e.expires_on)),
        W::CredentialRevoked(e) => format!("{} of {} revoked from {}{}", e.credential, e.person, day(e.effective_on), because(e.reason.as_ref())),
        W::CredentialSurrendered(e) => format!("{} of {} surrendered from {}", e.credential, e.person, day(e.effective_on)),
        W::CredentialVerified(e) => format!("{} of {} checked with the issuer on {}: {}", e.credential, e.person, day(e.verified_on), e.result),
        W::LicenceGranted(e) => {
            let what = if e.permit == Some(true) { "permit" } else { "licence" };
            format!("{} {what} of {} from {}{}", e.discipline, e.person, day(e.from), through(e.to))
        }
        W::LicenceRenewed(e) => format!("{} licence of {} renewed from {}{}", e.discipline, e.person, day(e.from), through(e.to)),
        W::LicenceEnded(e) => format!("{} licence of {} {} from {}", e.discipline, e.person, e.reason, day(e.effective_on)),
        W::ProfessionalStaffDesignated(e) => format!("{} designated professional staff ({}) from {}{}", e.person, e.part, day(e.from), through(e.to)),
        W::SupervisorQualified(e) => format!("{} qualified as supervisor ({}) from {}{}", e.person, e.basis, day(e.from), through(e.to)),
        W::PeerExperienceRecorded(e) => format!("{} worked at {} from {}{}", e.person, e.employer, day(e.from), through(e.to)),
        W::SupervisionAssigned(e) => {
            let kind = if e.kind == SupervisionKind::InDiscipline { "in-discipline mentor".to_owned() } else { format!("{} supervisor", e.kind) };
            format!("{} became {kind} of {} in {} from {}", e.supervisor, e.peer, e.program, day(e.from))
        }
        W::SupervisionEnded(e) => format!("{} supervised {} in {} until {}", e.supervisor, e.peer, e.program, day(e.ended_on)),
        W::SupervisionSessionHeld(e) => format!("{} and {} met for supervision on {}", e.supervisor, e.peer, day(e.held_on)),
        W::InDisciplineSupportProvided(e) => format!("{} had support from other peers on {}", e.peer, day(e.provided_on)),
        W::TrainingCompleted(e) => format!("{} completed {} on {}", e.person, e.course, day(e.completed_on)),
        W::SupervisorAttested(e) => format!("{} attested {} on {}", e.person, e.topic, day(e.attested_on)),
        W::PeerServiceInterestDetermined(e) => format!("interest of {} in other services determined on {}", e.peer, day(e.determined_on)),
    }
}

fn program(event: &Program) -> String {
    match event {
        Program::ProgramRegistered(e) => format!("program {} ({}) from {}{}", e.program, e.kind, day(e.from), through(e.to)),
        Program::RateCodeAdopted(e) => format!("rate code {} adopted as {} from {}{}", e.code, e.meaning, day(e.from), through(e.to)),
        Program::ParameterSet(e) => format!("setting {} = {} from {}, approved by {}", e.name, e.value, day(e.from), e.approved_by),
        Program::PolicyAdopted(e) => format!("policy {} adopted for {} from {}", e.policy, e.program, day(e.from)),
        Program::PolicyRetired(e) => format!("policy {} in force until {}", e.policy, day(e.ended_on)),
        Program::TeamMeetingHeld(e) => format!("{} meeting of {} on {}, present: {}", e.kind, e.program, day(e.held_on), list(&e.attendees)),
        Program::StaffTrainingHeld(e) => format!("training on {} in {} on {}", e.topic, e.program, day(e.held_on)),
        Program::OrganizationRecorded(e) => format!("{} of {} recorded on {}", e.kind, e.program, day(e.recorded_on)),
        Program::ComplaintRecorded(e) => format!("complaint ({}) received on {}", e.category, day(e.received_on)),
    }
}

fn individuals(event: &Individuals) -> String {
    use Individuals as I;
    match event {
        I::IndividualRegistered(e) => format!("{} registered", e.individual),
        I::PreadmissionOpened(e) => {
            let said = match (e.purpose, e.goal) {
                (true, true) => "with purpose and goal",
                (true, false) => "with purpose, without goal",
                (false, true) => "without purpose, with goal",
                (false, false) => "without purpose and goal",
            };
            format!("pre-admission of {} to {} opened on {} {said}", e.individual, e.program, day(e.opened_on))
        }
        I::PreadmissionVisit(e) => format!("clinical pre-admission visit of {} on {}", e.individual, day(e.visited_on)),
        I::TreatmentDeclined(e) => format!("{} declined {} on {}", e.individual, e.program, moment(e.declined_at)),
        I::Reengaged(e) => format!("{} came back to {} on {}", e.individual, e.program, moment(e.reengaged_at)),
        I::ReferredOut(e) => format!("{} referred to {} on {}", e.individual, e.to, day(e.referred_on)),
        I::Admitted(e) => format!("{} admitted to {} on {}", e.individual, e.program, moment(e.admitted_at)),
        I::Discharged(e) => format!("{} discharged from {}, last day {}", e.individual, e.program, day(e.discharged_on)),
        I::PlanCreated(e) => format!("{} plan {} version {} of {} effective {}", e.kind, e.plan, e.version.0, e.individual, day(e.effective_on)),
        I::PlanAmended(e) => format!("{} plan {} version {} of {} effective {}", e.kind, e.plan, e.version.0, e.individual, day(e.effective_on)),
        I::PlanSigned(e) => format!("plan {} version {} signed by {} as {} on {}", e.plan, e.version.0, e.signer, e.capacity, instant(e.signed_at)),
        I::SignificantEventRecorded(e) => format!("significant event {} ({}) of {} on {}", e.event, e.kind, e.individual, day(e.occurred_on)),
        I::CrisisRecorded(e) => format!("crisis of {} from {} through {}", e.individual, day(e.from), day(e.to)),
        I::IntensityConsulted(e) => format!("{} consulted about {} on {}", e.clinical_supervisor, e.individual, day(e.consulted_on)),
        I::CollaborationDocumented(e) => format!("collaboration of {} about {} documented on {}", e.peer, e.individual, day(e.documented_on)),
        I::PreferenceRecorded(e) => format!("preferences of {} recorded on {}", e.individual, day(e.recorded_on)),
    }
}

fn delivery(event: &Delivery) -> String {
    match event {
        Delivery::ContactRecorded(e) => {
            format!("contact {} of {} with {}, {}, {} min", e.contact, e.peer, e.individual, instant(e.start), e.start.minutes_until(e.end).0)
        }
        Delivery::GroupSessionHeld(e) => format!("group {} on {}, {} attendees", e.group_session, instant(e.start), e.attendees.len()),
        Delivery::NoteWritten(e) => {
            format!("note {} on contact {} written by {} on {} with {}", e.note, e.contact, e.author, instant(e.written_at), list(&e.elements))
        }
        Delivery::NoteAmended(e) => format!("note {} amended on {} (version {}) with {}", e.note, instant(e.amended_at), e.version.0, list(&e.elements)),
        Delivery::NoteSigned(e) => {
            let version = e.version.map_or(1, |v| v.0);
            format!("note {} (version {version}) signed by {} as {} on {}", e.note, e.signer, e.capacity, instant(e.signed_at))
        }
        Delivery::ProsUnitsAccrued(e) => format!("{} PROS units of {} accrued on {}", e.units.0, e.individual, day(e.accrued_on)),
    }
}

fn claims(event: &Claims) -> String {
    use Claims as C;
    match event {
        C::ClaimSubmitted(e) => {
            let charge = e.lines.iter().map(|l| l.charge_cents).sum();
            format!("claim {} submitted on {} for service on {}: {}", e.claim, instant(e.submitted_at), day(e.service_date), money(charge))
        }
        C::ClaimPaid(e) => format!("claim {} paid {} on {}", e.claim, money(e.paid_cents), day(e.paid_on)),
        C::ClaimDenied(e) => format!("claim {} denied on {}{}", e.claim, day(e.denied_on), because(e.reason.as_ref())),
        C::ClaimAdjusted(e) => format!("claim {} replaced by {} on {}", e.replaces, e.claim, day(e.adjusted_on)),
        C::ClaimVoided(e) => format!("claim {} voided on {}{}", e.claim, day(e.voided_on), because(e.reason.as_ref())),
        C::OverpaymentSuspected(e) => format!("overpayment {} suspected on {}", e.overpayment, day(e.on)),
        C::OverpaymentDetermined(e) => format!("overpayment {} determined on {}", e.overpayment, day(e.on)),
        C::OverpaymentQuantified(e) => format!("overpayment {} quantified on {}: {}", e.overpayment, day(e.on), money(e.amount_cents)),
        C::InvestigationOpened(e) => format!("investigation of {} opened on {}", e.overpayment, day(e.on)),
        C::InvestigationClosed(e) => format!("investigation of {} closed on {}", e.overpayment, day(e.on)),
        C::DisclosureSubmitted(e) => format!("disclosure of {} submitted on {}", e.overpayment, day(e.on)),
        C::DisclosureAcknowledged(e) => format!("disclosure of {} acknowledged on {}", e.overpayment, day(e.on)),
        C::OverpaymentRepaid(e) => format!("{} of {} repaid on {}", money(e.amount_cents), e.overpayment, day(e.on)),
    }
}

fn findings(event: &Findings) -> String {
    use Findings as F;
    match event {
        F::EventCorrected(e) => {
            let fields: Vec<&str> = e.fields.0.iter().map(|(name, _)| name.as_str()).collect();
            format!("correction of {}: {} ({})", e.target, fields.join(", "), e.reason)
        }
        F::EventRetracted(e) => format!("{} retracted ({})", e.target, e.reason),
        F::FindingAcknowledged(e) => format!("finding {} acknowledged by {} on {}", e.finding, e.by, day(e.on)),
        F::FindingAssigned(e) => format!("finding {} assigned to {} on {}", e.finding, e.by, day(e.on)),
        F::FindingDisputed(e) => format!("finding {} disputed by {} on {}", e.finding, e.by, day(e.on)),
        F::FindingWaived(e) => format!("finding {} waived by {} on {}", e.finding, e.by, day(e.on)),
        F::FindingRemediated(e) => format!("finding {} remediated by {} on {}", e.finding, e.by, day(e.on)),
        F::SampleDrawn(e) => format!("sample of {} drawn from {} on {}", e.size, e.universe, day(e.on)),
        F::LegalHoldPlaced(e) => format!("legal hold {} placed on {} ({})", e.hold, day(e.on), e.reason),
        F::LegalHoldReleased(e) => format!("legal hold {} released on {} ({})", e.hold, day(e.on), e.reason),
    }
}

fn own(event: &Ledger) -> String {
    match event {
        Ledger::LedgerOpened(e) => format!("ledger {} opened{}", e.origin, if e.simulated { ", SIMULATED" } else { "" }),
        Ledger::RulePackActivated(e) => format!("rule set {} activated on {}", e.rule_set, day(e.on)),
        Ledger::ScanCompleted(e) => format!(
            "scan of {} events for {}: {} violations, {} documentation gaps, {} advisories",
            e.size,
            day(e.today),
            e.violation,
            e.documentation,
            e.advisory
        ),
        Ledger::PackExported(e) => format!("audit pack {} exported ({})", e.pack, e.scope),
        Ledger::SubjectErased(e) => format!("subject {} erased on {} ({})", e.subject, day(e.on), e.reason),
        Ledger::KeyRotated(e) => format!("log key rotated to {}", e.new_key),
    }
}
