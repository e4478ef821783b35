//! Words that people type: cuts, days, amounts, queries, ids, times of day; and the fields of an event as any front end hands them on.

use std::borrow::Cow;

use domain::field::{Fields, Raw};
use domain::{Digest, Event, KnownAt, PersonId, Seq, TargetRef, Text, ValidAt, ValidDay};

use crate::Target;

pub(super) const TYPED: Target = Target {
    name: "typed",
    reads: &[
        "audit::Cut::parse",
        "audit::worklist::Disposed::parse",
        "audit::worklist::amount",
        "audit::desk::Sort::parse",
        "audit::samples::Query::parse",
        "audit::samples::Size::parse",
        "audit::samples::StrataBy::parse",
        "schedule::DailyAt::parse",
        "sampling::Seed::parse",
        "web::Role::parse",
        "rules::Class::parse",
        "domain::Text::parse",
        "domain::Confidential::parse",
        "domain::Digest::parse",
        "domain::words::parse",
        "domain::ValidDay::parse",
        "domain::ValidAt::parse",
        "domain::ValidAt::parse_local",
        "domain::ids::parse",
    ],
    good: || {
        ["2025-03-04", "2025-03-04T09:30:00-05:00", "seq:811", "program=MH-1 from=2025-01-01 to=2025-12-31", "02:30", "30", "5%", "amount:10000,50000", "sha256:00", "P-014", "$1,234.56", "open", "officer", "rat-stats"]
            .iter()
            .map(|word| word.as_bytes().to_vec())
            .collect()
    },
    words: &["seq:", "=", "%", "program=", "\"", "..", "24:00", "-0", "blake3:"],
    read: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let text = text.as_ref();
        let answers = [
            audit::Cut::parse(text).is_ok(),
            audit::worklist::Disposed::parse(text).is_ok(),
            audit::worklist::amount(text).is_ok(),
            { audit::desk::Sort::parse(text); true },
            audit::samples::Query::parse(text).is_ok(),
            audit::samples::Size::parse(text).is_ok(),
            audit::samples::StrataBy::parse(text).is_ok(),
            schedule::DailyAt::parse(text).is_ok(),
            web::Role::parse(text).is_some(),
            Text::parse(text).is_ok(),
            Digest::parse(text).is_some(),
            ValidDay::parse(text).is_some(),
            ValidAt::parse(text).is_some(),
            KnownAt::parse(text).is_some(),
            ValidAt::parse_local(text).is_some(),
            PersonId::parse(text).is_ok(),
            TargetRef::parse(text).is_ok_and(|t| t.as_seq().is_none_or(|Seq(n)| text == format!("seq:{n}"))),
            sampling::Seed::parse(text).is_some(),
        ];
        answers.iter().map(|yes| if *yes { '1' } else { '0' }).collect()
    },
};

pub(super) const EVENT: Target = Target {
    name: "event",
    reads: &["domain::Event::read"],
    good: || {
        ["credential_granted\nperson=P-1\ncredential=NYCPS\nlevel=full\nissuer=NYPSCB\neffective_on=2024-03-01\nexpires_on=2026-02-28", "note_written\nnote=N-1\ncontact=C-1\nauthor=P-1\nwritten_at=2025-03-04T09:30:00-05:00\nelements=[purpose;response"]
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .collect()
    },
    words: &["claim_submitted\n", "event_corrected\n", "=[", "#12", "\nfields={a=", "?"],
    read: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.lines();
        let name = lines.next().unwrap_or_default();
        let value = |v: &str| match v.as_bytes().first() {
            Some(b'[') => Raw::List(v[1..].split(';').map(|item| Raw::owned(item.to_owned())).collect()),
            Some(b'#') => v[1..].parse().map_or_else(|_| Raw::Number(Cow::Owned(v[1..].to_owned())), Raw::Int),
            Some(b'{') => Raw::Record(v[1..].split(';').filter_map(|f| f.split_once('=')).map(|(k, v)| (Cow::Owned(k.to_owned()), Raw::owned(v.to_owned()))).collect()),
            Some(b'?') => Raw::Null,
            Some(_) | None => Raw::owned(v.to_owned()),
        };
        let fields = lines.filter_map(|line| line.split_once('=')).map(|(k, v)| (Cow::Owned(k.to_owned()), value(v))).collect();
        match Event::read(name, Fields(fields)) {
            Ok(event) => {
                let again = event.fields().into_iter().map(|(k, v)| (Cow::Borrowed(k), v)).collect();
                assert!(Event::read(name, Fields(again)).as_ref() == Ok(&event), "read back as something else");
                "taken".to_owned()
            }
            Err(problems) => {
                assert!(!problems.is_empty(), "refused without a word");
                format!("{} problems", problems.len().min(4))
            }
        }
    },
};

const SENT: &str = "--B\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\nabc\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.csv\"\r\nContent-Type: text/csv\r\n\r\nx,y\r\n1,2\r\n--B--\r\n";

pub(super) const FORM: Target = Target {
    name: "form",
    reads: &["web::read_form"],
    good: || vec![["multipart/form-data; boundary=\"B\"\n", SENT].concat().into_bytes()],
    words: &["--B", "\r\n--B\r\n", "--B--", "boundary=", "; filename=\"../../x\"", "; name=\"", "%22", "Content-Disposition: form-data", "\r\n\r\n"],
    read: |bytes| {
        let line = bytes.iter().position(|b| *b == b'\n').unwrap_or(bytes.len());
        let (kind, body) = (String::from_utf8_lossy(&bytes[..line]), bytes.get(line + 1..).unwrap_or_default());
        match web::read_form(&kind, body) {
            None => "no form".to_owned(),
            Some((fields, files)) => {
                assert!(files.iter().all(|name| !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0'])), "a name that leads elsewhere: {files:?}");
                format!("{} {}", fields.min(3), files.len().min(3))
            }
        }
    },
};

pub(super) const ADDRESS: Target = Target {
    name: "address",
    reads: &["web::read_query", "web::read_segment"],
    good: || ["class=violation&page=2", "from=2025-01-01&to=2025-12-31&q=a%26b", "limit=50&after=abc", "least=99.50&rule=MHOTRS-CRED-01"].iter().map(|said| said.as_bytes().to_vec()).collect(),
    words: &["&", "=", "%", "%2", "%00", "%ff", "+", "page=", "limit=4294967296", "from=", "after=", "class=", "$1,000.00"],
    read: |bytes| {
        // No request line is read that is longer.
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(8_192)]);
        let (taken, again) = web::read_query(&text);
        assert!(again.is_empty() || web::read_query(&again[1..]).1 == again, "said again it is something else");
        let part = web::read_segment(&text);
        if let Some((plain, encoded)) = &part {
            assert!(web::read_segment(encoded).is_some_and(|(back, _)| back == *plain), "a part of a path that is not itself");
        }
        format!("{} {}", taken.len(), part.is_some())
    },
};
