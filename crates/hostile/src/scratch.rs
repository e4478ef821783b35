//! A folder in memory for parsers that read a file by its name.
//! One for each thread, made when it is first needed; nothing is left in it.

use std::path::Path;

thread_local! {
    static FOLDER: Option<tempfile::TempDir> = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).ok();
}

/// Runs something on a folder that holds one file of these bytes.
pub(crate) fn holding(name: &str, bytes: &[u8], read: impl FnOnce(&Path) -> String) -> String {
    FOLDER.with(|folder| {
        let Some(folder) = folder else { return "no folder".to_owned() };
        let path = folder.path().join(name);
        // A name may lie in folders of its own, which stay.
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(error) = made.and_then(|()| std::fs::write(&path, bytes)) {
            return format!("no file: {error}");
        }
        let answer = read(folder.path());
        let _ = std::fs::remove_file(&path);
        answer
    })
}
