//! Programs with what they adopt: policies, rate codes, settings; and the meetings their teams hold.
//! Decides nothing about people; who is invited to a meeting is read from the staff list when the year is written up.

use domain::event::{ParameterSet, PolicyAdopted, ProgramRegistered, RateCodeAdopted, TeamMeetingHeld};
use domain::field::Scalar;
use domain::words::{MeetingKind, Population, ProgramKind, RateCodeMeaning};
use domain::{PersonId, PolicyId, ProgramId, Text, ValidDay};

use crate::calendar::{is_working, monday_of, working_from};
use crate::office::{Entry, Office};

/// Index of the clinic (MHOTRS) every agency has.
pub(crate) const CLINIC: usize = 0;
/// Index of the PROS program every agency has.
pub(crate) const PROS: usize = 1;
/// Index of the CORE program every agency has.
pub(crate) const CORE: usize = 2;

/// Units a month that CORE individuals of the invented agency get at most without a consultation.
pub(crate) const CORE_UNITS_A_MONTH: i64 = 24;

/// A program of the agency.
pub(crate) struct Site {
    pub(crate) id: ProgramId,
    pub(crate) kind: ProgramKind,
}

/// What is to be left out of the weekly meetings, by the Monday of the week.
#[derive(Default)]
pub(crate) struct Meetings {
    /// Weeks of a program without a meeting.
    pub(crate) not_held: Vec<(usize, ValidDay)>,
    /// Peers not invited in a week.
    pub(crate) not_invited: Vec<(usize, ValidDay)>,
}

/// A short text written in this crate.
pub(crate) fn text(words: &str) -> Text {
    Text::parse(words).expect("a text written in this crate is short and printable")
}

impl Office {
    /// Registers a program a year or so before `from`'s contacts; a policy on peer support is a matter of its own.
    pub(crate) fn open_program(&mut self, id: &str, kind: ProgramKind, populations: &[Population], from: ValidDay) -> usize {
        let id = ProgramId::parse(id).expect("an id written in this crate");
        self.programs.push(Site { id: id.clone(), kind });
        self.record_on(
            from,
            9 * 60,
            "hr:program",
            ProgramRegistered { program: id, kind, populations: populations.to_vec(), from, to: None },
        );
        self.programs.len() - 1
    }

    /// Adopts a policy on peer support.
    pub(crate) fn adopt_policy(&mut self, program: usize, from: ValidDay) -> Entry {
        let number = self.count("policy");
        let policy = PolicyId::parse(&format!("POL-{number}")).expect("letters and digits are an id");
        let topics = ["peer_support", "supervision", "recovery_values"].map(text).to_vec();
        let program = self.programs[program].id.clone();
        self.record_on(from, 9 * 60, "hr:policy", PolicyAdopted { program, policy, topics, from })
    }

    /// Sets an agency setting, entered on `day`, in force from the service date `from`.
    pub(crate) fn set(&mut self, day: ValidDay, name: &str, value: Scalar, from: ValidDay) -> Entry {
        let event = ParameterSet { name: text(name), value, from, approved_by: text("compliance officer") };
        self.record_on(day, 9 * 60 + 20, "hr:setting", event)
    }

    /// The three programs with their policies, codes and settings. PROS peer support starts a month into the year.
    pub(crate) fn found(&mut self) {
        let long_ago = crate::calendar::day(2023, 1, 3);
        let before = long_ago.min(self.config.start.plus_days(-400));
        self.open_program("MH-1", ProgramKind::Mhotrs, &[Population::Adult, Population::Child], before);
        self.open_program("PR-1", ProgramKind::Pros, &[Population::Adult], before);
        self.open_program("CO-1", ProgramKind::Core, &[Population::Adult], before);
        for program in [CLINIC, PROS, CORE] {
            self.adopt_policy(program, before);
        }
        for (code, meaning) in [("1474", RateCodeMeaning::HealthServices), ("1507", RateCodeMeaning::Offsite)] {
            self.record_on(before, 0, "bill:code", RateCodeAdopted { program: None, code: text(code), meaning, from: before, to: None });
        }
        let pss = self.pros_from();
        let eve = self.config.start.plus_days(-1);
        self.set(eve, "pros.pss_effective_on", Scalar::Text(pss.to_string().into()), pss);
        self.set(eve, "core.units_per_month_max", Scalar::Int(CORE_UNITS_A_MONTH), before);
    }

    /// The first day of PROS peer support at this agency.
    pub(crate) fn pros_from(&self) -> ValidDay {
        self.config.start.plus_months(1)
    }

    /// The peers of a program who work there on a day, in the order they were hired.
    fn team(&self, program: usize, day: ValidDay) -> impl Iterator<Item = usize> + '_ {
        let works = move |p: &crate::staff::Peer| p.program == program && p.start_on <= day && p.last_day.is_none_or(|last| day <= last);
        self.peers.iter().enumerate().filter(move |(_, p)| works(p)).map(|(i, _)| i)
    }

    /// Every week of every PROS program has its meeting with all peers of the team, except what was planted; the clinic's team meets once a month.
    pub(crate) fn hold_meetings(&mut self) {
        let mut monday = monday_of(self.config.start);
        let mut month = 0;
        while monday <= self.end {
            for program in 0..self.programs.len() {
                let Some(held_on) =
                    (0..5).map(|d| monday.plus_days(d)).filter(|d| is_working(*d) && *d <= self.end && *d >= self.config.start).nth(2)
                else {
                    continue;
                };
                let kind = self.programs[program].kind;
                let missed = self.meetings.not_held.contains(&(program, monday));
                if kind == ProgramKind::Pros && !missed {
                    self.meet(program, MeetingKind::ProsWeekly, held_on);
                }
                if kind == ProgramKind::Mhotrs && held_on.ymd().1 != month {
                    self.meet(program, MeetingKind::Clinical, held_on);
                }
            }
            month = monday.plus_days(4).ymd().1;
            monday = monday.plus_days(7);
        }
    }

    fn meet(&mut self, program: usize, kind: MeetingKind, held_on: ValidDay) {
        let monday = monday_of(held_on);
        let peers: Vec<usize> = self.team(program, held_on).filter(|p| !self.meetings.not_invited.contains(&(*p, monday))).collect();
        let mut invitees: Vec<PersonId> =
            self.supervisors.iter().filter(|s| s.program == program && s.usual).map(|s| s.id.clone()).collect();
        invitees.extend(peers.iter().map(|p| self.peers[*p].id.clone()));
        let attendees: Vec<PersonId> = invitees.iter().filter(|_| !self.dice.chance(8)).cloned().collect();
        let program = self.programs[program].id.clone();
        let event = TeamMeetingHeld { program, kind, held_on, invitees, attendees, individuals: Vec::new(), minutes: None };
        self.record(crate::calendar::at(working_from(held_on), 15 * 60 + 10), "ehr:meeting", event);
    }
}
