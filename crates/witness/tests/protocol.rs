//! Every status of the protocol, in its order; what is remembered before an answer; what is kept as evidence; many senders at once; HTTP.
//! It refuses to look into the witness: what is checked is what a log, a monitor or a judge could see.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;
use transparency::*;
use witness::*;

const ORIGIN: &str = "ledger.riverbend.example";
const NOW: u64 = 1_767_000_000;

fn log() -> Signer {
    Signer::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn key() -> CosignatureSigner {
    CosignatureSigner::from_seed("witness.example", &[2; 32]).unwrap()
}

fn keeper(dir: &Path) -> Keeper {
    let logs = Logs::new([log().verifier().to_string().as_str()]).unwrap();
    Keeper::new(logs, State::open(dir).unwrap(), key(), Box::new(|| NOW)).unwrap()
}

/// A log of so many leaves; `story` tells one from another.
fn leaves(size: u64, story: &str) -> Vec<Hash> {
    (0..size).map(|number| leaf_hash(format!("{story} {number}").as_bytes())).collect()
}

fn path(old: u64, leaves: &[Hash]) -> Vec<Hash> {
    let read = |level: u8, index: u64| {
        assert_eq!(level, 0);
        Ok::<_, std::convert::Infallible>(leaves[usize::try_from(index).unwrap()])
    };
    let Ok(proof) = consistency_proof(old, leaves.len() as u64, read) else { panic!("{old}") };
    proof
}

fn request(old: u64, size: u64, story: &str) -> String {
    let leaves = leaves(size, story);
    let note = Checkpoint::new(ORIGIN, size, root_of(&leaves)).unwrap().sign(&[&log()]).unwrap();
    AddCheckpoint::new(old, path(old.min(size), &leaves), note).unwrap().to_string()
}

fn status(keeper: &Keeper, body: &str) -> u16 {
    match keeper.add_checkpoint(body.as_bytes()).unwrap() {
        Answer::Cosigned(_) => 200,
        Answer::Refused(refusal) => refusal.status(),
    }
}

fn folder(dir: &Path) -> PathBuf {
    let folders: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    assert_eq!(folders.len(), 1);
    folders[0].clone()
}

fn evidence(dir: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder(dir).join("evidence")) else { return Vec::new() };
    let mut kept: Vec<String> = entries.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    kept.sort();
    kept
}

#[test]
fn every_status_is_the_specifications_and_only_200_changes_anything() {
    let dir = tempfile::tempdir().unwrap();
    let keeper = keeper(dir.path());
    let other = Signer::from_seed("ledger.other.example", &[7; 32]).unwrap();
    let unknown = Checkpoint::new("ledger.other.example", 3, Hash([1; 32])).unwrap().sign(&[&other]).unwrap();
    assert_eq!(status(&keeper, &format!("old 0\n\n{unknown}")), 404);
    let impostor = Signer::from_seed(ORIGIN, &[8; 32]).unwrap();
    let unsigned = Checkpoint::new(ORIGIN, 3, Hash([1; 32])).unwrap().sign(&[&impostor]).unwrap();
    assert_eq!(status(&keeper, &format!("old 0\n\n{unsigned}")), 403);
    assert_eq!(status(&keeper, &request(0, 5, "true").replacen("\n5\n", "\n6\n", 1)), 403);
    assert_eq!(status(&keeper, "old 0\n"), 400);
    assert_eq!(status(&keeper, &request(0, 5, "true").replacen("old 0", "old 6", 1)), 400);
    assert_eq!(status(&keeper, &request(3, 5, "true")), 409);
    // An empty tree has one root, and from nothing nothing is to be proved.
    let empty = Checkpoint::new(ORIGIN, 0, Hash([1; 32])).unwrap().sign(&[&log()]).unwrap();
    assert_eq!(status(&keeper, &format!("old 0\n\n{empty}")), 422);
    let proved = request(0, 5, "true").replacen("old 0\n", &format!("old 0\n{}\n", Hash([1; 32])), 1);
    assert_eq!(status(&keeper, &proved), 422);

    assert_eq!(status(&keeper, &request(0, 5, "true")), 200);
    assert_eq!(status(&keeper, &request(5, 5, "true")), 200);
    assert_eq!(keeper.add_checkpoint(request(0, 9, "true").as_bytes()).unwrap(), Answer::Refused(Refusal::OtherSize(5)));
    assert_eq!(status(&keeper, &request(5, 5, "false")), 422);
    assert_eq!(status(&keeper, &request(5, 9, "false")), 422);
    assert_eq!(status(&keeper, &request(5, 9, "true")), 200);
    assert_eq!(status(&keeper, &request(5, 9, "true")), 409);
    // Back to what it had: an old copy of the log.
    assert_eq!(keeper.add_checkpoint(request(5, 7, "true").as_bytes()).unwrap(), Answer::Refused(Refusal::OtherSize(9)));
}

