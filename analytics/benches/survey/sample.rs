//! The data of the benchmark: one invented sample, the same on every machine, in memory for our kernels and as CSV for
//! the peers. It has the size of a national survey; what it says of anybody's day is of no interest.

use std::fmt::Write as _;
use std::path::Path;

/// How large a sample is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub n_strata: usize,
    pub n_clusters: usize,
    pub n_diaries: usize,
    pub n_domains: usize,
}

/// 40,000 diaries in 1,000 clusters of 60 strata, and 200 domains across them.
pub const NATIONAL: Size = Size { n_strata: 60, n_clusters: 1_000, n_diaries: 40_000, n_domains: 200 };

pub const N_ACTIVITIES: usize = 10;
pub const N_REPLICATES: usize = 160;
const EPISODES_PER_DAY: usize = 22;
pub const SLOTS_PER_DAY: usize = 144;
pub const MINUTES_PER_SLOT: u16 = 10;

/// A margin: its name, and for each diary its category.
pub const MARGINS: [(&str, u64); 4] = [("sex", 2), ("zone", 8), ("age", 5), ("education", 4)];

#[derive(Debug, Clone, Copy)]
pub struct Episode {
    pub start_minute: u16,
    pub minutes: u16,
    pub activity: u8,
}

#[derive(Debug)]
pub struct Diary {
    pub cluster: usize,
    pub weight: f64,
    pub domain: usize,
    /// By margin, the sex first.
    pub categories: [u64; 4],
    pub episodes: [Episode; EPISODES_PER_DAY],
}

/// The whole sample.
#[derive(Debug)]
pub struct Survey {
    pub size: Size,
    pub diaries: Vec<Diary>,
    /// By cluster, then replicate: factors of the weight (Rao and Wu's rescaled bootstrap, n_h - 1 clusters drawn).
    pub replicate_factors: Vec<Vec<f64>>,
}

impl Survey {
    /// Draws the sample.
    pub fn draw(size: Size) -> Survey {
        let mut random = Random(20_261_123);
        let diaries = (0..size.n_diaries).map(|diary| draw_diary(&mut random, size, diary)).collect();
        Survey { size, diaries, replicate_factors: draw_replicates(&mut random, size) }
    }

    /// The stratum of a cluster: clusters lie in it by turns.
    pub fn stratum(&self, cluster: usize) -> usize {
        cluster % self.size.n_strata
    }

    /// Writes what the peers read.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::write(folder.join("diaries.csv"), self.diaries_csv())?;
        for (place, (name, n_categories)) in MARGINS.into_iter().enumerate() {
            let totals = self.margin(place, n_categories);
            let lines = totals.iter().enumerate().map(|(category, total)| format!("{category},{total:?}\n"));
            std::fs::write(
                folder.join(format!("margin_{name}.csv")),
                format!("{name},Freq\n") + &lines.collect::<String>(),
            )?;
        }
        let line =
            |factors: &Vec<f64>| factors.iter().map(|factor| format!("{factor:?}")).collect::<Vec<_>>().join(",");
        let lines: Vec<String> = self.replicate_factors.iter().map(line).collect();
        std::fs::write(folder.join("replicates.csv"), lines.join("\n") + "\n")
    }

    /// Population totals of a margin: what the sample says, bent by up to a tenth, all margins with the same sum.
    pub fn margin(&self, place: usize, n_categories: u64) -> Vec<f64> {
        let mut totals = vec![0.0; n_categories as usize];
        for diary in &self.diaries {
            totals[diary.categories[place] as usize] += diary.weight;
        }
        let population: f64 = totals.iter().sum();
        for (category, total) in totals.iter_mut().enumerate() {
            *total *= 0.9 + 0.2 * ((category * 7 + place * 3) % 5) as f64 / 4.0;
        }
        let bent: f64 = totals.iter().sum();
        totals.iter().map(|total| total * population / bent).collect()
    }

    fn diaries_csv(&self) -> String {
        let minutes: Vec<String> = (0..N_ACTIVITIES).map(|activity| format!("minutes_{activity}")).collect();
        let mut csv = format!("stratum,cluster,weight,sex,zone,age,education,domain,slots,{}\n", minutes.join(","));
        for diary in &self.diaries {
            let Diary { cluster, weight, domain, categories: [sex, zone, age, education], .. } = diary;
            let mut totals = [0; N_ACTIVITIES];
            let mut slots = String::with_capacity(SLOTS_PER_DAY);
            for episode in &diary.episodes {
                totals[usize::from(episode.activity)] += episode.minutes;
                for _ in 0..episode.minutes / MINUTES_PER_SLOT {
                    slots.push(char::from(b'0' + episode.activity));
                }
            }
            let totals = totals.map(|minutes| minutes.to_string()).join(",");
            let stratum = self.stratum(*cluster);
            // Writing to a string cannot fail.
            let _ = writeln!(
                csv,
                "s{stratum:02},c{cluster:04},{weight:?},{sex},{zone},{age},{education},{domain},{slots},{totals}"
            );
        }
        csv
    }
}

fn draw_diary(random: &mut Random, size: Size, diary: usize) -> Diary {
    let cluster = diary % size.n_clusters;
    let weight = 200.0 + random.below(80_000) as f64 / 100.0;
    let categories = MARGINS.map(|(_, n_categories)| random.below(n_categories));
    // A day is cut at 21 different slots.
    let mut is_cut = [false; SLOTS_PER_DAY];
    let mut n_cuts = 1;
    while n_cuts < EPISODES_PER_DAY {
        let slot = 1 + random.below(SLOTS_PER_DAY as u64 - 1) as usize;
        n_cuts += usize::from(!is_cut[slot]);
        is_cut[slot] = true;
    }
    let mut starts = (0..SLOTS_PER_DAY).filter(|slot| *slot == 0 || is_cut[*slot]).chain([SLOTS_PER_DAY]);
    let mut start = starts.next().unwrap_or(0);
    // Clusters differ in what their people do, so that there is something to estimate between them.
    let favourite = (cluster % N_ACTIVITIES) as u64;
    let episodes = std::array::from_fn(|_| {
        let end = starts.next().unwrap_or(SLOTS_PER_DAY);
        let activity = if random.below(5) == 0 { favourite } else { random.below(N_ACTIVITIES as u64) } as u8;
        let minutes = (end - start) as u16 * MINUTES_PER_SLOT;
        let episode = Episode { start_minute: start as u16 * MINUTES_PER_SLOT, minutes, activity };
        start = end;
        episode
    });
    Diary { cluster, weight, domain: random.below(size.n_domains as u64) as usize, categories, episodes }
}

fn draw_replicates(random: &mut Random, size: Size) -> Vec<Vec<f64>> {
    let mut factors = vec![vec![0.0; N_REPLICATES]; size.n_clusters];
    for stratum in 0..size.n_strata {
        let clusters: Vec<usize> = (stratum..size.n_clusters).step_by(size.n_strata).collect();
        let n = clusters.len() as u64;
        for replicate in 0..N_REPLICATES {
            for _ in 1..n {
                let drawn = &mut factors[clusters[random.below(n) as usize]];
                drawn[replicate] += n as f64 / (n - 1) as f64;
            }
        }
    }
    factors
}

/// SplitMix64: the same numbers everywhere.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ (z >> 31)) * u128::from(bound)) >> 64) as u64
    }
}
