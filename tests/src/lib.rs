//! Drives the built programs as processes and looks at them from outside: what they print, the carrier's own log, the
//! database read-only, recordings measured for their tones. `make test` builds the programs first.

pub mod api;
pub mod books;
pub mod busy;
pub mod carrier;
pub mod demo;
pub mod leads;
pub mod needles;
pub mod process;
pub mod records;
pub mod sound;
pub mod wire;

/// An empty directory below target/, kept after the run so that a failure can be looked into.
///
/// # Errors
/// It cannot be emptied or made.
pub fn scratch(name: &str) -> anyhow::Result<std::path::PathBuf> {
    let me = std::env::current_exe()?;
    let target = me.ancestors().find(|folder| folder.ends_with("target")).unwrap_or(std::path::Path::new("target"));
    let folder = target.join("office").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// True once `done` is, asked every 50 ms for at most `seconds`.
pub fn within(seconds: u64, mut done: impl FnMut() -> bool) -> bool {
    let until = std::time::Instant::now() + std::time::Duration::from_secs(seconds);
    loop {
        if done() {
            return true;
        }
        if std::time::Instant::now() > until {
            return false;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