#[test]
fn what_proves_misbehaviour_is_kept_word_for_word_and_once() {
    let dir = tempfile::tempdir().unwrap();
    let keeper = keeper(dir.path());
    assert_eq!(status(&keeper, &request(0, 5, "true")), 200);
    let (fork, later, same_size) = (request(5, 5, "false"), request(5, 9, "false"), request(0, 5, "other"));
    for body in [&fork, &later, &fork, &same_size, &request(0, 9, "true"), &"nonsense".to_owned()] {
        assert_ne!(status(&keeper, body), 200);
    }
    let mut expected = vec![fork, later, same_size];
    expected.sort();
    assert_eq!(evidence(dir.path()), expected);
}

#[test]
fn an_answer_is_a_cosignature_of_what_is_remembered_then_and_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let keeper_of = || keeper(dir.path());
    let keeper = keeper_of();
    let body = request(0, 5, "true");
    let Answer::Cosigned(lines) = keeper.add_checkpoint(body.as_bytes()).unwrap() else { panic!("refused") };
    let note = AddCheckpoint::parse(body.as_bytes()).unwrap().note;
    let note = signature_lines(lines.as_bytes()).unwrap().into_iter().fold(note, |note, line| note.with_signature(line).unwrap());
    assert_eq!(key().verifier().cosigned(&note), Ok(Some(NOW)));
    let on_disk = fs::read_to_string(folder(dir.path()).join("checkpoint")).unwrap();
    assert_eq!(on_disk, note.to_string());
    let hash = folder(dir.path()).file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(hash.len(), 64);
    assert_eq!(keeper.latest(&hash).unwrap().unwrap(), on_disk);
    assert_eq!(keeper.latest(&"0".repeat(64)).unwrap(), None);
    assert!(matches!(State::open(dir.path()), Err(WitnessError::InUse(_))));

    drop(keeper);
    let keeper = keeper_of();
    assert_eq!(status(&keeper, &request(0, 9, "true")), 409);
    assert_eq!(status(&keeper, &request(5, 9, "true")), 200);
    drop(keeper);
    // A memory that somebody changed, or that was lost in part, stops the witness.
    let path = folder(dir.path()).join("checkpoint");
    let forged = fs::read_to_string(&path).unwrap().replacen("\n9\n", "\n5\n", 1);
    for bad in [forged.as_bytes(), b"", &on_disk.as_bytes()[..40]] {
        fs::write(&path, bad).unwrap();
        let logs = Logs::new([log().verifier().to_string().as_str()]).unwrap();
        let started = Keeper::new(logs, State::open(dir.path()).unwrap(), key(), Box::new(|| NOW));
        assert!(matches!(started, Err(WitnessError::State { .. })));
    }
}

#[test]
fn of_many_at_once_one_is_cosigned_and_memory_never_goes_back() {
    let dir = tempfile::tempdir().unwrap();
    let keeper = Arc::new(keeper(dir.path()));
    let stories: Vec<String> = (0..8).map(|n| format!("story {n}")).collect();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let running: Vec<_> = stories.iter().map(|story| scope.spawn(|| status(&keeper, &request(0, 5, story)))).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    // Every other one signed the same size with another root: each is evidence against the log.
    assert_eq!(evidence(dir.path()).len(), 7);
}

