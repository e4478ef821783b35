//! An invented log and packs of it, made without a ledger: frames by hand, keys from fixed seeds.
//! Everybody here is made up; nothing reads the clock.
#![allow(clippy::unwrap_used, dead_code, reason = "each test target uses a part")]

use chain::{Draft, Genesis, HEADER_LEN, Head, LedgerId};
use pack::{Contents, Cover, Earlier, EventKey, Frames, Kind, LedgerName, PackError, Redaction, Scope, What, Why, assemble, frame_proof};
use transparency::{Checkpoint, Hash, Signer, TileBuilder, consistency_proof, leaf_hash};
use verify::{Given, Report, check};

pub(crate) const ORIGIN: &str = "ledger.riverbend.example";
const ID: LedgerId = LedgerId([0xa0; 16]);
const SECRET: [u8; 32] = [7; 32];

/// A log: its frames, and the key that signs.
pub(crate) struct Log {
    pub(crate) signer: Signer,
    pub(crate) genesis: Genesis,
    pub(crate) frames: Vec<([u8; HEADER_LEN], Vec<u8>)>,
}

/// Whose birth date event `seq` seals, and under which event key.
pub(crate) fn subject(seq: u64) -> [u8; 16] {
    let mut who = [0x0f; 16];
    who[0] = seq as u8;
    who
}

