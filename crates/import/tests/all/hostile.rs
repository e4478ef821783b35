//! Bytes of any kind end in drafts, problems or notices, never in a panic; and the same ones however they are read.

use import::discover;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{Files, REAL, SIMULATED, read_all};

/// Pieces that lead deep into the readers, between bytes of any kind.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces: [&[u8]; 24] = [
        b"{\"type\":\"claim_voided\",\"claim\":\"CL-1\",\"voided_on\":\"2025-03-04\"}",
        b"{\"type\":",
        b"\"event_corrected\"",
        b",\"fields\":{",
        b"}",
        b"[",
        b"]",
        b"\n",
        b"\r\n",
        b"\r",
        b"\"",
        b"\"\"",
        b",",
        b";",
        b"\t",
        b"claim,voided_on,reason\n",
        b"CL-1,2025-03-04,x\n",
        b"\xEF\xBB\xBF",
        b"\xFF\xFE",
        b"\xC3",
        b"1e999",
        b"-0.0",
        b"\\ud800",
        b"\0",
    ];
    let piece = prop_oneof![4 => prop::sample::select(pieces.to_vec()).prop_map(<[u8]>::to_vec), 1 => vec(any::<u8>(), 0..12)];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_bytes_are_read_without_panic(bytes in bytes(), name in prop::sample::select(vec!["a.jsonl", "claim_voided.csv", "event_corrected.csv", "claim_submitted.csv"])) {
        let files = Files::new(&[(name, &bytes)]);
        for path in [files.path(name), files.dir().to_owned()] {
            let found = discover(&[path], None);
            prop_assert!(found.sources.len() + found.notices.len() + found.problems.kept().len() > 0);
            for options in [REAL, SIMULATED] {
                let (drafts, summary) = read_all(&found, options);
                prop_assert_eq!(drafts.len() as u64, summary.drafts());
                prop_assert!(summary.refused() == 0 || !summary.problems.is_empty());
            }
        }
    }

    /// However a claim file is cut into rows, each of its rows is counted once.
    #[test]
    fn claims_of_any_rows_are_counted(ids in vec(0u8..4, 0..30), bad in any::<u64>()) {
        let mut text = String::from("claim,individual,program,service_date,submitted_at,contact,hcpcs,units,charge_cents\n");
        for (i, id) in ids.iter().enumerate() {
            let units = if bad >> (i % 64) & 7 == 7 { "-1" } else { "1" };
            text.push_str(&format!("CL-{id},I-1,MH-1,2025-03-04,2025-03-10T09:00:00Z,C-{i},H0038,{units},1\n"));
        }
        let files = Files::new(&[("claim_submitted.csv", text.as_bytes())]);
        let (drafts, summary) = read_all(&discover(&[files.dir().to_owned()], None), REAL);
        let rows: usize = drafts.iter().map(|d| d.draft.event.fields().iter().map(|(_, v)| if let domain::field::Raw::List(l) = v { l.len() } else { 0 }).sum::<usize>()).sum();
        prop_assert!(rows <= ids.len());
        prop_assert_eq!(summary.files.first().map_or(0, |f| f.rows), ids.len() as u64);
        let runs = ids.chunk_by(|a, b| a == b).count() as u64;
        prop_assert_eq!(summary.read(), runs);
    }
}
