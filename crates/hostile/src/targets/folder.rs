//! Small files beside a ledger and files that people hand to a command: settings, accounts, samples, records of reviews.

use std::path::Path;

use crate::Target;
use crate::run::plain;
use crate::scratch::holding;

fn said<T, E: std::fmt::Display>(result: Result<T, E>) -> String {
    // The name of the folder is not part of the answer.
    result.map_or_else(|e| plain(e.to_string().split_once(": ").map_or("refused", |(_, rest)| rest)), |_| "taken".to_owned())
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

pub(super) const UNATTENDED: Target = Target {
    name: "unattended",
    reads: &["notify::settings::parse", "notify::settings::read"],
    good: || {
        texts(&[
            "link = \"https://ledger.agency.example\"\n\n[[webhook]]\nname = \"hook\"\nurl = \"https://hooks.agency.example/nightly\"\nsecret = \"hook\"\n",
            "[mail]\nserver = \"mail.agency.example\"\nport = 587\nfrom = \"ledger@agency.example\"\nto = [\"officer@agency.example\"]\nuser = \"ledger\"\npassword = \"mail\"\n",
        ])
    },
    words: &["[[webhook]]", "[mail]", "url = \"http://", "to = [", "encryption = \"none\"", "\u{0}"],
    read: |bytes| said(notify::settings::parse(Path::new("unattended.toml"), &String::from_utf8_lossy(bytes))),
};

pub(super) const DROP: Target = Target {
    name: "drop",
    reads: &["audit::drop_folder::settings"],
    good: || texts(&["folder = \"in\"\nsettle_seconds = 10\nmaps = [\"m.toml\"]\n\n[[source]]\nname = \"ehr\"\nfiles = [\"contacts-*.csv\", \"*.jsonl\"]\nevery_days = 1\n"]),
    words: &["[[source]]", "files = [", "every_days = 0", "*", "../../", "settle_seconds = 1e9"],
    read: |bytes| {
        holding("drop.toml", bytes, |dir| {
            let settings = audit::drop_folder::settings(dir);
            if let Ok(settings) = &settings {
                for name in ["contacts-2025-01-01.csv", "", "a", "***************b"] {
                    let _ = settings.source_of(name);
                }
            }
            said(settings)
        })
    },
};

pub(super) const ACCOUNTS: Target = Target {
    name: "accounts",
    reads: &["web::Accounts::read"],
    good: || {
        texts(&[r#"{"schema":"countersign.accounts.v1","accounts":[{"name":"Ada Officer","role":"officer","hash":"$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$AAAA","closed":false}]}"#])
    },
    words: &["\"role\":\"owner\"", "\"closed\":true", "$argon2id$v=19$m=4294967295,t=4294967295,p=255$", "countersign.accounts.v2"],
    read: |bytes| holding("accounts.json", bytes, |dir| said(web::Accounts::read(dir))),
};

pub(super) const SAMPLE: Target = Target {
    name: "sample",
    reads: &["audit::samples::Sample::read", "audit::packs::read_sample"],
    good: || texts(&[r#"{"schema":"countersign.sample.v1","claims":["CL-1","CL-2"],"drawn":[{"unit":"CL-1","stratum":"all","paid_cents":9200}],"size":1}"#, "# claims\nCL-1\nCL-2\n"]),
    words: &["\"claims\":[", "\"drawn\":[", "\"paid_cents\":-1", "countersign.sample.v1"],
    read: |bytes| {
        let claims = audit::packs::read_sample(bytes).map(|(claims, _)| claims.len().min(3));
        let sample = holding("sample.json", bytes, |dir| said(audit::samples::Sample::read(&dir.join("sample.json"))));
        format!("{claims:?} {sample}").chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').take(80).collect()
    },
};

/// Where the record of this origin lies: its name, and the beginning of a digest of it.
const RECORD_FILE: &str = "ledger.riverbend.example-7f86156d/record.json";

pub(super) const RECORD: Target = Target {
    name: "review-record",
    reads: &["audit::review::recorded"],
    good: || {
        let record = r#"{"schema":"countersign.review_record.v1","origin":"ledger.riverbend.example","vkey":"k","key_given":true,"first_visit":"2025-03-04T10:00:00Z","last_visit":"2025-06-04T10:00:00Z","size":21,"root":"AAAA","checkpoint":"c"}"#;
        texts(&[record])
    },
    words: &["\"schema\":", "\"origin\":\"elsewhere\"", "\"size\":-1", "\"last_visit\":\"never\"", "\"key_given\":"],
    read: |bytes| {
        holding(RECORD_FILE, bytes, |dir| {
            let record = audit::review::recorded(dir, "ledger.riverbend.example");
            if let Ok(Some(record)) = &record {
                return format!("on record, {}", record.last_day().len().min(20));
            }
            said(record)
        })
    },
};

pub(super) const IMPACT: Target = Target {
    name: "impact",
    reads: &["audit::impact::read"],
    good: || texts(&["[[set]]\nname = \"core.units_per_month_max\"\nvalue = 20\nfrom = \"2025-01-01\"\n"]),
    words: &["[[set]]", "value = [", "from = \"2025-02-30\"", "name = \"\""],
    read: |bytes| said(audit::impact::read("impact.toml", &String::from_utf8_lossy(bytes))),
};
