//! MHOTRS: who may deliver peer support.
//! One question, how the peer stood on the day, answered here once and read differently by each rule of the chapter.

pub mod cred_01;
pub mod cred_02;
pub mod cred_03;
pub mod cred_04;
pub mod cred_05;
pub mod cred_06;
pub mod cred_07;
pub mod cred_10;
pub mod cred_12;
pub mod cred_13;
pub mod cred_14;
pub mod cred_15;

use domain::words::{CredentialKind, Service};
use domain::{Seq, ValidDay};
use rules::{Case, Checked, Class, Missing, Params, Verdict, staff};
use timeline::view::Why;

/// A CRPA and the twelve months it has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crpa {
    /// The last day of the twelve months.
    pub(crate) last_day: ValidDay,
    /// The CRPA and the first engagement.
    pub(crate) evidence: [Seq; 2],
}

/// How the peer of a contact stood on its day.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Standing {
    /// An active OMH credential of some kind.
    Omh,
    /// No OMH credential, an active CRPA, inside the twelve months.
    CrpaInside(Crpa),
    /// No OMH credential, an active CRPA, after the twelve months, none effective in time.
    CrpaPast(Crpa),
    /// None of these.
    None,
}

/// The credential kind that a MHOTRS peer service asks for.
pub(crate) fn kind_for(service: Service) -> Option<CredentialKind> {
    match service {
        Service::MhotrsAdultPeer => Some(CredentialKind::Nycps),
        Service::MhotrsFamilyPeer => Some(CredentialKind::Fpa),
        Service::MhotrsYouthPeer => Some(CredentialKind::Ypa),
        Service::ProsPss | Service::CorePeer | Service::Other => None,
    }
}

/// The service in a word, for messages.
pub(crate) fn service_word(service: Service) -> &'static str {
    match service {
        Service::MhotrsAdultPeer => "adult",
        Service::MhotrsFamilyPeer => "family",
        Service::MhotrsYouthPeer => "youth",
        Service::ProsPss => "PROS",
        Service::CorePeer => "CORE",
        Service::Other => "other",
    }
}

/// Whether any grant of an OMH credential became effective on or before a day, whenever it lapsed.
pub(crate) fn omh_effective_by(case: &Case<'_>, day: ValidDay) -> bool {
    staff::OMH_CREDENTIALS.into_iter().any(|kind| case.view().grants_by(case.contact().peer, kind, day).next().is_some())
}

/// How the peer stood on the day of the contact (evaluation.md: CRED rows and "People and episodes").
pub(crate) fn standing(case: &Case<'_>, p: &Params<'_>) -> Result<Standing, Missing> {
    let (view, day, peer) = (case.view(), case.day(), case.contact().peer);
    if staff::omh_credential(view, peer, day).is_some() {
        return Ok(Standing::Omh);
    }
    let crpa = view.credential(peer, CredentialKind::Crpa, day);
    let Why::Active(crpa_row) = crpa.why else { return Ok(Standing::None) };
    let Some(first) = view.first_engaged(peer).filter(|row| row.value.start_on <= day) else { return Ok(Standing::None) };
    let last_day = first.value.start_on.plus_months(p.int("crpa.months", day)?);
    // A credential that came in time and has lapsed ends the window: the person is then simply without one.
    if omh_effective_by(case, last_day.min(day)) {
        return Ok(Standing::None);
    }
    let crpa = Crpa { last_day, evidence: [crpa_row.seq(), first.seq()] };
    Ok(if day <= last_day { Standing::CrpaInside(crpa) } else { Standing::CrpaPast(crpa) })
}

/// The check that MHOTRS-CRED-01, -03 and -05 share, each for its own service.
pub(crate) fn uncredentialed(case: &Case<'_>, p: &Params<'_>, service: Service, kind: CredentialKind) -> Checked {
    if case.contact().service != service {
        return Ok(Verdict::NotApplicable);
    }
    match standing(case, p)? {
        Standing::Omh => return Ok(Verdict::Met),
        Standing::CrpaInside(_) | Standing::CrpaPast(_) => return Ok(Verdict::NotApplicable),
        Standing::None => {}
    }
    let (view, day) = (case.view(), case.day());
    let own = view.credential(case.contact().peer, kind, day).why;
    let message = || {
        let how = match own {
            Why::Ended(row) => format!("whose {kind} ended on {}", row.value.effective_on),
            Why::Suspended(row) => format!("whose {kind} was suspended from {}", row.value.effective_on),
            Why::Expired(_, last) => format!("whose {kind} expired after {last}"),
            Why::Never | Why::Active(_) => format!("who had no {kind} or other peer credential"),
        };
        format!("{} contact on {day} by {}, {how}", service_word(service), case.peer_name())
    };
    case.breach(Class::Violation)
        .because(own.row().map(|r| r.seq()))
        .lacks(view, || format!("an active {kind} of {} on {day}", case.peer_name()))
        .say(view, message)
        .verdict()
}
