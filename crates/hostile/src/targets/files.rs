//! Files that other systems write and people import: lines, tables, workbooks, X12, FHIR, and the settings that say how to read them.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use crate::Target;
use crate::parts::{joined, part, split};
use crate::run::plain;
use crate::scratch::holding;

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

const LINES: &str = include_str!("../../../../fixtures/riverbend-revocation.jsonl");
const CLAIM: &str = r#"{"type":"claim_submitted","source_id":"b:1","entered_at":"2024-03-05T17:02:00-05:00","claim":"CL-1","individual":"I-1","program":"MH-1","service_date":"2024-03-04","submitted_at":"2024-03-05T17:02:00-05:00","rate_code":"1474","lines":[{"contact":"C-1","hcpcs":"H0038","modifiers":["HQ"],"units":3,"charge_cents":6900}]}
{"type":"event_corrected","target":"b:1","fields":{"rate_code":null,"lines":[]},"reason":"typing error","evidence":["sha256:00"]}
"#;
const WORDS: &[&str] = &["\"type\":", "\"recorded_at\":", "\"lines\":[{", "event_corrected", "claim_submitted", "seq:1", "\"fields\":{", "\\ud800", "sha256:", "2024-03-10T02:30:00"];

pub(super) const JSON_LINES: Target = Target {
    name: "json-lines",
    reads: &["import::parse_line", "import::parse_block", "import::JsonLines"],
    good: || texts(&[LINES, CLAIM]),
    words: WORDS,
    read: |bytes| {
        let (mut good, mut said) = (0usize, String::new());
        for batch in import::JsonLines::new(import::Blocks::new(bytes)) {
            for parsed in batch.into_iter().flatten() {
                match parsed.result {
                    Ok(draft) => good += usize::from(draft.event.inconsistencies().is_empty()),
                    Err(problems) => said = problems.first().map_or_else(String::new, |p| format!("{} {}", p.mismatch.wanted, p.mismatch.hint.clone().unwrap_or_default())),
                }
            }
        }
        assert!(good <= bytes.len(), "more events than bytes");
        let _ = import::parse_line(&String::from_utf8_lossy(bytes));
        format!("{} {}", if good > 0 { "taken" } else { "none" }, plain(&said))
    },
};

const CLAIMS: &str = "claim,individual,program,service_date,submitted_at,rate_code,contact,hcpcs,modifiers,units,charge_cents\n\
    CL-1,I-1,MH-1,2024-03-04,2024-03-05T17:02:00-05:00,1474,C-1,H0038,HQ;GT,3,6900\nCL-1,I-1,MH-1,2024-03-04,2024-03-05T17:02:00-05:00,1474,C-2,H0038,,1,2300\n";

pub(super) const CSV: Target = Target {
    name: "csv",
    reads: &["import::discover", "import::read", "import::open"],
    good: || texts(&[CLAIMS, &CLAIMS.replace(',', ";"), &CLAIMS.replace(',', "\t").replace('\n', "\r\n")]),
    words: &["\"\"", "\"\n\"", "\u{feff}", "recorded_at", "source_id", ";;;;;;;;", "true"],
    read: |bytes| {
        holding("claim_submitted.csv", bytes, |dir| {
            let found = import::discover(&[dir.join("claim_submitted.csv")], None);
            let mut good = 0;
            let options = import::Options { simulated: false, threads: 0, max_problems: 20 };
            let summary = import::read(&found.sources, options, |_| {
                good += 1;
                ControlFlow::Continue(())
            });
            let problem = found.problems.kept().first().or_else(|| summary.problems.kept().first()).map(|p| format!("{:?}", p.kind)).unwrap_or_default();
            format!("{} {}", good > 0, plain(&problem))
        })
    },
};

const STAFF: &str = include_str!("../../../../mappings/staff-register.toml");
const NOTES: &str = include_str!("../../../../mappings/progress-notes.toml");
const BILLS: &str = include_str!("../../../../mappings/claim-lines.toml");

pub(super) const MAPPING: Target = Target {
    name: "mapping",
    reads: &["import::Mapping::read"],
    good: || texts(&[STAFF, NOTES, BILLS]),
    words: &["[[event]]", "[event.fields]", "when = {", "{ column = \"", "split = \"\"", "dates = [", "after = \"", "width = 99999", "'''", "# "],
    read: |bytes| match import::Mapping::read("m.toml", &String::from_utf8_lossy(bytes)) {
        Ok(mapping) => format!("taken, {} gaps", mapping.gaps().len().min(3)),
        Err(problems) => {
            assert!(!problems.kept().is_empty(), "refused without a word");
            plain(&problems.kept().first().map(ToString::to_string).unwrap_or_default())
        }
    },
};

const NOTES_TABLE: &str = include_str!("../../../../fixtures/mapping/progress-notes.csv");
const BILLS_TABLE: &str = include_str!("../../../../fixtures/mapping/claim-lines.csv");

