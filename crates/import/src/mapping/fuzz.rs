//! A hundred thousand mappings and tables made of likely and unlikely pieces: each ends in events or problems, never in a panic.
//! Reads from memory, so that the inputs cost microseconds and not files.

use std::sync::Arc;

use proptest::prelude::*;

use crate::format::Separator;
use crate::mapping::file::Mapping;
use crate::mapping::fit::{Answer, Mapped, choose_csv};
use crate::mapping::rows::MappedCsv;

const CASES: u32 = 100_000;

/// So many inputs, none kept.
pub(crate) fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) }
}

/// A number of proptest's unfolded into as many choices as an input needs: making the input costs less than reading it.
pub(crate) struct Choices(pub(crate) u64);

impl Choices {
    /// A number below `n` (splitmix64).
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn of<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        choices[self.below(choices.len())]
    }

    /// A piece of the list, or one time in sixteen characters of any kind.
    pub(crate) fn piece(&mut self, choices: &[&str]) -> String {
        if self.below(16) > 0 {
            return self.of(choices).to_owned();
        }
        (0..self.below(8)).filter_map(|_| char::from_u32(self.below(0x250) as u32)).collect()
    }
}

/// Pieces of mapping files, whole lines, so that many inputs get past the first one.
const LINES: &[&str] = &[
        "source = \"ehr\"", "source = 7", "key = [\"A\"]", "key = []", "key = \"B\"", "dates = \"MM/DD/YYYY\"", "dates = [\"D.M.YY\", \"x\"]", "zone = \"UTC\"",
        "ignore = [\"C\"]", "sheet = \"S\"", "header_row = 3", "header_row = -1", "when = \"A\"", "when = [{ column = \"B\", is = [\"x\"] }, \"C\"]",
        "when = { is = 1 }", "[[event]]", "[event]", "type = \"note_written\"", "type = \"claim_submitted\"", "type = \"credential_granted\"", "type = \"event_corrected\"",
        "part = \"p\"", "part = \"\"", "[event.fields]", "note = \"A\"", "contact = { column = \"B\", prefix = \"C-\", width = 5 }", "author = { value = \"P-1\" }",
        "written_at = { date = \"A\", time = \"B\" }", "written_at = { after = \"entered_at\", minutes = \"C\" }", "entered_at = { after = \"written_at\", minutes = \"C\" }",
        "elements = { ticked = { \"A\" = \"purpose\", \"B\" = \"nothing\" } }", "elements = { column = \"C\", values = { \"x\" = \"outcome\", \"X\" = \"\" }, other = \"purpose\" }",
        "claim = \"A\"", "units = \"B\"", "charge_cents = { column = \"C\", unit = \"dollars\" }", "charge_cents = { column = \"C\", unit = \"euros\" }", "person = { join = [\"First Name\", \"B\"] }",
        "level = { column = \"A\", values = { \"F\" = \"full\" }, blank = \"provisional\" }", "expires_on = { column = \"B\", dates = \"YYYYMMDD\" }", "fields = { value = \"{}\" }", "target = \"A\"",
        "contact = { column = \"A\", split = \"\" }", "note = { value = [\"a\", [\"b\"]] }", "note = { value = 2025-03-04 }", "x = {", "\"", "# ?", "\u{e9} = \"\\u00e9\"",
];

/// Every mapping that loads is bound to a header and reads a row.
fn read_with(mapping: &Mapping, table: &str) {
    let _ = mapping.gaps();
    let (separator, answer) = choose_csv(std::slice::from_ref(mapping), "table", table);
    if let Answer::Fits(fitting) = answer {
        read_all(&Arc::new(Mapped::new(fitting.bound, fitting.header_row, None)), separator, table);
    }
}

fn read_all(mapped: &Arc<Mapped>, separator: Separator, table: &str) {
    let (mut events, mut rows) = (0u64, 0u64);
    for batch in MappedCsv::new(table.as_bytes(), separator, Arc::clone(mapped)) {
        for parsed in batch.into_iter().flatten() {
            events += u64::from(parsed.result.is_ok());
            rows += parsed.rows;
            assert!(parsed.line > mapped.header_row);
        }
    }
    // A row is counted once, whatever it gives.
    assert!(rows <= events.max(1) + table.lines().count() as u64);
    let _ = mapped.told();
}

const GOOD: &str = r#"
source = "ehr"
key = ["Id"]
dates = ["MM/DD/YYYY", "D.M.YY"]
when = { column = "State", not = ["void"] }
[[event]]
type = "contact_recorded"
[event.fields]
contact = { column = "Id", prefix = "C-" }
program = { value = "MH-1" }
service = { column = "Service", values = { "Peer" = "mhotrs_adult_peer", "Other" = "other" } }
peer = { column = "Staff", width = 4 }
individual = "Client"
phase = { value = "enrolled" }
format = { value = "individual" }
mode = "Mode"
site = { column = "Place", values = { "Clinic" = "onsite" }, other = "offsite", blank = "onsite" }
start = { date = "Day", time = "From" }
end = { after = "start", minutes = "Length" }
basis = { value = "planned" }
recipient = { value = "individual" }
activities = { column = "Acts", split = "," }
[[event]]
type = "note_written"
when = "Written"
[event.fields]
note = "Id"
contact = { column = "Id", prefix = "C-" }
author = "Staff"
written_at = "Written"
elements = { ticked = { "P" = "purpose" } }
"#;

const HEADER: &str = "Id,State,Service,Staff,Client,Mode,Place,Day,From,Length,Acts,Written,P\n";

const CELLS: &[&str] = &[
        "", "1", "007", "P-1", "I-9", "E 1", "1.23E+11", "void", "Peer", "peer", "Other", "In person", "video", "Clinic", "03/04/2025", "3/9/2025", "4.3.25", "2025-03-04", "11/02/2025", "02/30/2025",
        "9:30 AM", "2:30", "1:30", "25:00", "45", "0:45", "-1", "99999999999", "A1.02, A1.03", ",", "2025-03-04T09:30:00-05:00", "03/04/2025 11:05", "x", "yes", "maybe", "\"q\"\"q\"", "\"a\nb\"", "\"", "\0", "\u{e9}",
        "$1,234.50",
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_mapping_is_read_or_refused(seed in any::<u64>()) {
        let mut choices = Choices(seed);
        let text: Vec<String> = (0..choices.below(24)).map(|_| choices.piece(LINES)).collect();
        match Mapping::read("m.toml", &text.join("\n")) {
            Ok(mapping) => read_with(&mapping, "A,B,C,First Name\n1,2,3,x\nN-1,03/04/2025,9:30,\n"),
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }

    #[test]
    fn any_table_is_read_through_a_mapping(seed in any::<u64>()) {
        thread_local! {
            static MAPPED: Arc<Mapped> = {
                let mapping = Mapping::read("m.toml", GOOD).unwrap_or_else(|p| unreachable!("{p:?}"));
                let (_, answer) = choose_csv(&[mapping], "table", HEADER);
                let Answer::Fits(fitting) = answer else { unreachable!("{answer:?}") };
                Arc::new(Mapped::new(fitting.bound, fitting.header_row, None))
            };
        }
        let mut choices = Choices(seed);
        let mut table = String::from(HEADER);
        for _ in 0..choices.below(3) {
            let cells: Vec<String> = (0..13).map(|_| choices.piece(CELLS)).collect();
            table.push_str(&cells.join(","));
            table.push('\n');
        }
        table.push_str(&choices.piece(CELLS));
        MAPPED.with(|mapped| read_all(mapped, Separator::Comma, &table));
    }
}
