//! Whole releases in which nothing may be left without a proof: random cities, releases by dominance and p%, and what an
//! outsider knows of rounded numbers.

use analytics::disclosure::{
    AuditRow, Bounds, CrossedTable, Dimension, Dominance, History, Insiders, MinimumFrequency, Openness, PPercent,
    PrimaryRules, Record, ReleaseAuditRow, SecrecyRules, Verdict, audit, suppress,
};
use analytics::table::{EstimateRow, Indicator, Status};
use proptest::prelude::*;

use crate::city;
use crate::secrecy_release::{city_with_a_secret, release, rows};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Cities of any size in which any few persons do something rare.
    #[test]
    fn every_withheld_number_of_a_random_city_is_proved_protected(
        n_persons in 80_usize..260,
        secrets in prop::collection::vec((0_usize..60, 0_usize..2), 1..6),
    ) {
        let mut writer = city_with_a_secret(n_persons);
        for (person, day) in secrets {
            let diary = format!("d{person:05}{day}");
            let episode = writer.episodes.iter_mut().find(|episode| episode.diary_id == diary).expect("an episode");
            episode.main = "119".to_owned();
        }
        let folder = tempfile::tempdir().expect("a folder");
        city::write(writer, folder.path());
        release(folder.path(), &SecrecyRules::default(), &History::default(), |release, context| {
            prop_assert_eq!(release.unprotected(context), Vec::<ReleaseAuditRow>::new());
            for row in release.audit(context) {
                prop_assert!(row.protected, "{:?}", row);
            }
            Ok(())
        })?;
    }
}

#[test]
fn numbers_that_one_person_dominates_are_protected_in_the_whole_release() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = city::city(400);
    writer.persons[8].weight = Some(4e4);
    city::write(writer, folder.path());
    let dominance = Some(Dominance { n: 1, k: 85.0 });
    let p_percent = Some(PPercent { p: 15.0, q: 100.0, coalition: 1 });
    let by_count = SecrecyRules::default();
    let unsafe_rows = |rules: &SecrecyRules| {
        release(folder.path(), rules, &History::default(), |release, context| {
            assert_eq!(release.unprotected(context), Vec::new(), "{rules:?}");
            for row in release.audit(context) {
                assert!(row.protected, "{rules:?}: {row:?}");
            }
            let rows = rows(release).into_iter().filter(|row| row.indicator == Indicator::TimeSpent);
            rows.filter(|row| row.status == Status::Withheld).collect::<Vec<EstimateRow>>()
        })
    };
    let few = unsafe_rows(&by_count);
    for rules in [SecrecyRules { dominance, ..by_count }, SecrecyRules { p_percent, ..by_count }] {
        let found = unsafe_rows(&rules);
        assert!(found.len() > few.len(), "{rules:?} makes nothing unsafe");
    }
}

fn weighty(rows: &[Vec<u8>]) -> CrossedTable {
    let mut records = Vec::new();
    for (row, counts) in rows.iter().enumerate() {
        for (column, n) in counts.iter().enumerate() {
            records.extend((0..*n).map(|one| Record {
                codes: vec![row + 1, column + 1],
                value: 7.3 + f64::from(one) * 1.7 + (row * column) as f64 * 0.31,
            }));
        }
    }
    CrossedTable::of_records(vec![Dimension::flat(rows.len()), Dimension::flat(rows[0].len())], &records, 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// The audit takes published numbers to be known to the last digit. Who sees them rounded knows of each a range only.
    #[test]
    fn exact_knowledge_of_published_numbers_is_the_worst_case(
        rows in prop::collection::vec(prop::collection::vec(0_u8..7, 4), 4),
        digits in prop::sample::select(vec![0.1, 1.0, 10.0]),
    ) {
        let table = weighty(&rows);
        let minimum_frequency = Some(MinimumFrequency { n: 3, safety_range: 30.0 });
        let rules = PrimaryRules { minimum_frequency, ..PrimaryRules::default() };
        let pattern = suppress(&table.system, &rules, Insiders::Nobody);
        let exact = audit(&table.system, &pattern);
        let mut rounded = table.system.clone();
        for (cell, verdict) in rounded.cells_mut().iter_mut().zip(&pattern.verdicts) {
            if *verdict == Verdict::Published && !cell.is_empty() {
                let shown = (cell.value / digits).round() * digits;
                cell.bounds = Bounds { low: shown - digits / 2.0, high: shown + digits / 2.0 };
                cell.openness = Openness::Unlisted;
            }
        }
        let seen: Vec<AuditRow> = audit(&rounded, &pattern);
        for row in &exact {
            let of_rounded = seen.iter().find(|other| other.cell == row.cell).expect("withheld in both");
            prop_assert!(of_rounded.low <= row.low + 1e-6 && of_rounded.high >= row.high - 1e-6, "{row:?} {of_rounded:?}");
            prop_assert!(of_rounded.is_protected() || pattern.unprotected.contains(&row.cell));
        }
    }
}