#[test]
fn a_key_file_is_made_once_and_private() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("witness.key");
    let vkey = create_key(&path, "witness.example").unwrap();
    assert_eq!(read_key(&path).unwrap().verifier().to_string(), vkey);
    assert!(create_key(&path, "witness.example").is_err());
    assert!(create_key(&dir.path().join("other"), "two words").is_err());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(read_key(&path), Err(WitnessError::Key(_))));
    }
}

#[test]
fn over_http_types_limits_and_a_graceful_end() {
    let dir = tempfile::tempdir().unwrap();
    let keeper = Arc::new(keeper(dir.path()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (told, address) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = runtime.spawn(serve(keeper, "127.0.0.1:0", move |at| told.send(at).unwrap(), async {
        let _ = stopped.await;
    }));
    let base = format!("http://{}", address.recv().unwrap());
    let add = format!("{base}/add-checkpoint");
    let sent = |body: &str| post(&add, "text/plain", body.as_bytes()).unwrap();
    assert_eq!(sent("nonsense").status, 400);
    let first = sent(&request(0, 5, "true"));
    assert_eq!(first.status, 200);
    assert!(String::from_utf8(first.body).unwrap().starts_with("\u{2014} witness.example "));
    assert_eq!(sent(&request(0, 9, "true")), Reply { status: 409, body: b"5\n".to_vec() });
    assert_eq!(sent(&"x".repeat(MAX_REQUEST_LEN + 1)).status, 413);
    assert_eq!(post(&format!("{base}/elsewhere"), "text/plain", b"").unwrap().status, 404);

    let raw = |request: &str| {
        use std::io::{Read as _, Write as _};
        let mut stream = std::net::TcpStream::connect(base.trim_start_matches("http://")).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let hash = folder(dir.path()).file_name().unwrap().to_str().unwrap().to_owned();
    let got = raw(&format!("GET /{hash}/checkpoint HTTP/1.1\r\nhost: w\r\nconnection: close\r\n\r\n"));
    assert!(got.starts_with("HTTP/1.1 200") && got.contains("content-type: text/plain; charset=utf-8"), "{got}");
    assert!(got.ends_with(&fs::read_to_string(folder(dir.path()).join("checkpoint")).unwrap()));
    assert!(raw("GET /00/checkpoint HTTP/1.1\r\nhost: w\r\nconnection: close\r\n\r\n").starts_with("HTTP/1.1 404"));
    let conflict = request(0, 9, "true");
    let head = format!("POST /add-checkpoint HTTP/1.1\r\nhost: w\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", conflict.len());
    let got = raw(&(head + &conflict));
    assert!(got.starts_with("HTTP/1.1 409") && got.contains("content-type: text/x.tlog.size\r\n"), "{got}");

    stop.send(()).unwrap();
    runtime.block_on(serving).unwrap().unwrap();
    assert!(post(&add, "text/plain", b"").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever arrives: no panic, and what is cosigned is the log's own story.
    #[test]
    fn hostile_requests_get_no_cosignature(raw in proptest::collection::vec(any::<u8>(), 0..60), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        thread_local! {
            static SHARED: (tempfile::TempDir, Keeper) = {
                let dir = tempfile::tempdir().unwrap();
                let keeper = keeper(dir.path());
                assert_eq!(status(&keeper, &request(0, 5, "true")), 200);
                (dir, keeper)
            };
            static GOOD: String = request(5, 9, "true");
        }
        SHARED.with(|(_, keeper)| {
            let mut body = GOOD.with(String::clone).into_bytes();
            let at = at.index(body.len());
            let changed = body[at] != byte;
            body[at] = byte;
            if changed {
                let answer = keeper.add_checkpoint(&body).unwrap();
                prop_assert!(matches!(answer, Answer::Refused(_)), "{}", String::from_utf8_lossy(&body));
            }
            prop_assert!(matches!(keeper.add_checkpoint(&raw).unwrap(), Answer::Refused(_)));
            Ok(())
        })?;
    }
}
