//! Everything a history holds, by what it is about, with names for keys and in the order in which it is found.
//! Leaves out row numbers and names about which nothing was ever said.

use std::collections::BTreeMap;

use crate::column::{Column, Owners};
use crate::index::Index;
use crate::names::{Key, Names};
use crate::row::Row;
use crate::stored::{Output, Stored};
use crate::{History, delivery, money};

fn spelled<T: Stored>(history: &History, value: &T) -> String {
    let mut out = Output { spelled: Some(history), ..Output::default() };
    value.put(&mut out);
    let laid = out.done();
    [&laid.front[..], &laid.pieces.concat()].concat().escape_ascii().to_string()
}

struct Dump<'h> {
    history: &'h History,
    entries: BTreeMap<String, String>,
}

impl Dump<'_> {
    fn put(&mut self, what: &str, name: &str, value: String) {
        if !value.is_empty() {
            self.entries.insert(format!("{what} {name}"), value);
        }
    }

    fn owned<K: Key, T: Stored + Default + Clone>(&mut self, what: &str, names: &Names<K>, owners: &Owners<T>) {
        let nothing = spelled(self.history, &T::default());
        for (key, facts) in names.keys().zip(owners.column().iter()) {
            let value = spelled(self.history, facts);
            self.put(what, names.get(key), if value == nothing { String::new() } else { value });
        }
    }

    /// In whatever order they came.
    fn pairs<'a, K: Key, T: Stored + 'a>(&mut self, what: &str, names: &Names<K>, pairs: impl Fn(K) -> &'a [T]) {
        for key in names.keys() {
            let mut all: Vec<String> = pairs(key).iter().map(|pair| spelled(self.history, pair)).collect();
            all.sort_unstable();
            self.put(what, names.get(key), all.join("\n"));
        }
    }

    fn found<K: Key>(&mut self, what: &str, names: &Names<K>, index: &Index, row: impl Fn(u32) -> String) {
        for key in names.keys() {
            let rows: Vec<String> = index.of(key.index()).iter().map(|place| row(*place)).collect();
            self.put(what, names.get(key), rows.join("\n"));
        }
    }
}

pub(super) fn dump(history: &History) -> BTreeMap<String, String> {
    let h = history;
    let mut dump = Dump { history, entries: BTreeMap::new() };
    dump.owned("person", &h.person_names, &h.people);
    dump.owned("individual", &h.individual_names, &h.individuals);
    dump.owned("program", &h.program_names, &h.programs);
    dump.owned("contract", &h.contract_names, &h.contracts);
    dump.owned("policy", &h.policy_names, &h.policy_ends);
    dump.pairs("met by", &h.individual_names, |key| h.met.individual(key));
    dump.pairs("served by", &h.person_names, |key| h.met.peer(key));

    fn at<T: Stored + Clone>(h: &History, rows: &Column<Row<T>>) -> impl Fn(u32) -> String {
        |place| spelled(h, &rows[place as usize])
    }
    dump.found("contact", &h.contact_names, &h.contact_rows, at(h, &h.contacts));
    dump.found("contacts of individual", &h.individual_names, &h.contacts_of_individual, at(h, &h.contacts));
    dump.found("contacts of peer", &h.person_names, &h.contacts_of_peer, at(h, &h.contacts));
    dump.found("contacts of program", &h.program_names, &h.contacts_of_program, at(h, &h.contacts));
    dump.found("contacts of session", &h.session_names, &h.contacts_of_session, at(h, &h.contacts));
    dump.found("notes of contact", &h.contact_names, &h.notes_of_contact, at(h, &h.notes));
    dump.found("versions of note", &h.note_names, &h.versions_of_note, at(h, &h.note_versions));
    dump.found("signatures of note", &h.note_names, &h.signatures_of_note, at(h, &h.signatures));
    dump.found("accruals of contact", &h.contact_names, &h.accruals_of_contact, at(h, &h.accruals));
    dump.found("ends of claim", &h.claim_names, &h.ends_of_claim, at(h, &h.claim_ends));
    dump.found("payments of claim", &h.claim_names, &h.payments_of_claim, at(h, &h.payments));
    dump.found("session", &h.session_names, &h.session_rows, |place| {
        let row = &h.sessions[place as usize];
        // By key in the row, and keys are in order of first mention.
        let mut attendees: Vec<&str> = row.value.attendees.iter().map(|a| h.individual_names.get(*a)).collect();
        attendees.sort_unstable();
        let bare = delivery::Session { attendees: Box::default(), ..row.value.clone() };
        spelled(h, &Row { seq: row.seq, span: row.span, value: bare }) + &attendees.join(";")
    });
    let line = |place: u32| {
        let line = h.lines[place as usize];
        let claim = &h.claims[line.claim_row as usize];
        spelled(h, &money::Line { claim_row: 0, ..line }) + &format!(" of {:?} {:?}", claim.seq(), claim.span)
    };
    dump.found("lines of contact", &h.contact_names, &h.lines_of_contact, line);
    dump.found("claim", &h.claim_names, &h.claim_rows, |place| {
        let row = &h.claims[place as usize];
        let lines: Vec<String> = (row.value.first_line..row.value.first_line + row.value.lines).map(line).collect();
        spelled(h, &Row { value: money::Claim { first_line: 0, ..row.value }, ..*row }) + &lines.join("\n")
    });

    dump.put("settings", "", spelled(h, &h.settings));
    dump.put("rate codes", "", spelled(h, &h.rate_codes));
    dump.put("complaints", "", spelled(h, &h.complaints));
    dump.put("types", "", spelled(h, &h.tags));
    dump.put("amended", "", spelled(h, &h.amended));
    dump.put("last", "", format!("{:?} {}", h.last, h.longest_contact));
    dump.entries
}
