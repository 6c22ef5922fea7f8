//! The engine beside its peers, on the same data and in the same run: whole tasks, the best of several runs, printed as a
//! table once the numbers were found to agree. `docs/performance.md` says how to run it and what came out.
//!
//! Arguments are names of tasks (all, where none is given) and `--no-peers`.

mod peers;
mod sample;
mod tasks;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use peers::{Number, Peer};
use sample::{NATIONAL, Survey};
use tasks::Prepared;

struct Task {
    name: &'static str,
    title: &'static str,
    goal_ms: f64,
    /// How far a peer's number may be from ours, relatively: more for what is iterated.
    tolerance: f64,
    /// What has to be read at least once, in bytes per diary.
    bytes_per_diary: f64,
    run: fn(&Prepared) -> Vec<Number>,
}

const TASKS: [Task; 4] = [
    Task {
        name: "domains",
        title: "200 domains x 10 activities with standard errors",
        goal_ms: 20.0,
        tolerance: 1e-9,
        // Ten values, a weight, a domain and a cluster.
        bytes_per_diary: 10.0 * 8.0 + 8.0 + 4.0 + 4.0,
        run: Prepared::domains,
    },
    Task {
        name: "tempogram",
        title: "tempogram, 144 slots x 10 activities x 2 sexes with standard errors",
        goal_ms: 50.0,
        tolerance: 1e-9,
        // 22 episodes, a weight, a cluster and a sex.
        bytes_per_diary: 22.0 * 6.0 + 8.0 + 4.0 + 1.0,
        run: Prepared::tempogram,
    },
    Task {
        name: "raking",
        title: "raking to 4 margins",
        goal_ms: 30.0,
        tolerance: 1e-8,
        // Four categories and a weight, read and written.
        bytes_per_diary: 4.0 * 4.0 + 2.0 * 8.0,
        run: Prepared::raking,
    },
    Task {
        name: "replicates",
        title: "160 replicates x 10 activities x 10 domains with standard errors",
        goal_ms: 200.0,
        tolerance: 1e-9,
        // Ten values, 160 factors, a weight and a domain.
        bytes_per_diary: 10.0 * 8.0 + 160.0 * 8.0 + 8.0 + 4.0,
        run: Prepared::replicates,
    },
];

/// Ours are run again and again for this long, at least five times.
const PATIENCE: Duration = Duration::from_secs(2);

fn main() {
    let (options, wanted): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let is_wanted = |task: &&Task| wanted.is_empty() || wanted.iter().any(|name| name == task.name);
    let tasks: Vec<&Task> = TASKS.iter().filter(is_wanted).collect();
    let survey = Survey::draw(NATIONAL);
    let peers = if options.iter().any(|option| option == "--no-peers") {
        Vec::new()
    } else {
        ask_peers(&survey, &tasks.iter().map(|task| task.name).collect::<Vec<_>>())
    };
    let n_diaries = survey.diaries.len() as f64;
    let prepared = Prepared::new(survey);
    let bandwidth = bandwidth();
    println!(
        "{}, {} threads, memory read at {:.1} GB/s, {}\n",
        processor(),
        rayon::current_num_threads(),
        bandwidth / 1e9,
        today()
    );
    let columns: String = peers.iter().map(|peer| format!(" {} {}, ms |", peer.name, peer.version)).collect();
    println!("| task |{columns} Tempi, ms | goal, ms | times the best peer | farthest number | reading alone, ms |");
    println!("| --- |{} --- | --- | --- | --- | --- |", " --- |".repeat(peers.len()));
    for task in tasks {
        let (numbers, ours) = best(|| (task.run)(&prepared));
        let able = peers.iter().filter(|peer| peer.seconds(task.name).is_some());
        let apart = able.map(|peer| peer.compare(task.name, &numbers, task.tolerance)).fold(0.0, f64::max);
        let theirs: Vec<Option<f64>> = peers.iter().map(|peer| peer.seconds(task.name)).collect();
        let mut row = format!("| {} |", task.title);
        for seconds in &theirs {
            let shown = seconds.map_or("–".to_owned(), |seconds| format!("{:.0}", seconds * 1e3));
            // Writing to a string cannot fail.
            let _ = write!(row, " {shown} |");
        }
        let ratio = theirs.iter().flatten().copied().reduce(f64::min).map(|peer| format!("{:.0}", peer / ours));
        let least = task.bytes_per_diary * n_diaries / bandwidth;
        println!(
            "{row} {:.1} | {} | {} | {apart:.0e} | {:.2} |",
            ours * 1e3,
            task.goal_ms,
            ratio.unwrap_or_default(),
            least * 1e3
        );
    }
}

fn ask_peers(survey: &Survey, tasks: &[&str]) -> Vec<Peer> {
    let folder = tempfile::tempdir().expect("a folder for the peers");
    survey.write(folder.path()).expect("the data are written");
    [Peer::r(folder.path(), tasks), Peer::svy(folder.path(), tasks)].into_iter().flatten().collect()
}

/// What `run` gives, and the shortest of its times in seconds.
fn best<T>(run: impl Fn() -> T) -> (T, f64) {
    let begin = Instant::now();
    let mut shortest = f64::INFINITY;
    let mut result = None;
    let mut n_runs = 0;
    while n_runs < 5 || begin.elapsed() < PATIENCE {
        let start = Instant::now();
        result = Some(run());
        shortest = shortest.min(start.elapsed().as_secs_f64());
        n_runs += 1;
    }
    (result.expect("it ran"), shortest)
}

/// Bytes that all threads together can read in a second, summing numbers that lie in no cache.
fn bandwidth() -> f64 {
    let numbers = vec![1.0_f64; 1 << 25];
    let part = numbers.len() / rayon::current_num_threads();
    // Eight sums at once, so that adding is not what takes the time.
    let sum = |numbers: &[f64]| {
        let mut sums = [0.0; 8];
        for eight in numbers.chunks_exact(8) {
            for (sum, number) in sums.iter_mut().zip(eight) {
                *sum += number;
            }
        }
        sums.iter().sum::<f64>()
    };
    let (total, seconds) = best(|| numbers.par_chunks(part).map(sum).sum::<f64>());
    assert!(total > 0.0, "the sum was made");
    size_of_val(&numbers[..]) as f64 / seconds
}

fn processor() -> String {
    let described = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = described.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or("an unknown processor".to_owned(), |(_, name)| name.trim().to_owned())
}

fn today() -> String {
    let said = std::process::Command::new("date").arg("+%Y-%m-%d").output();
    said.map_or(String::new(), |said| String::from_utf8_lossy(&said.stdout).trim().to_owned())
}
