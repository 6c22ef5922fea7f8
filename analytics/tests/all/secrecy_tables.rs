//! What secrecy promises of any table: intervals that are right, unsafe cells that nobody can place, respondents who
//! learn nothing of others, and groups whose difference is nobody's portrait.

use analytics::disclosure::{
    AuditRow, Cell, CellSystem, CrossedTable, Demand, Dimension, Insiders, MinimumFrequency, Openness, PersonSet,
    PrimaryRules, Protection, Record, Relation, Verdict, audit, disclosing_differences, protect, suppress,
};
use proptest::prelude::*;

fn rules() -> PrimaryRules {
    let minimum_frequency = Some(MinimumFrequency { n: 3, safety_range: 30.0 });
    PrimaryRules { minimum_frequency, ..PrimaryRules::default() }
}

/// A table of counts, one record per person.
fn counts(rows: &[Vec<u8>]) -> CrossedTable {
    let mut records = Vec::new();
    for (row, counts) in rows.iter().enumerate() {
        for (column, n) in counts.iter().enumerate() {
            records.extend((0..*n).map(|_| Record { codes: vec![row + 1, column + 1], value: 1.0 }));
        }
    }
    CrossedTable::of_records(vec![Dimension::flat(rows.len()), Dimension::flat(rows[0].len())], &records, 1)
}

/// The smallest and largest value of every hidden cell over all whole tables that agree with what is shown.
fn by_enumeration(system: &CellSystem, hidden: &[usize]) -> Vec<(f64, f64)> {
    let most = system.cells()[0].value as i64;
    let mut values: Vec<i64> = system.cells().iter().map(|cell| cell.value as i64).collect();
    let mut found = vec![(f64::INFINITY, f64::NEG_INFINITY); hidden.len()];
    enumerate(system, hidden, 0, most, &mut values, &mut found);
    found
}

fn enumerate(
    system: &CellSystem,
    hidden: &[usize],
    at: usize,
    most: i64,
    values: &mut Vec<i64>,
    found: &mut [(f64, f64)],
) {
    // A sum whose cells are all set must hold; this keeps the enumeration short.
    let is_set = |cell: &usize| !hidden[at..].contains(cell);
    for relation in system.relations() {
        if relation.terms.iter().all(|(cell, _)| is_set(cell))
            && relation.terms.iter().map(|(cell, factor)| *factor as i64 * values[*cell]).sum::<i64>() != 0
        {
            return;
        }
    }
    let is_kept =
        |terms: &[(usize, f64)]| terms.iter().map(|(cell, factor)| *factor as i64 * values[*cell]).sum::<i64>() >= 0;
    if at == hidden.len() && system.limits().iter().all(|limit| is_kept(&limit.terms)) {
        for (cell, (low, high)) in hidden.iter().zip(found.iter_mut()) {
            *low = low.min(values[*cell] as f64);
            *high = high.max(values[*cell] as f64);
        }
    }
    if at == hidden.len() {
        return;
    }
    let kept = values[hidden[at]];
    for value in 0..=most {
        values[hidden[at]] = value;
        enumerate(system, hidden, at + 1, most, values, found);
    }
    values[hidden[at]] = kept;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// In a two-way table the extremes of the linear programme are whole tables, so both must agree to the digit.
    #[test]
    fn the_audit_finds_the_intervals_that_enumeration_finds(
        rows in prop::collection::vec(prop::collection::vec(0_u8..5, 3), 3),
    ) {
        let mut table = counts(&rows);
        // Were the grand total withheld too, nothing would bound it and there were no end to enumerating.
        table.system.cells_mut()[0].openness = Openness::Known;
        let pattern = suppress(&table.system, &rules(), Insiders::Nobody);
        let audited = audit(&table.system, &pattern);
        let hidden: Vec<usize> = audited.iter().map(|row| row.cell).collect();
        prop_assume!(hidden.len() <= 7);
        for (row, (low, high)) in audited.iter().zip(by_enumeration(&table.system, &hidden)) {
            prop_assert!((row.low - low).abs() < 1e-6 && (row.high - high).abs() < 1e-6, "{row:?}: {low} to {high}");
        }
    }

    /// Where everybody knows besides that one cell is no more than another. The extremes may then lie halfway between whole
    /// tables.
    #[test]
    fn the_audit_uses_what_everybody_knows_to_be_no_more_than_something_else(
        rows in prop::collection::vec(prop::collection::vec(0_u8..5, 3), 3),
        pair in (0_usize..9, 0_usize..9),
    ) {
        let mut table = counts(&rows);
        table.system.cells_mut()[0].openness = Openness::Known;
        let [one, other] = [pair.0, pair.1].map(|at| table.cell(&[at / 3 + 1, at % 3 + 1]));
        let value = |cell: usize| table.system.cells()[cell].value;
        let (more, less) = if value(one) >= value(other) { (one, other) } else { (other, one) };
        prop_assume!(more != less);
        table.system.add_limit(vec![(more, 1.0), (less, -1.0)], f64::INFINITY);
        let pattern = suppress(&table.system, &rules(), Insiders::Nobody);
        prop_assert!(pattern.unprotected.is_empty());
        let audited = audit(&table.system, &pattern);
        let hidden: Vec<usize> = audited.iter().map(|row| row.cell).collect();
        prop_assume!(hidden.len() <= 7);
        for (row, (low, high)) in audited.iter().zip(by_enumeration(&table.system, &hidden)) {
            let is_found = (-0.5 - 1e-6..1e-6).contains(&(row.low - low)) && (-1e-6..0.5 + 1e-6).contains(&(row.high - high));
            prop_assert!(is_found && row.is_protected(), "{row:?}: {low} to {high}");
        }
    }

    #[test]
    fn no_unsafe_cell_of_a_random_table_can_be_placed(
        rows in prop::collection::vec(prop::collection::vec(0_u8..9, 5), 6),
    ) {
        let table = counts(&rows);
        let pattern = suppress(&table.system, &rules(), Insiders::NotExactly);
        for row in audit(&table.system, &pattern) {
            let is_known_to_fail = pattern.unprotected.contains(&row.cell);
            prop_assert!(row.is_protected() || is_known_to_fail, "{row:?} in {rows:?}");
        }
    }
}

