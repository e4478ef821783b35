//! What is wrong with a file or a line of it, said so that a person can repair it: where, what was found, what was wanted.
//! Decides nothing: how many problems refuse an import is the caller's business.

use std::fmt;

use domain::field::{FieldProblem, Mismatch};

/// What a problem is about, which is what an exit code is chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The file as a whole cannot be read: it is missing, broken off by the disk, or of a format this version does not read.
    Unreadable,
    /// A line says something that cannot be an event.
    Data,
    /// The line is a readable event that the ledger does not take: a conflict, an id introduced twice, an unknown target.
    Outcome,
}

/// One problem. Its text is `file:line, field: found ..., wanted ... (hint)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it is about.
    pub kind: ProblemKind,
    /// The file, as it is shown to people.
    pub file: String,
    /// Physical line from 1 on which the record starts; 0 when the problem is the file's as a whole.
    pub line: u64,
    /// Field or column; `lines[2].units` for a nested one. Absent when the problem is the line's as a whole.
    pub field: Option<String>,
    /// What was there.
    pub found: String,
    /// What should have been there.
    pub wanted: String,
    /// What to do about it, when that is known.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem of a line's content.
    pub fn data(file: &str, line: u64, problem: FieldProblem) -> Self {
        Self::new(ProblemKind::Data, file, line, problem)
    }

    /// A file that cannot be read as a whole.
    pub fn unreadable(file: &str, mismatch: Mismatch) -> Self {
        Self::new(ProblemKind::Unreadable, file, 0, FieldProblem { field: String::new(), mismatch })
    }

    /// A readable line that the ledger did not take.
    pub fn outcome(file: &str, line: u64, field: &str, mismatch: Mismatch) -> Self {
        Self::new(ProblemKind::Outcome, file, line, FieldProblem { field: field.into(), mismatch })
    }

    /// Any problem; an empty field name means the line as a whole.
    pub fn new(kind: ProblemKind, file: &str, line: u64, problem: FieldProblem) -> Self {
        let FieldProblem { field, mismatch: Mismatch { found, wanted, hint } } = problem;
        Self { kind, file: file.to_owned(), line, field: (!field.is_empty()).then_some(field), found, wanted, hint }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if let Some(field) = &self.field {
            write!(f, ", {field}")?;
        }
        write!(f, ": found {}, wanted {}", self.found, self.wanted)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// Problems in the order they were met: the first ones kept, all of them counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    kept: Vec<Problem>,
    total: u64,
    cap: usize,
}

impl Problems {
    /// Keeps at most `cap` problems.
    pub fn new(cap: usize) -> Self {
        Self { kept: Vec::new(), total: 0, cap }
    }

    /// Adds a problem, or only counts it when `cap` are kept already.
    pub fn push(&mut self, problem: Problem) {
        self.total += 1;
        if self.kept.len() < self.cap {
            self.kept.push(problem);
        }
    }

    /// Adds the problems of another list, with those it only counted.
    pub fn absorb(&mut self, other: Problems) {
        let uncounted = other.total - other.kept.len() as u64;
        other.kept.into_iter().for_each(|p| self.push(p));
        self.total += uncounted;
    }

    /// Changes the names of files, as people are shown them.
    pub fn rename(&mut self, name: impl Fn(&mut String)) {
        self.kept.iter_mut().for_each(|p| name(&mut p.file));
    }

    /// The problems kept.
    pub fn kept(&self) -> &[Problem] {
        &self.kept
    }

    /// How many there were, kept or not.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many were counted and not kept.
    pub fn left_out(&self) -> u64 {
        self.total - self.kept.len() as u64
    }

    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// Puts the kept ones in the order of file and line, for people; problems of one line stay in their order.
    pub fn sort(&mut self) {
        self.kept.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    }
}

/// Something worth saying that refuses nothing: a file passed over, an encoding that was guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The file, as it is shown to people.
    pub file: String,
    /// What there is to say.
    pub text: String,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u64) -> Problem {
        let mismatch = Mismatch::new("\"NYCSP\"", "one of NYCPS, FPA").hint("did you mean NYCPS?");
        Problem::data("hr.jsonl", line, FieldProblem { field: "credential".into(), mismatch })
    }

    #[test]
    fn a_problem_says_where_what_and_what_to_do() {
        assert_eq!(at(7).to_string(), "hr.jsonl:7, credential: found \"NYCSP\", wanted one of NYCPS, FPA (did you mean NYCPS?)");
        let whole = Problem::unreadable("x.bin", Mismatch::new("binary data", "text"));
        assert_eq!(whole.to_string(), "x.bin: found binary data, wanted text");
    }

    #[test]
    fn all_are_counted_and_the_first_kept() {
        let mut few = Problems::new(2);
        let mut more = Problems::new(1);
        (1..=3).for_each(|n| more.push(at(n)));
        few.push(at(9));
        few.absorb(more);
        assert_eq!((few.kept().len(), few.total(), few.left_out()), (2, 4, 2));
        few.sort();
        assert_eq!(few.kept().iter().map(|p| p.line).collect::<Vec<_>>(), [1, 9]);
    }
}
