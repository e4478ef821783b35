//! Who may depend on whom: the table of `ARCHITECTURE.md` as data, with what each crate must never know.
//! It refuses to guess: a crate that is not in the table, or an edge that is not in its row, is not allowed.

/// What one crate may name under `[dependencies]` and `[build-dependencies]`.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Package name; the command line is the root package `countersign`.
    pub name: &'static str,
    /// Our crates it may depend on.
    pub ours: &'static [&'static str],
    /// Other people's crates it may depend on.
    pub foreign: &'static [&'static str],
    /// What it must never know, which is why the other edges are missing.
    pub never: &'static str,
}

/// The table, in the order of the data flow. A new edge is a line here with its reason, seen in review.
pub const TABLE: &[Row] = &[
    Row {
        name: "domain",
        ours: &[],
        // compact_str: ids are held inline, so replaying an event allocates nothing for them.
        foreign: &["jiff", "compact_str"],
        never: "serde, files, the clock",
    },
    Row { name: "chain", ours: &[], foreign: &["blake3"], never: "what an event is" },
    Row { name: "transparency", ours: &[], foreign: &["sha2", "ed25519-dalek", "base64"], never: "what a leaf means" },
    Row {
        name: "vault",
        ours: &[],
        // getrandom: subject keys are made here and nowhere else. ring: derived state is sealed in hardware. rustc-hash: pseudonyms are as good as random.
        foreign: &["chacha20poly1305", "ring", "blake3", "rustc-hash", "zeroize", "getrandom", "thiserror"],
        never: "redb, events",
    },
    Row {
        name: "ledger",
        ours: &["domain", "chain", "transparency", "vault"],
        // getrandom, zeroize: a new ledger draws its id and secret, and wipes what it held of them.
        // blake3: what binds pieces of derived state to the head of their file. bytemuck: they are unsealed in the words that they are read as. memmap2: many of them lie in large pages.
        foreign: &["redb", "bincode", "serde", "zstd", "blake3", "bytemuck", "memmap2", "compact_str", "rustc-hash", "getrandom", "zeroize", "thiserror"],
        never: "rules",
    },
    // zip, memchr: what a workbook unpacks and spreads to is counted before calamine reads it.
    Row { name: "sheets", ours: &[], foreign: &["calamine", "zip", "memchr"], never: "events, mappings, what a cell is meant to say" },
    // memchr: resources are cut out of a stream at the speed of memory. toml: what an agency says about its own codes.
    Row { name: "fhir", ours: &["domain"], foreign: &["serde", "serde_json", "toml", "memchr"], never: "the ledger, files, the text of a note" },
    Row {
        name: "import",
        ours: &["domain", "fhir", "sheets"],
        // blake3: the digest of a source file is the provenance of its events. encoding_rs: spreadsheets still come in cp1252.
        // csv-core, memchr: one record bounded in memory and its line exact, in a file of any size.
        foreign: &[
            "csv",
            "csv-core",
            "memchr",
            "serde",
            "serde_json",
            "toml",
            "encoding_rs",
            "blake3",
            "rustc-hash",
            "thiserror",
        ],
        never: "the ledger",
    },
    Row {
        name: "x12",
        ours: &["domain"],
        // blake3: a source id too long for an id ends in a hash. toml, serde: x12.toml.
        foreign: &["memchr", "blake3", "rustc-hash", "serde", "toml"],
        never: "the ledger, files, the clock",
    },
    Row {
        name: "timeline",
        ours: &["domain"],
        // bytemuck: arrays of a stored history are read where they lie.
        foreign: &["rustc-hash", "compact_str", "bytemuck"],
        never: "where events come from; today's date",
    },
    Row {
        name: "rules",
        ours: &["timeline", "domain"],
        // blake3: finding ids and the digest of a rule set. compact_str: the ids in tens of thousands of findings.
        foreign: &["serde", "toml", "blake3", "compact_str", "rustc-hash", "thiserror"],
        never: "any particular rule",
    },
    Row { name: "catalog", ours: &["rules", "timeline", "domain"], foreign: &[], never: "storage, output" },
    // sha2: a sample is drawn by hashing, so that an outsider draws it again with nothing but a standard library.
    Row { name: "sampling", ours: &[], foreign: &["sha2"], never: "what a unit is, files, the ledger" },
    Row {
        name: "pack",
        ours: &["chain", "transparency"],
        // crc32fast and no zip library: a pack is a zip file in one spelling, whose every byte the format page fixes.
        foreign: &["serde", "serde_json", "sha2", "crc32fast", "thiserror"],
        never: "where its contents come from, and the log's key",
    },
    Row {
        name: "verify",
        ours: &["chain", "transparency"],
        // blake3, chacha20poly1305: sealed values are opened with the event keys that a pack discloses.
        foreign: &["serde", "serde_json", "sha2", "crc32fast", "clap", "blake3", "chacha20poly1305"],
        never: "everything else",
    },
    Row {
        name: "audit",
        ours: &["domain", "chain", "transparency", "vault", "ledger", "import", "x12", "fhir", "timeline", "rules", "catalog", "sampling", "pack"],
        // csv: the results of a sample. blake3: the digest of a scan's findings, which its `scan_completed` keeps. toml: the settings of `rules impact`.
        foreign: &["rayon", "serde", "serde_json", "toml", "compact_str", "rustc-hash", "thiserror", "blake3", "csv"],
        never: "HTTP, terminal, clap",
    },
    Row {
        name: "report",
        ours: &["audit"],
        // serde: what the cover of a pack tells is kept beside the pack.
        foreign: &["maud", "rust_xlsxwriter", "csv", "serde", "serde_json"],
        never: "redb, chain, catalog",
    },
    Row {
        name: "pdf",
        ours: &["audit", "report"],
        // skrifa: how wide a character is, which krilla, which brings it, does not say.
        foreign: &["krilla", "skrifa", "thiserror"],
        never: "where a report comes from, files",
    },
    Row {
        name: "web",
        ours: &["audit", "report", "pdf"],
        // form_urlencoded: addresses and forms. argon2, hmac, sha1, sha2, getrandom, zeroize: passwords, one-time codes (RFC 6238), session keys.
        // utoipa: the description of the interface for programs. tokio-rustls: encryption by certificates in files.
        // ring, ureq, base64, toml: logging in at a provider (OpenID Connect), which asks it over HTTPS and checks what it signed; the crates made for
        // that bring chrono, which deny.toml bans, and a hundred others.
        foreign: &[
            "axum",
            "tokio",
            "maud",
            "serde",
            "serde_json",
            "utoipa",
            "tokio-rustls",
            "ring",
            "ureq",
            "base64",
            "toml",
            "form_urlencoded",
            "argon2",
            "hmac",
            "sha1",
            "sha2",
            "getrandom",
            "zeroize",
            "thiserror",
        ],
        never: "redb, chain, catalog",
    },
    // jiff: the night on which an hour is skipped or repeated.
    Row { name: "schedule", ours: &["domain"], foreign: &["jiff"], never: "the clock, threads, the ledger" },
    Row {
        name: "notify",
        ours: &[],
        // jiff: Retry-After may be a date, and a mail has one. zeroize: secrets are wiped after use.
        foreign: &["ureq", "lettre", "hmac", "sha2", "base64", "jiff", "serde", "serde_json", "toml", "zeroize", "thiserror"],
        never: "anything that can name a person: it gets counts and links only",
    },
    Row {
        name: "witness",
        ours: &["transparency"],
        // sha2: a log's folder and its monitoring path are called by the hash of its origin. getrandom, zeroize: the witness's own key.
        foreign: &["axum", "tokio", "ureq", "sha2", "getrandom", "zeroize", "thiserror"],
        never: "what a log is about, the clock",
    },
    Row {
        name: "countersign",
        // simulator: `demo` makes its invented agency. rustix: `doctor` asks how much room is left on the disk.
        ours: &["audit", "report", "pdf", "web", "verify", "simulator", "schedule", "notify", "witness"],
        foreign: &["clap", "clap_complete", "clap_mangen", "comfy-table", "indicatif", "qrcode", "rustix", "serde_json", "tokio"],
        never: "redb, chain, catalog",
    },
    Row {
        name: "scenario",
        ours: &["domain", "import", "timeline", "rules", "catalog"],
        // proptest: random histories are strategies, shared by the tests of several crates.
        foreign: &["serde", "serde_json", "toml", "anyhow", "proptest"],
        never: "the ledger's bytes",
    },
    Row {
        name: "simulator",
        // fhir: the year as a record system's bulk export.
        ours: &["domain", "fhir"],
        // rust_xlsxwriter: the year as a workbook, behind a feature that only tests and `simulate --xlsx` have.
        foreign: &["serde", "serde_json", "csv", "rand", "rand_chacha", "rust_xlsxwriter", "anyhow"],
        never: "the rules: what it expects is its own bookkeeping",
    },
    Row { name: "model", ours: &["domain"], foreign: &[], never: "timeline, rules, catalog: it is what they are held against" },
    Row {
        name: "hostile",
        ours: &[
            "domain", "chain", "transparency", "ledger", "sheets", "fhir", "import", "x12", "timeline", "rules", "catalog", "scenario", "sampling", "verify", "audit",
            "notify", "schedule", "web",
        ],
        // tempfile: some parsers read a file by its name. zip, zstd, crc32fast, memchr: what a container holds is spoiled, and packed again with the right sums.
        foreign: &["tempfile", "zip", "zstd", "crc32fast", "memchr"],
        never: "what an answer should be",
    },
    Row {
        name: "xtask",
        // chain: `vectors` makes the frozen vectors anew.
        ours: &["chain"],
        foreign: &["anyhow", "serde", "serde_json", "toml"],
        never: "what ships",
    },
];