pub(super) const MAPPED: Target = Target {
    name: "mapped",
    reads: &["import::discover_mapped", "import::preview"],
    good: || [(NOTES, NOTES_TABLE), (BILLS, BILLS_TABLE)].map(|(map, table)| joined([("map", map), ("table", table)])).to_vec(),
    words: &["{ column = \"", "split = \";\"", "dates = [", "width = 12", "|", "\t", ";", "\"", "\n==== table\n", "blank = ", "09:30", "04-Mar-2025", "[[event]]", "[event.fields]"],
    read: |bytes| {
        let parts = split(bytes);
        let map = String::from_utf8_lossy(part(&parts, "map").unwrap_or_default());
        let maps: Vec<import::Mapping> = import::Mapping::read("m.toml", &map).ok().into_iter().collect();
        holding("table.csv", part(&parts, "table").unwrap_or_default(), |dir| {
            let file = dir.join("table.csv");
            let rows = import::preview(&file, &maps, 3).tables.len();
            let found = import::discover_mapped(std::slice::from_ref(&file), None, &maps);
            let mut good = 0usize;
            let options = import::Options { simulated: false, threads: 0, max_problems: 20 };
            let summary = import::read(&found.sources, options, |_| {
                good += 1;
                ControlFlow::Continue(())
            });
            let problem = found.problems.kept().first().or_else(|| summary.problems.kept().first()).map(|p| format!("{:?}", p.kind)).unwrap_or_default();
            format!("{} {} {}", rows > 0, good > 0, plain(&problem))
        })
    },
};

pub(super) const GUESS: Target = Target {
    name: "guess",
    reads: &["import::guess"],
    good: || texts(&[NOTES_TABLE, BILLS_TABLE, CLAIMS]),
    words: &["|", "\t", ";", "\"", "Staff ID", "Date of Birth", "NYCPS", "04-Mar-2025", "03/04/2025", "9:30 AM", "yes", "$1,234.56"],
    read: |bytes| {
        holding("table.csv", bytes, |dir| match import::guess(&dir.join("table.csv")) {
            Ok(map) => {
                assert!(import::Mapping::read("m.toml", &map).is_ok() || map.contains('#'), "a guess that is no mapping file");
                format!("guessed {}", map.matches("[[event]]").count().min(4))
            }
            Err(problems) => plain(&problems.kept().first().map(|p| format!("{:?}", p.kind)).unwrap_or_default()),
        })
    },
};

const PROFESSIONAL: &str = include_str!("../../../x12/tests/new-york.837i");
const REMITTANCE: &str = "ISA*00*          *00*          *ZZ*EMEDNYBAT      *ZZ*SENDERETIN     *260119*0900*^*00501*000000002*0*T*:~GS*HP*EMEDNYBAT*SENDERETIN*20260119*0900*2*X*005010X221A1~\nST*835*0001~BPR*I*110*C*ACH*CCP*01*999999992*DA*1234*1141797357**01*999999992*DA*5678*20260119~TRN*1*EFT1*1141797357~DTM*405*20260119~LX*1~CLP*CLM0001*1*120*110**MC*TCN1~SVC*HC:H0038*80*80**4~DTM*472*20260102~CLP*CLM0002*22*-120*-110**MC*TCN2~PLB*1*20261231*WO:1*5~SE*12*0001~GE*1*2~IEA*1*000000002~";
const ANSWERS: &str = "ISA*00*          *00*          *ZZ*EMEDNYBAT      *ZZ*SENDERETIN     *260119*0900*^*00501*000000003*0*T*:~GS*FA*EMEDNYBAT*SENDERETIN*20260119*0900*3*X*005010X231A1~ST*999*0001*005010X231A1~AK1*HC*1*005010X223A2~AK2*837*0001*005010X223A2~IK3*CLM*22**8~IK4*2*782*7*-1~IK5*R*5~AK9*R*1*1*0~SE*8*0001~GE*1*3~IEA*1*000000003~";
const STATUS: &str = "ISA*00*          *00*          *ZZ*EMEDNYBAT      *ZZ*SENDERETIN     *260119*0900*^*00501*000000004*0*T*:~GS*HN*EMEDNYBAT*SENDERETIN*20260119*0900*4*X*005010X214~ST*277*0001*005010X214~BHT*0085*08*1*20260119*0900*TH~HL*1**20*1~NM1*PR*2*EMEDNY*****PI*1~HL*2*1*21*1~NM1*41*2*RIVERBEND*****46*1~HL*3*2*19*1~NM1*85*2*RIVERBEND*****XX*1234567893~HL*4*3*PT~NM1*QC*1*X*Y****MI*AA11111A~TRN*2*CLM0001~STC*A3:21:40*20260119*U*120~REF*1K*TCN1~DTP*472*D8*20260102~SE*15*0001~GE*1*4~IEA*1*000000004~";

