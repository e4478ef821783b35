//! Who counts as professional staff, as a licensed practitioner of the healing arts, or as a supervising peer on a day.
//! The discipline tables are dated parameters to be verified against 14 NYCRR 599.4 and 512.4; nothing is assumed in code.

use domain::ValidDay;
use domain::words::{CredentialKind, CredentialLevel, RegulationPart};
use domain::Seq;
use timeline::view::Why;
use timeline::{PersonKey, View};

use crate::params::Params;
use crate::verdict::Missing;

/// The three OMH peer credentials.
pub const OMH_CREDENTIALS: [CredentialKind; 3] = [CredentialKind::Nycps, CredentialKind::Fpa, CredentialKind::Ypa];

/// The event that makes a person professional staff of a part on a day, if one does: an active licence or permit in a listed
/// discipline, or a designation.
///
/// # Errors
/// When the discipline table is not in force on the day.
pub fn professional_staff(view: &View<'_>, p: &Params<'_>, person: PersonKey, part: RegulationPart, day: ValidDay) -> Result<Option<Seq>, Missing> {
    let table = match part {
        RegulationPart::Mhotrs => "disciplines.professional_staff_599_4",
        RegulationPart::Pros => "disciplines.professional_staff_512_4",
    };
    for licence in view.licences(person, day) {
        if licence.active() && p.lists(table, licence.discipline.as_str(), day)? {
            return Ok(licence.why.row().map(|r| r.seq()));
        }
    }
    Ok(view.designation(person, part, day).map(|r| r.seq()))
}

/// The event that makes a person an LPHA on a day, if one does. A permit never does.
///
/// # Errors
/// When the discipline table is not in force on the day.
pub fn lpha(view: &View<'_>, p: &Params<'_>, person: PersonKey, day: ValidDay) -> Result<Option<Seq>, Missing> {
    for licence in view.licences(person, day) {
        if licence.active() && !licence.permit && p.lists("disciplines.lpha", licence.discipline.as_str(), day)? {
            return Ok(licence.why.row().map(|r| r.seq()));
        }
    }
    Ok(None)
}

/// The kind of OMH credential active on a day, if any.
pub fn omh_credential(view: &View<'_>, person: PersonKey, day: ValidDay) -> Option<CredentialKind> {
    OMH_CREDENTIALS.into_iter().find(|kind| view.credential(person, *kind, day).active())
}

/// A supervising peer: a full NYCPS or YPA active, and the days of direct peer service ([R] Staffing Qualifications).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SupervisingPeer {
    /// No full credential.
    No,
    /// The full credential, but not the days of direct service.
    LacksExperience,
    /// Both.
    Yes,
}

/// Whether a person qualifies as a supervising peer on a day.
///
/// # Errors
/// When the number of days is not in force on the day.
pub fn supervising_peer(view: &View<'_>, p: &Params<'_>, person: PersonKey, day: ValidDay) -> Result<SupervisingPeer, Missing> {
    let full = [CredentialKind::Nycps, CredentialKind::Ypa].into_iter().any(|kind| {
        let standing = view.credential(person, kind, day);
        standing.active() && standing.level == CredentialLevel::Full
    });
    if !full {
        return Ok(SupervisingPeer::No);
    }
    let wanted = p.int("supervising_peer.direct_service_days", day)?;
    let enough = view.direct_service_days(person, day) >= wanted;
    Ok(if enough { SupervisingPeer::Yes } else { SupervisingPeer::LacksExperience })
}

/// Events that took from a person, by a day, what might have qualified them: licences ended, credentials ended or suspended. They are part
/// of why nobody qualified.
pub fn lost_by(view: &View<'_>, person: PersonKey, day: ValidDay) -> Vec<Seq> {
    let licences = view.licences(person, day).filter_map(|licence| match licence.why {
        Why::Ended(row) => Some(row.seq()),
        Why::Never | Why::Active(_) | Why::Expired(..) | Why::Suspended(_) => None,
    });
    let credentials = OMH_CREDENTIALS.into_iter().filter_map(|kind| match view.credential(person, kind, day).why {
        Why::Ended(row) | Why::Suspended(row) => Some(row.seq()),
        Why::Never | Why::Active(_) | Why::Expired(..) => None,
    });
    licences.chain(credentials).collect()
}
