//! The published schemas and examples as a person gets them: printed, listed, and the examples imported by a new ledger.
//! What validates is tested where the schemas are made (crates/import).

use std::path::Path;

use serde_json::Value;

use crate::command::{Desk, stderr, stdout};

#[test]
fn schemas_are_printed_without_a_ledger() {
    let desk = Desk::empty();
    let listed = stdout(&desk.done(&["schema"]));
    assert!(listed.contains("contact_recorded") && listed.contains("A service contact took place."), "{listed}");
    let one = desk.json(&["schema", "contact_recorded"]);
    assert_eq!(one["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(one["required"].as_array().unwrap().contains(&Value::from("individual")), "{one}");
    let any = desk.json(&["schema", "--json"]);
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/events/line.schema.json");
    assert_eq!(any, serde_json::from_str::<Value>(&std::fs::read_to_string(published).unwrap()).unwrap());
    let wrong = desk.run(&["schema", "contact_record"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("did you mean contact_recorded?"), "{}", stderr(&wrong));
}

#[test]
fn a_new_ledger_takes_every_example() {
    let desk = Desk::real();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/events/examples.jsonl");
    let said = stdout(&desk.done(&["import", examples.to_str().unwrap()]));
    assert!(said.contains("83 events read: 83 appended, 0 already there, 0 refused."), "{said}");
    assert_eq!(desk.size(), 84);
}