pub(super) const X12: Target = Target {
    name: "x12",
    reads: &["x12::read", "x12::read_from", "x12::Desk::take"],
    good: || texts(&[PROFESSIONAL, REMITTANCE, ANSWERS, STATUS]),
    words: &["ISA*", "GS*HP*", "ST*837*", "ST*835*", "ST*999*", "ST*277*", "SE*", "HL*", "CLM*", "SVC*HC:H0038:HQ", "BE:24:::1474", "REF*6R*", "~", "~~", "*********", "DTP*472*RD8*20260102-20260101", "PLB*"],
    read: |bytes| {
        static SETTINGS: OnceLock<Option<x12::Mapping>> = OnceLock::new();
        let Some(settings) = SETTINGS.get_or_init(|| x12::Mapping::parse("[[program]]\nprogram = \"MH-1\"\nnpi = \"1234567893\"\n").ok()) else {
            return "no settings".to_owned();
        };
        let (mut items, mut problem) = (Vec::new(), String::new());
        let read = x12::read(Cursor::new(bytes), |found| match found {
            x12::Found::Item(item) => items.push(item),
            x12::Found::Problem(p) => problem = p.to_string(),
            x12::Found::End { .. } => {}
        });
        assert!(items.len() <= bytes.len(), "more items than bytes");
        let mut desk = x12::Desk::new(settings, [], false);
        items.iter().for_each(|item| desk.expect(item));
        let mut tally = x12::Tally::default();
        let drafts = items.iter().filter(|item| desk.take(item, &mut tally).is_ok()).count();
        format!("{} {} {} {}", read.is_ok(), items.len().min(3), drafts.min(3), plain(&problem))
    },
};

pub(super) const X12_SETTINGS: Target = Target {
    name: "x12-settings",
    reads: &["x12::Mapping::parse"],
    good: || texts(&["[[program]]\nprogram = \"MH-1\"\nnpi = \"1234567893\"\n", "[[program]]\nprogram = \"PR-1\"\nnpi = \"1234567893\"\nrate_codes = [\"4510\"]\n"]),
    words: &["[[program]]", "npi = ", "program = ", "[[[", "'''"],
    read: |bytes| x12::Mapping::parse(&String::from_utf8_lossy(bytes)).map_or_else(|e| plain(&e), |_| "taken".to_owned()),
};

const ENCOUNTER: &str = r#"{"resourceType":"Encounter","id":"e-1","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"type":[{"coding":[{"system":"https://countersign.example/fhir/service","code":"core_peer"}]}],"subject":{"reference":"Patient/p-7"},"participant":[{"individual":{"reference":"Practitioner/s-4"}}],"period":{"start":"2025-03-04T10:00:00-05:00","end":"2025-03-04T11:00:00-05:00"},"serviceProvider":{"reference":"Organization/CO-1"}}
{"resourceType":"Practitioner","id":"s-4","birthDate":"1988-03-03","qualification":[{"code":{"coding":[{"system":"https://countersign.example/fhir/credential","code":"NYCPS-P"}]},"period":{"start":"2024-03-01","end":"2026-02-28"},"issuer":{"display":"NYPSCB"}}]}
"#;
const BUNDLE: &str = "{\n  \"resourceType\": \"Bundle\",\n  \"entry\": [\n    {\"resource\": {\"resourceType\": \"Patient\", \"id\": \"p-8\", \"birthDate\": \"2001-04-02\"}},\n    {\"fullUrl\":\"urn:uuid:1\",\"resource\":{\"resourceType\":\"Provenance\",\"id\":\"pv-1\",\"target\":[{\"reference\":\"DocumentReference/n-1/_history/2\"}],\"recorded\":\"2025-03-05T14:06:00Z\"}}\n  ]\n}";

pub(super) const FHIR: Target = Target {
    name: "fhir",
    reads: &["fhir::Reader::next_item"],
    good: || texts(&[ENCOUNTER, BUNDLE]),
    words: &["\"resourceType\":\"Bundle\",\"entry\":[", "\"reference\":\"Patient/p-7\"", "\"coding\":[{", "\"period\":{", "{\"resource\":{", "\"contained\":["],
    read: |bytes| {
        let mut reader = fhir::Reader::new(bytes, Arc::new(fhir::Mapping::standard()));
        let (mut items, mut good) = (0, 0);
        while let Ok(Some((_, item))) = reader.next_item() {
            items += 1;
            good += usize::from(matches!(item, fhir::Item::Drafts(_)));
            assert!(items <= bytes.len() + 2, "more items than bytes");
        }
        format!("{} {}", items.min(4), good.min(4))
    },
};

pub(super) const FHIR_SETTINGS: Target = Target {
    name: "fhir-settings",
    reads: &["fhir::Mapping::parse"],
    good: || texts(&["[[code]]\nsystem = \"http://agency.example/service\"\ncode = \"PEER\"\nis = \"mhotrs_adult_peer\"\n", "source = \"ehr\"\n"]),
    words: &["[[code]]", "[[program]]", "system = ", "code = ", "is = ", "[[["],
    read: |bytes| fhir::Mapping::parse(&String::from_utf8_lossy(bytes)).map_or_else(|e| plain(&e), |_| "taken".to_owned()),
};
