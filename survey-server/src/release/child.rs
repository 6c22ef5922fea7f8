//! The child that computes: the same program, in a group of processes of its own, with nothing of the server's environment.
//! The only file of this package that starts a program, and it starts no other than this one.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

use super::{
    Commission, Reported,
    desk::{At, Desk},
    process,
};

/// This program, also after another has taken its place on the disk.
const OWN_PROGRAM: &str = "/proc/self/exe";

/// How often a child is looked at.
const GLANCE: Duration = Duration::from_millis(50);

/// How much of what a child says on standard error is kept for the log, in bytes.
const N_LOGGED: u64 = 16 * 1024;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// It did its work.
    Done,
    /// It failed and says why.
    Failed(String),
    /// An officer stopped it.
    Cancelled,
    /// The server stops.
    Stopping,
    /// It took too long.
    TimeLimit,
    /// It wanted too much memory.
    MemoryLimit,
    /// It ended without a word: something killed it.
    Died,
}

/// A child at work.
pub(super) struct Worker {
    child: Child,
    group: Pid,
    /// Open as long as the server lives: the child ends when it closes.
    _lifeline: ChildStdin,
    stdout: ChildStdout,
    stderr: ChildStderr,
}

impl Worker {
    /// Starts a child and tells it what to do.
    pub(super) fn start(desk: &Desk, commission: &Commission) -> io::Result<Worker> {
        let program = desk.limits.program.as_deref().unwrap_or(OWN_PROGRAM.as_ref());
        let mut child = Command::new(program)
            .arg("release-work")
            .env_clear()
            .current_dir(&desk.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let group = Pid::from_child(&child);
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(mut lifeline), Some(stdout), Some(stderr)) = pipes else {
            return Err(io::Error::other("a child without pipes"));
        };
        let mut line = serde_json::to_vec(commission)?;
        line.push(b'\n');
        // A child that is gone already is noticed when it is watched.
        let _ = lifeline.write_all(&line).and_then(|()| lifeline.flush());
        Ok(Worker { child, group, _lifeline: lifeline, stdout, stderr })
    }

    /// The number of its process.
    pub(super) fn number(&self) -> u32 {
        self.child.id()
    }

    /// Follows the child until it ends or has to be ended; nothing of its group is left then.
    pub(super) fn watch(self, desk: &Desk) -> Ended {
        let Worker { mut child, group, _lifeline, stdout, stderr } = self;
        let listener = thread::scope(|scope| {
            let listener = scope.spawn(|| listen(stdout, desk));
            let logger = scope.spawn(|| log(stderr));
            let judged = wait(&mut child, desk);
            // The group, whatever it has begun itself. It may be gone already.
            let _ = kill_process_group(group, Signal::KILL);
            let _ = child.wait();
            let _ = logger.join();
            let said = listener.join().ok().flatten();
            (judged, said)
        });
        match listener {
            (Err(ended), _) => ended,
            (Ok(_), Some(Reported::Failed { message })) => Ended::Failed(message),
            (Ok(status), Some(Reported::Done)) if status.success() => Ended::Done,
            (Ok(status), _) => {
                tracing::warn!(
                    code = status.code(),
                    signal = status.signal(),
                    "a release's process ended without a word"
                );
                Ended::Died
            }
        }
    }
}

/// Waits for the child; the error says why it must not go on.
fn wait(child: &mut Child, desk: &Desk) -> Result<ExitStatus, Ended> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "a release's process cannot be waited for");
                return Err(Ended::Died);
            }
        }
        if desk.is_cancelled() {
            return Err(Ended::Cancelled);
        }
        if desk.is_stopping() {
            return Err(Ended::Stopping);
        }
        if began.elapsed() > desk.limits.time_limit {
            return Err(Ended::TimeLimit);
        }
        if process::memory(child.id()).is_some_and(|memory| memory > desk.limits.memory_limit) {
            return Err(Ended::MemoryLimit);
        }
        thread::sleep(GLANCE);
    }
}

/// Takes in what the child says, until it is silent; gives its last word.
fn listen(stdout: ChildStdout, desk: &Desk) -> Option<Reported> {
    let mut last = None;
    for line in BufReader::new(stdout).lines() {
        let Ok(line) = line else { break };
        match serde_json::from_str(&line) {
            Ok(Reported::At { stage, done, total }) => desk.note(At { stage, done, total }),
            Ok(said) => last = Some(said),
            Err(error) => tracing::warn!(%error, "a release's process said something else"),
        }
    }
    last
}

/// What the child says on standard error belongs into the log, not onto a page.
fn log(mut stderr: ChildStderr) {
    let mut text = Vec::new();
    let _ = stderr.by_ref().take(N_LOGGED).read_to_end(&mut text);
    // The rest is read so that the child does not wait for a reader.
    let _ = io::copy(&mut stderr, &mut io::sink());
    let text = String::from_utf8_lossy(&text);
    if !text.trim().is_empty() {
        tracing::warn!(said = %text.trim(), "a release's process");
    }
}