#[test]
fn a_respondent_alone_in_a_cell_cannot_work_out_its_neighbour() {
    // Two cells of a row hold one respondent each: each sees the other's through the row's total.
    let rows = vec![vec![1, 1, 20, 20], vec![20, 20, 20, 20], vec![20, 20, 20, 20]];
    let table = counts(&rows);
    let [one, other] = [table.cell(&[1, 1]), table.cell(&[1, 2])];
    let learns = |insiders: Insiders| {
        let pattern = suppress(&table.system, &rules(), insiders);
        assert!(pattern.unprotected.is_empty());
        // The respondent of `one` sees the table as if that cell were published.
        let mut seen = pattern.clone();
        seen.verdicts[one] = Verdict::Published;
        let rows = audit(&table.system, &seen);
        let row = rows.iter().find(|row| row.cell == other).expect("still withheld");
        row.high - row.low < 1e-9
    };
    assert!(learns(Insiders::Nobody), "against outsiders alone the two may protect each other");
    assert!(!learns(Insiders::NotExactly));
    assert!(!learns(Insiders::LikeOutsiders));
}

#[test]
fn what_a_respondent_alone_in_two_cells_told_of_itself_needs_no_protection_from_it() {
    let rows = vec![vec![1, 1, 20, 20], vec![20, 20, 20, 20], vec![20, 20, 20, 20]];
    let (strangers, mut same) = (counts(&rows), counts(&rows));
    let [one, other] = [same.cell(&[1, 1]), same.cell(&[1, 2])];
    same.system.tie_respondents(one, other);
    let n_withheld = |system: &CellSystem| suppress(system, &rules(), Insiders::NotExactly).count(Verdict::Secondary);
    assert!(n_withheld(&same.system) < n_withheld(&strangers.system));
    // A cell of several respondents is nobody's, whatever is said.
    let mut many = counts(&rows);
    many.system.tie_respondents(one, many.cell(&[1, 3]));
    assert_eq!(n_withheld(&many.system), n_withheld(&strangers.system));
}

#[test]
fn what_everybody_knows_protects_nothing_and_the_cell_is_reported() {
    let mut system = CellSystem::default();
    let total = system.add_cell(Cell { openness: Openness::Known, ..Cell::offered(42.0, 42) });
    let few = system.add_cell(Cell::offered(2.0, 2));
    let many = system.add_cell(Cell { openness: Openness::Known, ..Cell::offered(40.0, 40) });
    system.add_relation(Relation::sum(total, [few, many]));
    let pattern = suppress(&system, &rules(), Insiders::Nobody);
    assert_eq!(pattern.unprotected, vec![few]);
    assert!(!audit(&system, &pattern).iter().all(AuditRow::is_protected));
}

#[test]
fn a_cell_that_no_table_shows_is_protected_from_subtraction() {
    let mut system = CellSystem::default();
    let total = system.add_cell(Cell::offered(62.0, 62));
    let women = system.add_cell(Cell::offered(40.0, 40));
    let men = system.add_cell(Cell { cost: 0.5, ..Cell::offered(20.0, 20) });
    let others = system.add_cell(Cell { openness: Openness::Unlisted, ..Cell::offered(2.0, 2) });
    system.add_relation(Relation::sum(total, [women, men, others]));
    let pattern = suppress(&system, &rules(), Insiders::Nobody);
    assert_eq!(pattern.verdicts[men], Verdict::Secondary, "the cheapest of the three is withheld");
    assert_eq!(pattern.count(Verdict::Secondary), 1);
    assert!(audit(&system, &pattern).iter().all(AuditRow::is_protected));
}

