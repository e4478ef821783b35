//! Runs parsers one after the other, each in a thread of its own that is named after it, and looks on: one that takes too long over an input is given up
//! by name, with that input in a file, instead of keeping everybody waiting.
//! It refuses to wait for what it gave up: such a thread goes on until the process ends, which is soon.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hostile::{Target, kept};

/// Nothing that is read here takes a thousandth of this, unoptimised and on a machine that does other things too; what is large or deep, a tenth.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a parser is reading, and since when.
#[derive(Clone)]
pub(crate) struct Watch(Arc<Mutex<(Vec<u8>, Instant)>>);

impl Watch {
    fn new() -> Self {
        Self(Arc::new(Mutex::new((Vec::new(), Instant::now()))))
    }

    /// Says what is read next.
    pub(crate) fn reads(&self, input: &[u8]) {
        let mut now = self.0.lock().unwrap();
        now.0.clear();
        now.0.extend_from_slice(input);
        now.1 = Instant::now();
    }

    /// What has been read for longer than anybody should wait.
    fn overdue(&self, patience: Duration) -> Option<Vec<u8>> {
        let now = self.0.lock().unwrap();
        (now.1.elapsed() > patience).then(|| now.0.clone())
    }
}

/// Where an input is left that was never answered.
fn left(target: &str, input: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("unanswered-{target}-{}", kept(input)));
    std::fs::write(&path, input).unwrap();
    path
}

/// One parser: what the work said, what its panic said, or what it could not be done with.
fn one(target: &'static Target, patience: Duration, work: impl FnOnce(&Watch) -> Result<(), String> + Send + 'static) -> Result<(), String> {
    let watch = Watch::new();
    let (tell, told) = channel();
    let working = watch.clone();
    // A stack that overflows takes the process with it; the system then names the thread.
    let thread = std::thread::Builder::new().name(target.name.to_owned()).spawn(move || {
        let done = catch_unwind(AssertUnwindSafe(|| work(&working)));
        let done = done.unwrap_or_else(|panic| Err(panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic; what it said stands above".to_owned())));
        // Nobody listens any more to what was given up.
        let _ = tell.send(done);
    });
    drop(thread.unwrap());
    loop {
        match told.recv_timeout(patience.min(Duration::from_millis(200))) {
            Ok(done) => return done,
            Err(RecvTimeoutError::Disconnected) => return Err("ended without a word".to_owned()),
            Err(RecvTimeoutError::Timeout) => {
                if let Some(input) = watch.overdue(patience) {
                    return Err(format!("no answer within {patience:?} to {} bytes: {}", input.len(), left(target.name, &input).display()));
                }
            }
        }
    }
}

/// All of some parsers; everything that went wrong, by name.
pub(crate) fn each(targets: impl IntoIterator<Item = &'static Target>, work: impl Fn(&'static Target, &Watch) -> Result<(), String> + Clone + Send + 'static) {
    let mut wrong = Vec::new();
    for target in targets {
        let (work, began) = (work.clone(), Instant::now());
        if let Err(what) = one(target, PATIENCE, move |watch| work(target, watch)) {
            wrong.push(format!("{}: {what}", target.name));
        }
        println!("{}: {} ms", target.name, began.elapsed().as_millis());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_that_never_ends_is_given_up_by_name_and_its_input_is_kept() {
    let target = &hostile::TARGETS[0];
    let said = one(target, Duration::from_millis(300), |watch| {
        watch.reads(b"read, and answered");
        watch.reads(b"read for ever");
        loop {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let said = said.unwrap_err();
    let path = said.rsplit_once(": ").unwrap().1;
    assert!(said.starts_with("no answer within 300ms to 13 bytes") && path.contains(&format!("unanswered-{}-", target.name)), "{said}");
    assert_eq!(std::fs::read(path).unwrap(), b"read for ever");
    std::fs::remove_file(path).unwrap();
    assert_eq!(one(target, PATIENCE, |_| panic!("{}", "in words")), Err("in words".to_owned()));
    assert_eq!(one(target, PATIENCE, |_| Ok(())), Ok(()));
}
