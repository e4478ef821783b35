//! A hundred thousand CSV files made of likely and unlikely pieces: each ends in events or problems, and in the same records however the
//! stream arrives. A stream that gives one byte at a time never has a whole line in the buffer, so that csv-core cuts all of it.

use std::io::{self, Read};

use domain::event::Event;
use proptest::prelude::*;

use crate::csv::records::{Next, Records};
use crate::csv::rows::CsvRows;
use crate::format::Separator;
use crate::mapping::fuzz::{Choices, config};

struct Dribble<'b>(&'b [u8]);

impl Read for Dribble<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = out.len().min(1);
        (&mut self.0).take(n as u64).read(out)
    }
}

const CELLS: &[&str] = &[
    "", "CL-1", "2025-03-04", "2025-02-30", "x", " y ", "\"q\"", "\"a,b\"", "\"a\nb\"", "\"a\"\"b\"", "\"", "a\"b", "\0", "\u{e9}", "7", "007", "1;2", "true", "{\"to\":null}", "{", "\t",
    "2025-03-04T09:30:00-05:00", "2025-03-04T09:30:00Z", "seq:1", "\u{feff}",
];

const ENDS: &[&str] = &["\n", "\n", "\n", "\r\n", "\r", "\n\n", ""];

/// Headers of types with fields of many kinds, good and bad.
const FILES: &[(&str, &str)] = &[
    ("claim_voided", "claim,voided_on,reason"),
    ("claim_voided", "claim,claim,colour"),
    ("event_corrected", "target,fields,reason"),
    ("parameter_set", "name,value,from,approved_by,actor"),
    ("note_signed", "source_id,note,version,signer,capacity,signed_at"),
    ("claim_submitted", "claim,individual,program,service_date,submitted_at,contact,hcpcs,units,charge_cents"),
    ("policy_adopted", "program,policy,topics,from,evidence,entered_at"),
];

fn table(choices: &mut Choices) -> (&'static str, String) {
    let (event_type, header) = FILES[choices.below(FILES.len())];
    let width = header.split(',').count();
    let mut text = format!("{header}\n");
    for _ in 0..choices.below(6) {
        // Now and then a cell too many or too few.
        let cells = (width + choices.below(9)).saturating_sub(4).clamp(1, width + usize::from(choices.below(12) == 0));
        text.push_str(&(0..cells).map(|_| choices.piece(CELLS)).collect::<Vec<_>>().join(","));
        text.push_str(&choices.piece(ENDS));
    }
    (event_type, text)
}

fn records(reader: impl Read) -> Vec<(u64, Option<Vec<String>>)> {
    let mut records = Records::new(reader, Separator::Comma);
    let mut all = Vec::new();
    loop {
        match records.next_record() {
            Ok(Next::Record { line, cells }) => all.push((line, records.cells(cells).map(|cells| cells.iter().map(str::to_owned).collect()))),
            Ok(Next::Broken { line, what }) => all.push((line, Some(vec![format!("{what:?}")]))),
            Ok(Next::End) => return all,
            Err(error) => unreachable!("reading from memory: {error}"),
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_file_gives_events_or_problems_and_the_same_records_however_it_arrives(seed in any::<u64>()) {
        let mut choices = Choices(seed);
        let (event_type, mut bytes) = { let (event_type, text) = table(&mut choices); (event_type, text.into_bytes()) };
        if choices.below(8) == 0 {
            // A byte that is not UTF-8.
            let at = choices.below(bytes.len());
            bytes[at] = 0x80 | choices.below(128) as u8;
        }
        prop_assert_eq!(records(bytes.as_slice()), records(Dribble(&bytes)));
        let Some(schema) = Event::importable().find(|t| t.name == event_type) else { unreachable!("{event_type}") };
        for batch in CsvRows::new(bytes.as_slice(), schema, Separator::Comma) {
            let Ok(batch) = batch else { unreachable!("reading from memory") };
            for parsed in batch {
                prop_assert!(parsed.line > 0);
            }
        }
    }
}
