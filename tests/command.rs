//! Runs the binary in a folder of its own and hands back what it printed and how it ended.
//! Refuses nothing: tests say what they expect.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with a ledger in it, thrown away at the end.
pub struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with a simulated ledger.
    pub fn simulated() -> Self {
        let desk = Self::empty();
        let made = desk.run(&["init", "--origin", "ledger.test.example", "--simulated"]);
        assert!(made.status.success(), "{}", stderr(&made));
        desk
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The ledger's directory.
    pub fn ledger(&self) -> PathBuf {
        self.path().join("countersign")
    }

    /// Runs a command in the folder.
    pub fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(args)
            .current_dir(self.path())
            .env_remove("COUNTERSIGN_LEDGER")
            .env("NO_COLOR", "1")
            .output()
            .unwrap()
    }

    /// Runs a command and reads its standard output as JSON.
    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        let output = self.run(args);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", stderr(&output)))
    }
}

/// What a command printed for programs.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a command printed for people.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
