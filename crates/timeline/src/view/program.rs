//! What was in force for a program on a day: its kind, policies, rate codes, settings, meetings.
//! Defaults of the guidance are not here: they are dated parameters of the rules.

use domain::ValidDay;
use domain::words::{ProgramKind, RateCodeMeaning};

use super::reading::{Hull, program as kinds};
use super::View;
use crate::names::{Key, ProgramKey, TextKey};
use crate::program::{Meeting, Organization, Policy, ProgramFacts, StaffTraining};
use crate::row::Row;
use crate::settings::{RateCode, Setting};

impl<'h> View<'h> {
    /// The kind a program was registered as.
    pub fn program_kind(&self, program: ProgramKey) -> Option<ProgramKind> {
        self.rows(&self.history().program_facts(program).registered, |_| true).max_by_key(|r| r.seq()).map(|r| r.value.kind)
    }

    /// A policy of a topic in force on a day.
    pub fn policy(&self, program: ProgramKey, topic: &str, day: ValidDay) -> Option<&'h Row<Policy>> {
        // Read before the topic is looked for: the first policy that names it changes the answer.
        let policies = &self.program_read(program, kinds::POLICIES).policies;
        let topic = self.history().find_text(topic)?;
        self.rows(policies, |p| p.from <= day && p.topics.contains(&topic)).find(|row| {
            let ends = &self.history().policy_ends[row.value.policy.index()];
            self.rows(ends, |end| row.value.from <= *end && *end < day).next().is_none()
        })
    }

    /// Policies of a program, whenever they were in force, each with its last day if it was retired: the first end on or after its first day.
    pub fn policies(&self, program: ProgramKey) -> impl Iterator<Item = (&'h Row<Policy>, Option<ValidDay>)> {
        let view = *self;
        self.rows(&self.program_read(program, kinds::POLICIES).policies, |_| true).map(move |row| {
            let ends = &view.history().policy_ends[row.value.policy.index()];
            (row, view.rows(ends, |end| row.value.from <= *end).map(|end| end.value).min())
        })
    }

    /// Meetings of a program held on some days, both included, that fit; in ledger order.
    pub fn meetings(
        &self,
        program: ProgramKey,
        days: (ValidDay, ValidDay),
        fits: impl Fn(&Meeting) -> bool,
    ) -> impl Iterator<Item = &'h Row<Meeting>> {
        let days = Hull { from: days.0, to: days.1 };
        if let Some(reading) = self.reading {
            reading.meetings(program, days);
        }
        self.rows(&self.history().program_facts(program).meetings, move |m| days.has(m.held_on) && fits(m))
    }

    /// What the organization recorded about itself for a program; for [`View::rows`].
    pub fn records(&self, program: ProgramKey) -> &'h [Row<Organization>] {
        &self.program_read(program, kinds::RECORDS).records
    }

    /// Staff trainings held for a program; for [`View::rows`].
    pub fn staff_trainings(&self, program: ProgramKey) -> &'h [Row<StaffTraining>] {
        &self.program_read(program, kinds::TRAININGS).trainings
    }

    fn program_read(&self, program: ProgramKey, kinds: u8) -> &'h ProgramFacts {
        if let Some(reading) = self.reading {
            reading.program(program, kinds);
        }
        self.history().program_facts(program)
    }

    /// The adoption of a rate code with a meaning, in force for a program on a day.
    pub fn adopted_rate_code(
        &self,
        program: ProgramKey,
        code: TextKey,
        meaning: RateCodeMeaning,
        day: ValidDay,
    ) -> Option<&'h Row<RateCode>> {
        self.rows(&self.history().rate_codes, |r| {
            r.code == code && r.meaning == meaning && r.days.cover(day) && r.program.is_none_or(|p| p == program)
        })
        .next()
    }

    /// The setting of a name in force on a service date: the latest `from`, then the latest recorded.
    pub fn setting(&self, name: &str, day: ValidDay) -> Option<&'h Row<Setting>> {
        if self.history().settings.is_empty() {
            return None;
        }
        let rows = self.history().settings.get(name)?;
        self.rows(rows, |s| s.from <= day).max_by_key(|row| (row.value.from, row.seq()))
    }

    /// The setting of a name as last set, whatever its `from`.
    pub fn setting_last_set(&self, name: &str) -> Option<&'h Row<Setting>> {
        let rows = self.history().settings.get(name)?;
        self.rows(rows, |_| true).max_by_key(|row| row.seq())
    }

    /// Whether a name was ever set, believed or not.
    pub fn was_ever_set(&self, name: &str) -> bool {
        self.history().settings.contains_key(name)
    }

    /// What a setting was set to, in ledger order.
    pub fn settings(&self, name: &str) -> impl Iterator<Item = &'h Row<Setting>> {
        let rows = self.history().settings.get(name).map_or(&[][..], Vec::as_slice);
        self.rows(rows, |_| true)
    }

    /// Every name that was ever set, sorted.
    pub fn setting_names(&self) -> Vec<&'h str> {
        let mut names: Vec<&str> = self.history().settings.keys().map(|k| k.as_str()).collect();
        names.sort_unstable();
        names
    }
}
