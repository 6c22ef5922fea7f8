//! Shows how far a long task is: one line that rewrites itself on a terminal, plain lines in a pipe.

use std::io::{IsTerminal, Write};
use std::time::Instant;

/// Progress on standard error, so that standard output stays clean for results.
pub struct Progress {
    terminal: bool,
    started: Instant,
    step: String,
}

impl Progress {
    /// Begins; looks whether standard error is a terminal.
    pub fn new() -> Progress {
        Progress { terminal: std::io::stderr().is_terminal(), started: Instant::now(), step: String::new() }
    }

    /// Begins a step of the work; the one before is closed.
    pub fn step(&mut self, name: &str) {
        self.close();
        self.step = name.to_owned();
        self.started = Instant::now();
        self.show("…");
    }

    /// Says how much of the step is done.
    pub fn at(&mut self, done: usize, total: usize) {
        if self.terminal {
            self.show(&format!("{done} of {total}"));
        }
    }

    /// Closes the last step.
    pub fn finish(mut self) {
        self.close();
    }

    fn close(&mut self) {
        if self.step.is_empty() {
            return;
        }
        let seconds = self.started.elapsed().as_secs_f64();
        let line_start = if self.terminal { "\r\x1b[K" } else { "" };
        // Progress is for people: a closed standard error is no reason to stop the work.
        let _ = writeln!(std::io::stderr(), "{line_start}{}: done in {seconds:.1} s", self.step);
        self.step.clear();
    }

    fn show(&self, state: &str) {
        if self.terminal {
            let mut stderr = std::io::stderr();
            let _ = write!(stderr, "\r\x1b[K{}: {state}", self.step);
            let _ = stderr.flush();
        }
    }
}
