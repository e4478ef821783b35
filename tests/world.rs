//! Random histories told to a real ledger in stages.
//! What a ledger refuses is left out by the ledger itself, so every history here is one that can exist.

use std::path::{Path, PathBuf};

use domain::Recorded;
use ledger::{CreateOptions, Ledger};
use scenario::world::{MINUTES, World, moment};

/// Offers everything to a new simulated ledger in `stages` commits, and calls back after each. What the ledger refuses is left out.
pub(crate) fn told(world: &World, dir: &Path, stages: usize, mut after: impl FnMut(&Path)) -> PathBuf {
    let path = dir.join("ledger");
    let options = CreateOptions { origin: "ledger.test.example".into(), simulated: true, now: moment(-MINUTES), entropy: Some([7; 32]) };
    let mut ledger = Ledger::create(&path, &options).unwrap();
    let drafts = world.drafts();
    for stage in drafts.chunks(drafts.len().div_ceil(stages)) {
        let mut batch = ledger.begin_import(moment(0)).unwrap();
        for draft in stage {
            batch.push(draft).unwrap();
        }
        batch.commit().unwrap();
        ledger.sign_checkpoint().unwrap();
        drop(ledger);
        after(&path);
        ledger = Ledger::open(&path).unwrap();
    }
    path
}

/// What a ledger made of it.
pub(crate) fn recorded(world: &World) -> Vec<Recorded> {
    let folder = tempfile::tempdir().unwrap();
    let path = told(world, folder.path(), 1, |_| {});
    let mut recorded = Vec::new();
    Ledger::open_reader(&path).unwrap().replay(1..u64::MAX, |r| recorded.push(r)).unwrap();
    recorded
}
