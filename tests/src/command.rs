//! Runs the `tempi` binary and keeps what it printed.

use std::path::PathBuf;
use std::process::{Command, Output};

/// What a run of `tempi` ended with.
#[derive(Debug)]
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Run {
    /// The run, which must have exited 0; its output is shown when it did not.
    #[track_caller]
    pub fn success(self) -> Run {
        assert_eq!(self.code, 0, "tempi failed\nstdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// The run, which must have exited `code` and said each of `words` on standard error.
    #[track_caller]
    pub fn refused(self, code: i32, words: &[&str]) -> Run {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is missing from: {}", self.stderr);
        }
        self
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The `tempi` binary that was built beside these tests.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let path = test
        .parent()
        .and_then(|deps| deps.parent())
        .expect("tests run from the deps folder of the target directory")
        .join("tempi");
    assert!(path.exists(), "{} is missing: run `cargo build --workspace` first", path.display());
    path
}

/// `tempi` with arguments, in a clean environment of its own settings.
pub fn tempi<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Run {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TEMPI_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).output().expect("the binary starts").into()
}