pub(crate) fn event_key(seq: u64) -> [u8; 32] {
    [seq as u8 ^ 0x55; 32]
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

/// Front without sealed values: nothing but the number of sealed values and of evidence.
fn bare_front() -> Vec<u8> {
    [[0; 8].as_slice(), &[0; 3], &[0; 8], &[0; 2]].concat()
}

/// `credential_revoked` of an invented person.
fn revoked(seq: u64) -> Vec<u8> {
    let mut bytes = bare_front();
    text(&mut bytes, &format!("P-{seq:03}"));
    bytes.push(0);
    bytes.extend_from_slice(&20_148i32.to_le_bytes());
    bytes.push(0);
    bytes
}

/// `individual_registered` with a sealed birth date and the sealed id.
fn registered(seq: u64, recorded_at: i64) -> Vec<u8> {
    let aad = chain::sealing_aad(ID, seq, recorded_at, 60, 1);
    let key = vault::EventKey::from_bytes(event_key(seq));
    let values = [(0u8, vault::seal(&key, 0, &aad, b"1984-05-06")), (1, vault::seal(&key, 1, &aad, format!("I-{seq}").as_bytes()))];
    let mut bytes = 2u64.to_le_bytes().to_vec();
    for (role, sealed) in values {
        bytes.push(role);
        bytes.extend_from_slice(&subject(seq));
        bytes.extend_from_slice(&(sealed.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&sealed);
    }
    bytes.extend_from_slice(&bare_front()[8..]);
    bytes.extend_from_slice(&subject(seq));
    bytes.extend_from_slice(&[1, 0, 0, 0]);
    bytes
}

/// Whether the event at a seq is `individual_registered`.
pub(crate) fn is_registration(seq: u64) -> bool {
    seq % 5 == 3
}

impl Log {
    /// A log of `size` events; the same ones every time.
    pub(crate) fn of(size: u64) -> Self {
        Self::told(size, None)
    }

    /// The same, but the event at `lie` says something else.
    pub(crate) fn told(size: u64, lie: Option<u64>) -> Self {
        let signer = Signer::from_seed(ORIGIN, &[1; 32]).unwrap();
        let genesis = Genesis::new(ID, 1_000, true, signer.verifier().public_key(), ORIGIN, &[]).unwrap();
        let mut head = Head::genesis(&genesis);
        let mut frames = Vec::new();
        for seq in 0..size {
            let recorded_at = 1_740_830_400_000_000 + seq as i64 * 1_000_000;
            let said = if lie == Some(seq) { seq + 500 } else { seq };
            let (tag, payload) = if is_registration(seq) { (60, registered(seq, recorded_at)) } else { (14, revoked(said)) };
            let blinding = chain::blinding(&SECRET, ID, seq);
            let header = head.extend(Draft { recorded_at, tag, schema: 1 }, &blinding, &payload).unwrap();
            frames.push((header, [blinding.as_slice(), &payload].concat()));
        }
        Self { signer, genesis, frames }
    }

    pub(crate) fn size(&self) -> u64 {
        self.frames.len() as u64
    }

    /// Every hash of the tree over the first `size` frames, by level of tiles.
    fn hashes(&self, size: u64) -> impl FnMut(u8, u64) -> Result<Hash, std::convert::Infallible> {
        let leaves: Vec<Hash> = self.frames.iter().take(size as usize).map(|(header, _)| leaf_hash(header)).collect();
        move |level, index| {
            let width = 1usize << (8 * u32::from(level));
            let first = index as usize * width;
            Ok(transparency::root_of(&leaves[first..first + width]))
        }
    }

    pub(crate) fn root(&self, size: u64) -> Hash {
        let mut tree = TileBuilder::new();
        self.frames.iter().take(size as usize).for_each(|(header, _)| tree.push(leaf_hash(header), |_, _| {}));
        tree.root()
    }

    pub(crate) fn checkpoint(&self, size: u64) -> String {
        Checkpoint::new(ORIGIN, size, self.root(size)).unwrap().sign(&[&self.signer]).unwrap().to_string()
    }

    /// The contents of a pack of these seqs; the bodies of `withheld` are left out.
    pub(crate) fn contents(&self, seqs: &[u64], complete: Option<(u64, u64)>, withheld: &[u64], since: &[u64]) -> Contents {
        let size = self.size();
        let mut frames = Frames::new();
        let (mut keys, mut redactions) = (Vec::new(), Vec::new());
        for seq in seqs {
            let (header, body) = &self.frames[*seq as usize];
            let hidden = withheld.contains(seq);
            assert!(frames.push(header, (!hidden).then_some(body.as_slice())));
            if hidden {
                redactions.push(Redaction { seq: *seq, what: What::Body, why: Why::OtherPeople });
            } else if is_registration(*seq) {
                keys.push(EventKey { seq: *seq, subject: subject(*seq), key: event_key(*seq) });
            }
        }
        let proof = frame_proof(seqs, size, self.hashes(size)).unwrap();
        let earlier = |old: &u64| Earlier { size: *old, root: self.root(*old), path: consistency_proof(*old, size, self.hashes(size)).unwrap() };
        let rests_on: Vec<u64> = seqs.iter().copied().filter(|seq| !is_registration(*seq) && *seq > 0).take(2).collect();
        let evidence: Vec<String> = rests_on.iter().map(|seq| format!("{{\"seq\":{seq},\"type\":\"credential_revoked\"}}")).collect();
        let subject = rests_on.first().map_or(String::new(), |seq| format!("P-{seq:03}"));
        let findings = format!(
            "{{\"schema\":\"countersign.findings.v1\",\"findings\":[{{\"id\":\"F-1\",\"rule\":\"MHOTRS-CRED-01\",\"class\":\"violation\",\"subject\":{{\"person\":\"{subject}\"}},\"message\":\"an invented finding\",\"evidence\":[{}]}}],\"not_evaluated\":[]}}",
            evidence.join(",")
        );
        let empty = |schema: &str| format!("{{\"schema\":\"{schema}\",\"people\":[]}}");
        Contents {
            ledger: LedgerName { origin: ORIGIN.into(), id: ID.0, simulated: true },
            genesis: self.genesis.to_bytes(),
            rotations: Vec::new(),
            checkpoint: self.checkpoint(size),
            size,
            root: self.root(size),
            scope: Scope { kind: if complete.is_some() { Kind::Range } else { Kind::Person }, ids: Vec::new(), words: "an invented scope".into() },
            complete,
            cut: (size - 1, "2025-03-01T12:00:00Z".into()),
            today: "2025-03-02".into(),
            rule_set: "blake3:00".into(),
            part2: false,
            frames,
            proof,
            consistency: since.iter().map(earlier).collect(),
            sample: None,
            keys,
            findings,
            finding_count: 1,
            redactions,
            redaction_words: vec!["Invented.".into()],
            supervision: empty("countersign.pack.supervision.v1"),
            credentials: empty("countersign.pack.credentials.v1"),
            cover: Cover::default(),
        }
    }

    pub(crate) fn pack(&self, contents: Contents) -> Vec<u8> {
        let sign = |text: &str| Ok::<_, PackError>(transparency::Note::sign(text, &[&self.signer]).unwrap().to_string());
        let mut file = Vec::new();
        let assembled = assemble(contents, sign).unwrap();
        assembled.write(&mut file).unwrap();
        assert_eq!(assembled.len(), file.len() as u64);
        file
    }

    /// A pack of everything.
    pub(crate) fn whole(&self) -> Vec<u8> {
        let seqs: Vec<u64> = (0..self.size()).collect();
        self.pack(self.contents(&seqs, Some((0, self.size() - 1)), &[], &[]))
    }

    /// What a reviewer has who knows the key.
    pub(crate) fn given(&self) -> Given {
        Given { key: Some(self.signer.verifier().clone()), ..Given::default() }
    }

    pub(crate) fn check(&self, file: &[u8]) -> Report {
        check(file, &self.given())
    }
}

/// The step that failed first, if one did.
pub(crate) fn failed_at(report: &Report) -> Option<&'static str> {
    report.steps.iter().find(|step| step.outcome == verify::Outcome::Failed).map(|step| step.id)
}

/// A zip file in the spelling of `FORMAT.md`, written a third time: from the page.
pub(crate) fn write_zip(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut file, mut central) = (Vec::new(), Vec::new());
    for (name, bytes) in entries {
        let mut fields = Vec::new();
        for number in [10u16, 0, 0, 0, 0x21] {
            fields.extend_from_slice(&number.to_le_bytes());
        }
        for number in [crc32fast::hash(bytes), bytes.len() as u32, bytes.len() as u32] {
            fields.extend_from_slice(&number.to_le_bytes());
        }
        fields.extend_from_slice(&(name.len() as u16).to_le_bytes());
        let offset = file.len() as u32;
        file.extend_from_slice(&[b"PK\x03\x04", fields.as_slice(), &[0, 0], name.as_bytes(), bytes].concat());
        central.extend_from_slice(&[b"PK\x01\x02\x14\0", fields.as_slice(), &[0; 12], &offset.to_le_bytes(), name.as_bytes()].concat());
    }
    let count = (entries.len() as u16).to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &(central.len() as u32).to_le_bytes(), &(file.len() as u32).to_le_bytes(), &[0, 0]].concat();
    [file, central, end].concat()
}

/// Entries of a file, as any zip reader sees them.
pub(crate) fn take_apart(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut entries = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        entries.push((entry.name().unwrap().into_owned(), bytes));
    }
    entries
}

/// Puts changed entries together again with the log's own key: digests, signature, CRC-32 and all. A manifest that is no longer JSON is signed as it is.
pub(crate) fn reseal(log: &Log, entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    use sha2::{Digest as _, Sha256};
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut entries = entries.to_vec();
    if let Ok(mut manifest @ serde_json::Value::Object(_)) = serde_json::from_slice::<serde_json::Value>(&entries[0].1) {
        let listed = entries[2..].iter().map(|(name, bytes)| serde_json::json!({"name": name, "bytes": bytes.len(), "sha256": hex(&Sha256::digest(bytes))}));
        manifest["entries"] = listed.collect();
        entries[0].1 = serde_json::to_vec(&manifest).unwrap();
    }
    let text = pack::manifest_note_text(ORIGIN, &Sha256::digest(&entries[0].1).into());
    entries[1].1 = transparency::Note::sign(&text, &[&log.signer]).unwrap().to_string().into_bytes();
    write_zip(&entries)
}
