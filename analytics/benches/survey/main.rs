//! The engine beside its peers, on the same data and in the same run: whole tasks, the best of several runs, printed as a
//! table once the numbers were found to agree. See `docs/performance.md` for how to run it.

mod peers;
mod sample;
mod tasks;

use std::time::{Duration, Instant};

use peers::{Number, Peer};
use sample::{NATIONAL, Survey};
use tasks::Prepared;

struct Task {
    name: &'static str,
    title: &'static str,
    goal_ms: f64,
    run: fn(&Prepared) -> Vec<Number>,
}

const TASKS: [Task; 4] = [
    Task { name: "domains", title: "200 domains x 10 activities", goal_ms: 20.0, run: Prepared::domains },
    Task {
        name: "tempogram",
        title: "tempogram: 144 slots x 10 activities x 2 sexes",
        goal_ms: 50.0,
        run: Prepared::tempogram,
    },
    Task { name: "raking", title: "raking to 4 margins", goal_ms: 30.0, run: Prepared::raking },
    Task {
        name: "replicates",
        title: "160 replicates x 10 activities x 10 domains",
        goal_ms: 200.0,
        run: Prepared::replicates,
    },
];

/// Ours are run again and again for this long, at least five times.
const PATIENCE: Duration = Duration::from_secs(2);

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let tasks: Vec<&Task> =
        TASKS.iter().filter(|task| wanted.is_empty() || wanted.iter().any(|name| name == task.name)).collect();
    let names: Vec<&str> = tasks.iter().map(|task| task.name).collect();
    let survey = Survey::draw(NATIONAL);
    let folder = tempfile::tempdir().expect("a folder for the peers");
    survey.write(folder.path()).expect("the data are written");
    let peers: Vec<Peer> = if std::env::args().any(|argument| argument == "--no-peers") {
        Vec::new()
    } else {
        [Peer::r(folder.path(), &names), Peer::svy(folder.path(), &names)].into_iter().flatten().collect()
    };
    let prepared = Prepared::new(survey);
    println!(
        "| task |{} Tempi, ms | goal, ms | times the best peer | farthest number |",
        peers.iter().map(|peer| format!(" {} {}, ms |", peer.name, peer.version)).collect::<String>()
    );
    println!("| --- |{} --- | --- | --- | --- |", " --- |".repeat(peers.len()));
    for task in tasks {
        let (numbers, ours) = best(|| (task.run)(&prepared));
        let apart = peers
            .iter()
            .filter(|peer| peer.seconds(task.name).is_some())
            .map(|peer| peer.compare(task.name, &numbers, task.tolerance))
            .fold(0.0, f64::max);
        let theirs: Vec<Option<f64>> = peers.iter().map(|peer| peer.seconds(task.name)).collect();
        let shown: String = theirs
            .iter()
            .map(|seconds| seconds.map_or(" |".to_owned(), |seconds| format!(" {:.0} |", seconds * 1e3)))
            .collect();
        let ratio = theirs
            .iter()
            .flatten()
            .copied()
            .reduce(f64::min)
            .map_or(String::new(), |peer| format!("{:.0}", peer / ours));
        println!("| {} |{shown} {:.2} | {} | {ratio} | {apart:.0e} |", task.title, ours * 1e3, task.goal_ms);
    }
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
