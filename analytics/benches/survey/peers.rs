//! The peers: runs R survey and Python svy on the same data, and holds their numbers against ours.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A number of ours: (domain, activity, slot), value and standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    pub key: [usize; 3],
    pub value: f64,
    pub error: f64,
}

/// What a peer found and how long it took.
#[derive(Debug)]
pub struct Peer {
    pub name: &'static str,
    pub version: String,
    seconds: BTreeMap<String, f64>,
    numbers: Numbers,
}

impl Peer {
    /// R survey, where `Rscript` and the package are installed.
    pub fn r(folder: &Path, tasks: &[&str]) -> Option<Peer> {
        let version = output(Command::new("Rscript").args(["-e", "cat(as.character(packageVersion('survey')))"]))?;
        let mut run = Command::new("Rscript");
        run.arg(script("survey.R"));
        Peer::run("R survey", version, run, folder, tasks, "r")
    }

    /// Python svy, where the interpreter named by `TEMPI_PEER_PYTHON` (or `python3`) has it.
    pub fn svy(folder: &Path, tasks: &[&str]) -> Option<Peer> {
        let python = std::env::var_os("TEMPI_PEER_PYTHON").unwrap_or_else(|| "python3".into());
        let ask = "import importlib.metadata as m; print(m.version('svy'), end='')";
        let version = output(Command::new(&python).args(["-c", ask]))?;
        let mut run = Command::new(&python);
        run.arg(script("svy_tasks.py"));
        Peer::run("Python svy", version, run, folder, tasks, "svy")
    }

    fn run(
        name: &'static str,
        version: String,
        mut command: Command,
        folder: &Path,
        tasks: &[&str],
        prefix: &str,
    ) -> Option<Peer> {
        eprintln!("{name} {version} …");
        let said = command.arg(folder).args(tasks).output().ok()?;
        if !said.status.success() {
            eprintln!("{name} failed and is left out:\n{}", String::from_utf8_lossy(&said.stderr));
            return None;
        }
        let times = std::fs::read_to_string(folder.join(format!("{prefix}_times.csv"))).ok()?;
        let seconds = (times.lines().skip(1))
            .filter_map(|line| {
                line.split_once(',').map(|(task, time)| (task.to_owned(), time.parse().unwrap_or(f64::NAN)))
            })
            .collect();
        let numbers = read_numbers(&folder.join(format!("{prefix}.csv")))?;
        Some(Peer { name, version, seconds, numbers })
    }

    /// Its best time of a task, seconds; `None` where it cannot do it.
    pub fn seconds(&self, task: &str) -> Option<f64> {
        self.seconds.get(task).copied()
    }

    /// The largest relative difference between its numbers and ours; the benchmark stops where it is above `tolerance`
    /// or a number of ours is missing here.
    pub fn compare(&self, task: &str, ours: &[Number], tolerance: f64) -> f64 {
        let mut worst = 0.0_f64;
        for number in ours {
            let Some((value, error)) = self.numbers.get(&(task.to_owned(), number.key)) else {
                panic!("{} has no number {:?} of the task {task}", self.name, number.key);
            };
            let apart = |ours: f64, theirs: f64| (ours - theirs).abs() / theirs.abs().max(1e-3);
            worst = worst.max(apart(number.value, *value)).max(apart(number.error, *error));
        }
        assert!(worst <= tolerance, "{task}: our numbers are {worst:e} apart from {}'s", self.name);
        worst
    }
}

/// Value and standard error, by task and key.
type Numbers = BTreeMap<(String, [usize; 3]), (f64, f64)>;

/// Columns task, domain, variable (`activity` or `slot/activity`), value, error.
fn read_numbers(path: &Path) -> Option<Numbers> {
    let mut reader = csv::Reader::from_path(path).ok()?;
    let number = |record: csv::StringRecord| {
        let (slot, activity) = record[2].split_once('/').unwrap_or(("0", &record[2]));
        let key = [record[1].parse().ok()?, activity.parse().unwrap_or(0), slot.parse().ok()?];
        Some(((record[0].to_owned(), key), (record[3].parse().ok()?, record[4].parse().ok()?)))
    };
    reader.records().map(|record| number(record.ok()?)).collect()
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(name)
}

fn output(command: &mut Command) -> Option<String> {
    let said = command.output().ok()?;
    said.status.success().then(|| String::from_utf8_lossy(&said.stdout).into_owned())
}
