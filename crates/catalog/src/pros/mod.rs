//! PROS: the peer support service that came with the redesign.
//! From when it exists is the agency's to say; until it has, no rule of the chapter answers, and none guesses.

pub mod gen_01;
pub mod staff_01;
pub mod staff_02;
pub mod sup_01;
pub mod sup_02;
pub mod irp_01;
pub mod svc_01;
pub mod team_01;
pub mod team_02;
pub mod svc_02;
pub mod svc_03;
pub mod role_04;

use domain::words::RegulationPart;
use domain::{Seq, ValidDay};
use rules::staff::{self, SupervisingPeer};
use rules::{Breach, Case, Class, Missing, Params};
use timeline::people::Supervision;
use timeline::{Row, View};

/// The setting that says when the service began. Its `from` is not asked: it is read as last set (evaluation.md, "Settings").
pub(crate) const EFFECTIVE_ON: &str = "pros.pss_effective_on";

/// When the agency says the service began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    /// Its first day.
    pub(crate) day: ValidDay,
    /// The event that set it.
    pub(crate) set_by: Seq,
}

/// When the service began.
///
/// # Errors
/// While the setting was never set, or is not a date.
pub(crate) fn start(view: &View<'_>) -> Result<Start, Missing> {
    let row = view.setting_last_set(EFFECTIVE_ON).ok_or_else(|| Missing::setting(EFFECTIVE_ON))?;
    let day = ValidDay::parse(&row.value.value.to_string());
    let day = day.ok_or_else(|| Missing(format!("a date, YYYY-MM-DD, in setting {EFFECTIVE_ON}")))?;
    Ok(Start { day, set_by: row.seq() })
}

/// The start, for a contact on it or later. Before it only PROS-GEN-01 applies.
pub(crate) fn begun(case: &Case<'_>) -> Result<Option<Start>, Missing> {
    Ok(Some(start(case.view())?).filter(|start| start.day <= case.day()))
}

/// A breach about a contact of the service, which needs the setting to be one.
pub(crate) fn breach(case: &Case<'_>, class: Class, start: Start) -> Breach {
    case.breach(class).because([start.set_by])
}

/// How the peer of a contact was supervised.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Supervised<'h> {
    /// By somebody who qualifies.
    Yes,
    /// By nobody who does, but this supervisor lacks only the years of direct service.
    LacksExperience(&'h Row<Supervision>),
    /// By nobody who does.
    No,
}

/// How the peer was supervised on the day of the contact: by 512.4 professional staff, or by a peer with the full credential and the years.
pub(crate) fn supervised<'h>(case: &Case<'h>, p: &Params<'_>) -> Result<Supervised<'h>, Missing> {
    let (view, day, c) = (case.view(), case.day(), case.contact());
    let mut lacking = None;
    for row in view.supervisors(c.peer, c.program, day) {
        let supervisor = row.value.supervisor;
        if staff::professional_staff(view, p, supervisor, RegulationPart::Pros, day)?.is_some() {
            return Ok(Supervised::Yes);
        }
        match staff::supervising_peer(view, p, supervisor, day)? {
            SupervisingPeer::Yes => return Ok(Supervised::Yes),
            SupervisingPeer::LacksExperience => lacking = lacking.or(Some(row)),
            SupervisingPeer::No => {}
        }
    }
    Ok(lacking.map_or(Supervised::No, Supervised::LacksExperience))
}