#[test]
fn a_group_that_can_hardly_grow_takes_the_group_around_it_along() {
    let withheld = |around: f64| {
        let mut system = CellSystem::default();
        let few = system.add_cell(Cell::offered(10.0, 2));
        let others = system.add_cell(Cell::offered(50.0, 50));
        let sum = system.add_cell(Cell { cost: 9.0, ..Cell::offered(60.0, 52) });
        system.add_relation(Relation::sum(sum, [few, others]));
        // Everybody, of whom the group of the few is a part, and another activity of everybody's.
        let all = system.add_cell(Cell { cost: 9.0, ..Cell::offered(around, 20) });
        let beside = system.add_cell(Cell { cost: 9.0, ..Cell::offered(80.0, 20) });
        let total = system.add_cell(Cell { cost: 99.0, ..Cell::offered(80.0 + around, 20) });
        system.add_relation(Relation::sum(total, [all, beside]));
        system.add_limit(vec![(all, 1.0), (few, -1.0)], 1440.0);
        let pattern = suppress(&system, &rules(), Insiders::Nobody);
        assert!(pattern.unprotected.is_empty() && audit(&system, &pattern).iter().all(AuditRow::is_protected));
        [others, sum, all, beside, total].map(|cell| pattern.verdicts[cell] == Verdict::Secondary)
    };
    assert_eq!(withheld(30.0), [true, false, false, false, false]);
    assert_eq!(withheld(11.0), [true, false, true, true, false], "known to be 11 at most, it could not be 13");
}

#[test]
fn averages_with_shares_are_sums_like_others() {
    let mut system = CellSystem::default();
    let days = [300.0, 120.0, 80.0].map(|value| system.add_cell(Cell::offered(value, 30)));
    system.cells_mut()[days[2]].frequency = 2;
    let average = system.add_cell(Cell { cost: 9.0, ..Cell::offered((5.0 * 300.0 + 120.0 + 80.0) / 7.0, 60) });
    let shares = [5.0 / 7.0, 1.0 / 7.0, 1.0 / 7.0];
    let terms = days.iter().copied().zip(shares).chain([(average, -1.0)]).collect();
    system.add_relation(Relation { terms });
    let pattern = suppress(&system, &rules(), Insiders::Nobody);
    assert_eq!(pattern.verdicts[average], Verdict::Published);
    assert_eq!(pattern.count(Verdict::Secondary), 1);
    assert!(audit(&system, &pattern).iter().all(AuditRow::is_protected));
}

#[test]
fn huge_and_tiny_numbers_are_protected_in_their_own_measure() {
    for scale in [1e-9, 1.0, 1e12] {
        let mut system = CellSystem::default();
        let total = system.add_cell(Cell { cost: 9.0, ..Cell::offered(60.0 * scale, 60) });
        let parts = [2.0, 18.0, 40.0].map(|value| system.add_cell(Cell::offered(value * scale, value as u64)));
        system.add_relation(Relation::sum(total, parts));
        let required = vec![None, Some(Protection { up: 0.6 * scale, down: 0.6 * scale }), None, None];
        let demand = Demand { required, withheld: vec![false; 4], insiders: Insiders::Nobody };
        let pattern = protect(&system, demand);
        assert_eq!((pattern.count(Verdict::Secondary), pattern.unprotected.len()), (1, 0), "at {scale}");
        assert!(audit(&system, &pattern).iter().all(AuditRow::is_protected), "at {scale}");
    }
}

#[test]
fn nothing_unsafe_nothing_withheld_and_a_table_of_nobody_is_shown() {
    for rows in [vec![vec![5, 6], vec![7, 8]], vec![vec![0, 0], vec![0, 0]]] {
        let table = counts(&rows);
        let pattern = suppress(&table.system, &rules(), Insiders::NotExactly);
        assert!(pattern.verdicts.iter().all(|verdict| *verdict == Verdict::Published));
        assert!(audit(&table.system, &pattern).is_empty());
    }
}

#[test]
fn groups_that_differ_by_one_or_two_persons_are_found() {
    let of = |persons: &[usize]| PersonSet::of(100, persons.iter().copied());
    let everybody = PersonSet::of(100, 0..100);
    let all_but_two = PersonSet::of(100, 0..98);
    let groups = [everybody, all_but_two.clone(), of(&[1, 2, 3]), of(&[1, 2, 3, 4]), all_but_two];
    let found: Vec<(usize, usize, u64)> =
        disclosing_differences(&groups, 3).into_iter().map(|pair| (pair.around, pair.inside, pair.n_between)).collect();
    // Groups of the same persons (1 and 4) give nobody away, and three persons are enough.
    assert_eq!(found, vec![(0, 1, 2), (0, 4, 2), (3, 2, 1)]);
}
