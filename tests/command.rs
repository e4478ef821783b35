//! Runs the binary in a folder of its own and hands back what it printed and how it ended.
//! Refuses nothing: tests say what they expect.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::time::Duration;

/// The program under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_countersign");

/// A folder with a ledger in it, thrown away at the end.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with a simulated ledger.
    pub(crate) fn simulated() -> Self {
        let desk = Self::empty();
        let made = desk.run(&["init", "--origin", "ledger.test.example", "--simulated"]);
        assert!(made.status.success(), "{}", stderr(&made));
        desk
    }

    /// A folder with a ledger whose clock is the machine's.
    pub(crate) fn real() -> Self {
        let desk = Self::empty();
        desk.done(&["init", "--origin", "ledger.test.example"]);
        desk
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The ledger's directory.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.path().join("countersign")
    }

    /// Writes a file in the folder.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// A command in the folder, not yet run.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.here(BINARY, args)
    }

    /// A script in the folder, not yet run, to which the program is `$0`.
    pub(crate) fn script(&self, shell: &str, script: &str) -> Command {
        self.here(shell, &["-c", script, BINARY])
    }

    /// Whoever runs the tests may have named a ledger of their own.
    fn here(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(args).current_dir(self.path()).env_remove("COUNTERSIGN_LEDGER").env("NO_COLOR", "1");
        command
    }

    /// Runs a command in the folder.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs a command that must succeed.
    pub(crate) fn done(&self, args: &[&str]) -> Output {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?} ended with {:?}: {}{}", output.status.code(), stdout(&output), stderr(&output));
        output
    }

    /// The key that checks the ledger's log.
    pub(crate) fn vkey(&self) -> String {
        stdout(&self.done(&["checkpoint", "key"])).trim().to_owned()
    }

    /// Makes a pack and gives its path.
    pub(crate) fn pack(&self, name: &str, args: &[&str]) -> PathBuf {
        self.done(&[&["pack", "create", "-o", name], args].concat());
        self.path().join(name)
    }

    /// How many events the ledger has.
    pub(crate) fn size(&self) -> u64 {
        self.json(&["status", "--json"])["size"].as_u64().unwrap()
    }

    /// Runs a command and reads its standard output as JSON.
    pub(crate) fn json(&self, args: &[&str]) -> serde_json::Value {
        let output = self.run(args);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", stderr(&output)))
    }
}

/// Copies a folder with everything in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a command printed for programs.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a command printed for people.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The time that runs of a kind take at most, as far as they have shown: killed within it, they are killed as often on a fast machine as on a slow one.
#[derive(Clone, Copy)]
pub(crate) struct Takes(pub(crate) Duration);

impl Takes {
    /// Kills a run after a share of the time; says whether there was something to kill. A run that was done takes less.
    pub(crate) fn kill_after(&mut self, share: f64, run: &mut Child) -> bool {
        let after = self.0.mul_f64(share);
        std::thread::sleep(after);
        let running = run.try_wait().unwrap().is_none();
        if !running {
            self.0 = after;
        }
        run.kill().unwrap();
        running
    }
}
