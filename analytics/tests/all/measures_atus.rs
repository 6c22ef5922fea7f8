//! The derived measures on the American survey of 2015, whose classification has prefix lists of its own.
//! Published figures: Bureau of Labor Statistics, ATUS news release 2015.

use crate::{city, reference};

use analytics::import::atus;
use analytics::table::{EstimateRow, Estimates, Indicator, Timeline};

#[test]
fn derived_measures_of_the_american_survey_meet_what_was_published_and_add_up() {
    let Some(data) = reference::data() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let input = data.join("atussum_2015.dat.gz");
    atus::import(&input, &folder.path().join("snapshot"), &atus::Options::default()).expect("the file imports");
    let estimates: Estimates = city::analysed(folder.path());
    let row = |indicator, timeline, code: &str, sex: &str| -> &EstimateRow {
        let is_it = |row: &&EstimateRow| {
            (row.indicator, row.timeline, row.activity.as_str(), row.sex.as_str()) == (indicator, timeline, code, sex)
                && [&row.age_group, &row.target_group] == ["all"; 2]
                && row.day == "average"
        };
        estimates.rows.iter().find(is_it).unwrap_or_else(|| panic!("no {indicator:?} of {code}"))
    };
    let derived = |indicator, code, sex| row(indicator, Timeline::Derived, code, sex).value.expect("a value");
    let hours = |code, sex| derived(Indicator::ParticipationTime, code, sex) / 60.0;
    assert!((hours("paid_work", "F") - 7.6).abs() < 0.05, "{}", hours("paid_work", "F"));
    assert!((hours("paid_work", "M") - 8.4).abs() < 0.05, "{}", hours("paid_work", "M"));
    let rate = derived(Indicator::ParticipationRate, "paid_work", "M");
    assert!((rate - 50.0).abs() < 0.5, "{rate}");

    let spent = |code, sex| derived(Indicator::TimeSpent, code, sex);
    for sex in ["all", "F", "M"] {
        let parts = spent("domestic", sex) + spent("care", sex);
        assert!((spent("unpaid_work", sex) / parts - 1.0).abs() < 1e-12);
        assert!((spent("total_work", sex) / (spent("paid_work", sex) + parts) - 1.0).abs() < 1e-12);
        // Care of the household is the published category with its travel.
        let care = row(Indicator::TimeSpent, Timeline::Main, "03", sex).value.expect("a value");
        assert!((spent("care", sex) / care - 1.0).abs() < 1e-12);
    }
    // Women do more unpaid work, men more paid work; both work about as long altogether.
    assert!(derived(Indicator::RelativeGap, "unpaid_work", "all") > 30.0);
    assert!(derived(Indicator::RelativeGap, "total_work", "all").abs() < 10.0);
    // The survey's summary file has no company, no places and no clock times.
    let is_told =
        |row: &&EstimateRow| !matches!(row.timeline, Timeline::Main | Timeline::Derived) || row.slot.is_some();
    assert_eq!(estimates.rows.iter().filter(is_told).count(), 0);
    assert!(estimates.classification.iter().all(|row| row.code != "alone" && row.code != "simultaneous"));
}