/// Crates that are named in one or two manifests, development included, so that replacing one is a bounded job.
pub const BOUNDED: &[(&str, &[&str])] = &[
    ("redb", &["ledger"]),
    ("bincode", &["ledger"]),
    ("clap", &["countersign", "verify"]),
    ("axum", &["web", "witness"]),
    ("krilla", &["pdf"]),
    ("ureq", &["notify", "web", "witness"]),
    ("lettre", &["notify"]),
    ("tokio", &["countersign", "web", "witness"]),
];

/// Where a refused edge is explained.
pub const WHERE_TO_READ: &str = "ARCHITECTURE.md, \"Who may depend on whom\"; the table is crates/xtask/src/graph.rs";

/// The row of a package.
pub fn row(name: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_only_crates_it_has_and_each_once() {
        for (at, here) in TABLE.iter().enumerate() {
            assert!(TABLE[at + 1..].iter().all(|other| other.name != here.name), "{} twice", here.name);
            for ours in here.ours {
                assert!(row(ours).is_some(), "{} may depend on {ours}, which has no row", here.name);
            }
        }
    }

    #[test]
    fn verify_hangs_from_chain_and_transparency_alone() {
        assert_eq!(row("verify").map(|row| row.ours), Some(&["chain", "transparency"][..]));
    }

    #[test]
    fn front_ends_do_not_know_the_store_the_bytes_or_the_rules() {
        for name in ["report", "web", "countersign"] {
            for hidden in ["ledger", "chain", "catalog", "rules", "timeline"] {
                assert!(row(name).is_some_and(|row| !row.ours.contains(&hidden)), "{name} may see {hidden}");
            }
        }
    }
}
