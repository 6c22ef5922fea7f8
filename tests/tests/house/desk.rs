//! `tempi estimate` as an analyst runs it, against R survey 4.1-1 (R 4.2.2) on the school data that come with it.
//!
//! Tolerance 1e-10 relative for closed forms; 1e-8 for what R iterates, and 2e-5 for its likelihood interval, whose
//! ends R interpolates between the points of a profile.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::command::{Run, tempi};

const CLOSED_FORM: f64 = 1e-10;
const ITERATED: f64 = 1e-8;
const INTERPOLATED: f64 = 2e-5;

/// The folder of reference results: `TEMPI_REFERENCE_ORACLE`, or `../shared/oracle` beside the workspace.
pub fn reference() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/oracle");
    let folder = std::env::var_os("TEMPI_REFERENCE_ORACLE").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: reference data not found ({})", folder.display());
    None
}

/// The reference cases, by their id.
struct Cases(Vec<Value>);

impl Cases {
    fn read(folder: &Path) -> Cases {
        let text = fs::read_to_string(folder.join("results_survey.json")).expect("reference results");
        let results: Value = serde_json::from_str(&text).expect("JSON");
        Cases(results["cases"].as_array().expect("cases").clone())
    }

    fn of(&self, id: &str) -> &Value {
        self.0.iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("no case {id}"))
    }
}

/// A design's name in the reference results, its file, and its columns as `tempi estimate` takes them.
const DESIGNS: [(&str, &str, &str); 6] = [
    ("dsrs", "apisrs.csv", "--weights pw --fpc fpc"),
    ("dstrat", "apistrat.csv", "--strata stype --weights pw --fpc fpc"),
    ("dstrat0", "apistrat.csv", "--strata stype --weights pw"),
    ("dclus1", "apiclus1.csv", "--ids dnum --weights pw --fpc fpc"),
    ("dclus10", "apiclus1.csv", "--ids dnum --weights pw"),
    ("dclus2", "apiclus2.csv", "--ids dnum --ids snum --fpc fpc1 --fpc fpc2"),
];

/// `tempi estimate` of a file; words of the question are divided by spaces.
fn estimate(file: &Path, question: &str) -> Run {
    tempi(["estimate"].iter().map(PathBuf::from).chain([file.to_owned()]).chain(question.split(' ').map(PathBuf::from)))
}

fn answer(file: &Path, question: &str) -> Value {
    let run = estimate(file, &format!("{question} --json")).success();
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error} in {}", run.stdout))
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        value => vec![value.as_f64().unwrap_or_else(|| panic!("a number, not {value}"))],
    }
}

/// One measure of every row.
fn measure(answer: &Value, name: &str) -> Vec<f64> {
    answer["rows"].as_array().expect("rows").iter().flat_map(|row| numbers(&row[name])).collect()
}

#[track_caller]
pub fn assert_close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: {found:?} instead of {expected:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= tolerance * expected.abs(), "{what}: {found} instead of {expected}");
    }
}

/// Everything that a case states is what was answered.
#[track_caller]
fn assert_case(answer: &Value, case: &Value, tolerance: f64) {
    let what = case["id"].as_str().expect("an id");
    assert_close(&measure(answer, "estimate"), &numbers(&case["estimate"]), tolerance, what);
    for (stated, name) in [("se", "standard_error"), ("deff", "design_effect")] {
        let Some(expected) = case.get("se_correct").filter(|_| stated == "se").or_else(|| case.get(stated)) else {
            continue;
        };
        // What strata leave no error is rounding, of the order of the estimate's last digits.
        let is_rounding = |(error, estimate): (&f64, &f64)| *error <= 1e-13 * estimate.abs();
        let (found, expected) = (measure(answer, name), numbers(expected));
        if expected.iter().any(|expected| *expected < 1e-10) {
            assert!(found.iter().zip(&measure(answer, "estimate")).all(is_rounding), "{stated} of {what}: {found:?}");
        } else {
            assert_close(&found, &expected, tolerance, &format!("{stated} of {what}"));
        }
    }
    // The reference counts degrees of freedom before missing values are left out.
    if answer["n_missing"] != 0 {
        return;
    }
    if let Some(df) = case.get("df").and_then(Value::as_f64) {
        assert!(measure(answer, "degrees_of_freedom").iter().all(|found| *found == df), "df of {what}");
        for limit in ["ci_low", "ci_high"] {
            assert_close(&measure(answer, limit), &numbers(&case[limit]), tolerance, &format!("{limit} of {what}"));
        }
    }
    if let Some(ci) = case.get("ci") {
        let (low, high) = (measure(answer, "ci_low"), measure(answer, "ci_high"));
        let limits: Vec<f64> = low.into_iter().zip(high).flat_map(|(low, high)| [low, high]).collect();
        assert_close(&limits, &numbers(ci), tolerance, &format!("ci of {what}"));
    }
}

#[test]
fn every_statistic_is_that_of_r_in_every_design() {
    let Some(folder) = reference() else { return };
    let cases = Cases::read(&folder);
    let questions = [
        ("mean_api00", "mean api00 --deff"),
        ("mean_api00_api99", "mean api00 api99"),
        ("total_enroll", "total enroll --missing drop --deff"),
        ("mean_enroll", "mean enroll --missing drop"),
        ("prop_stype", "proportion stype"),
        ("total_stype", "total stype=E stype=H stype=M"),
        ("ratio_apistu_enroll", "ratio api.stu enroll --missing drop"),
        ("by_stype_mean_api99", "mean api99 --by stype"),
        ("by_awards_total_enroll", "total enroll --by awards --missing drop"),
        ("subset_api00_gt_700_mean_api99", "mean api99 --where api00>700"),
        ("quantile_api00", "quantile api00 --probabilities 0.25,0.5,0.75"),
        ("var_api00", "variance api00"),
    ];
    for (design, file, columns) in DESIGNS {
        for (case, question) in questions {
            let answer = answer(&folder.join(file), &format!("{question} {columns}"));
            assert_case(&answer, cases.of(&format!("{design}/{case}")), CLOSED_FORM);
        }
    }
    let answer = answer(&folder.join("apiclus1.csv"), &format!("mean api00 --by sch.wide,stype {}", DESIGNS[3].2));
    assert_case(&answer, cases.of("dclus1/by_stype_schwide_mean_api00"), CLOSED_FORM);
}

#[test]
fn shares_have_each_of_r_s_intervals() {
    let Some(folder) = reference() else { return };
    let cases = Cases::read(&folder);
    for (design, file, columns) in DESIGNS {
        for interval in ["mean", "logit", "xlogit", "asin", "beta", "likelihood"] {
            let tolerance = match interval {
                "likelihood" => INTERPOLATED,
                "logit" => ITERATED,
                _ => CLOSED_FORM,
            };
            let question = format!("proportion awards=Yes --interval {interval} {columns}");
            let answer = answer(&folder.join(file), &question);
            assert_case(&answer, cases.of(&format!("{design}/ciprop_{interval}")), tolerance);
        }
    }
    let said = "the variable has values other than 0 and 1";
    let run = estimate(&folder.join("apisrs.csv"), "mean api00 --interval logit --weights pw");
    refused(run, 1, &[said, "`mean`"]);
}

#[test]
fn tests_of_association_have_each_of_r_s_statistics() {
    let Some(folder) = reference() else { return };
    let cases = Cases::read(&folder);
    for (design, file, columns) in DESIGNS {
        for statistic in ["F", "Chisq", "Wald", "adjWald"] {
            let answer = answer(&folder.join(file), &format!("test sch.wide stype --test {statistic} {columns}"));
            let (found, case) = (&answer["test"], cases.of(&format!("{design}/chisq_{statistic}")));
            for (name, stated) in [("statistic", "estimate"), ("degrees_of_freedom", "parameter"), ("p_value", "p")] {
                let what = format!("{name} of {}", case["id"]);
                assert_close(&numbers(&found[name]), &numbers(&case[stated]), ITERATED, &what);
            }
        }
    }
}

#[test]
fn a_stratum_with_one_cluster_is_named_or_treated_as_r_treats_it() {
    let Some(folder) = reference() else { return };
    let cases = Cases::read(&folder);
    let made = tempfile::tempdir().expect("a folder");
    let file = joined(&folder, "apistrat.csv", "lonely_strata_apistrat.csv", made.path());
    let columns = "--strata st2 --weights pw";
    for rule in ["remove", "adjust", "average", "certainty"] {
        for (name, question) in [("mean_api00", "mean api00"), ("total_enroll", "total enroll")] {
            let answer = answer(&file, &format!("{question} {columns} --lonely-psu {rule}"));
            assert_case(&answer, cases.of(&format!("lonely_{rule}/{name}")), CLOSED_FORM);
        }
    }
    refused(estimate(&file, &format!("mean api00 {columns}")), 1, &["stratum `X`", "one cluster"]);
}

#[test]
fn replicate_weights_among_the_columns_give_the_variance() {
    let Some(folder) = reference() else { return };
    let cases = Cases::read(&folder);
    let made = tempfile::tempdir().expect("a folder");
    let file = joined(&folder, "apiclus1.csv", "repweights_jk1_dclus10.csv", made.path());
    let columns = "--weights pw --repweights rw* --replicate-type JK1";
    for (name, question) in [
        ("mean_api00", "mean api00"),
        ("total_enroll", "total enroll"),
        ("ratio", "ratio api.stu enroll"),
        ("by_stype_mean_api99", "mean api99 --by stype"),
        ("quantile_api00", "quantile api00"),
    ] {
        let answer = answer(&file, &format!("{question} {columns}"));
        assert_case(&answer, cases.of(&format!("jk1_dclus10/{name}")), CLOSED_FORM);
        assert!(measure(&answer, "degrees_of_freedom").iter().all(|df| *df > 0.0), "{answer}");
    }
    for (question, said) in [
        ("mean api00 --weights pw --repweights rx* --replicate-type JK1", "begins with `rx`"),
        ("mean api00 --weights pw --repweights rw1,rw2 --replicate-type JKn", "--rscales"),
        ("mean api00 --weights pw --repweights rw1,rw2 --replicate-type other", "--scale"),
        ("mean api00 --weights pw --repweights rw* --replicate-type JK1 --deff", "replicate weights"),
        ("test stype awards --weights pw --repweights rw* --replicate-type JK1", "replicate weights"),
    ] {
        refused(estimate(&file, question), 1, &[said]);
    }
    refused(estimate(&file, "mean api00 --weights pw --repweights rw*"), 2, &["--replicate-type"]);
    refused(estimate(&file, "mean api00 --weights pw --replicate-type JK1"), 2, &["--repweights"]);
}

/// `file` with the columns of `other` that it lacks, row by row.
fn joined(folder: &Path, file: &str, other: &str, made: &Path) -> PathBuf {
    let read = |name: &str| csv::Reader::from_path(folder.join(name)).expect("a CSV file");
    let (mut left, mut right) = (read(file), read(other));
    let header = left.headers().expect("a header").clone();
    let added = right.headers().expect("a header").clone();
    let is_new: Vec<bool> = added.iter().map(|name| !header.iter().any(|known| known == name)).collect();
    let path = made.join(file);
    let mut writer = csv::Writer::from_path(&path).expect("writable");
    let mut write = |left: &csv::StringRecord, right: &csv::StringRecord| {
        let new = right.iter().zip(&is_new).filter(|(_, is_new)| **is_new).map(|(field, _)| field);
        writer.write_record(left.iter().chain(new)).expect("writable");
    };
    write(&header, &added);
    for (left, right) in left.records().zip(right.records()) {
        write(&left.expect("a row"), &right.expect("a row"));
    }
    writer.flush().expect("writable");
    path
}

/// ```r
/// d <- svydesign(id=~dnum, weights=~pw, data=apiclus1, fpc=~fpc)
/// b <- svyby(~api99, ~stype, svymean, design=d, covmat=TRUE)
/// svycontrast(b, quote(E-H)); svycontrast(b, quote((E-H)/H))
/// r <- as.svrepdesign(svydesign(id=~dnum, weights=~pw, data=apiclus1), type="JK1")
/// svycontrast(svyby(~api99, ~stype, svymean, design=r, covmat=TRUE, return.replicates=TRUE), quote((E-H)/H))
/// s <- svydesign(id=~1, strata=~stype, weights=~pw, data=apistrat, fpc=~fpc)
/// svycontrast(svyby(~api.stu, ~sch.wide, svytotal, design=s, covmat=TRUE), quote(log(Yes/No)))
/// ```
#[test]
fn differences_and_asymmetries_between_domains_are_those_of_svycontrast() {
    let Some(folder) = reference() else { return };
    let made = tempfile::tempdir().expect("a folder");
    let clusters = folder.join("apiclus1.csv");
    let replicates = joined(&folder, "apiclus1.csv", "repweights_jk1_dclus10.csv", made.path());
    let linearised = "mean api99 --by stype --ids dnum --weights pw --fpc fpc";
    let replicated = "mean api99 --by stype --weights pw --repweights rw* --replicate-type JK1";
    let totals = "total api.stu --by sch.wide --strata stype --weights pw --fpc fpc";
    for (file, question, function, expected) in [
        (&clusters, linearised, "E-H", [12.077380952381, 33.4476922227174]),
        (&clusters, linearised, "(E-H)/H", [0.0202737809752198, 0.0573441146500849]),
        (&replicates, replicated, "(E-H)/H", [0.0202737809752198, 0.0761050700663072]),
        (&folder.join("apistrat.csv"), totals, "log(Yes/No)", [1.02650030272769, 0.17048443197197]),
    ] {
        let answer = answer(file, &format!("{question} --function {function}"));
        let row = answer["rows"].as_array().and_then(|rows| rows.last()).expect("a row");
        assert_eq!(row["term"], function);
        let found = [&row["estimate"], &row["standard_error"]].map(|value| value.as_f64().expect("a number"));
        assert_close(&found, &expected, CLOSED_FORM, function);
    }
    let asked = |function: &str| estimate(&clusters, &format!("{linearised} --function {function}"));
    refused(asked("E-X"), 1, &["`X`", "`E`, `H`, `M`"]);
    refused(asked("E-"), 1, &["`E-` is not a formula"]);
    refused(asked("E/(H-H)"), 1, &["divides by zero"]);
}

/// A run that ended with `code`, said these words, and printed nothing that could be taken for a result.
#[track_caller]
pub fn refused(run: Run, code: i32, words: &[&str]) {
    let run = run.refused(code, words);
    assert_eq!(run.stdout, "", "nothing is printed");
}

const PERSONS: &str = "minutes,rooms,sex,weight,negative,gap,stratum,cluster
30,2,F,10,1,10,north,a\n60,3,M,20,-1,,north,b\n,4,F,30,1,30,south,c\n90,1,M,40,1,40,south,c\n";

#[test]
fn mistakes_say_what_to_do_and_print_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("persons.csv");
    fs::write(&file, PERSONS).expect("writable");
    for (question, code, words) in [
        ("mean minuts", 1, &["no column `minuts`", "did you mean `minutes`?"][..]),
        ("mean rooms --weights wait", 1, &["no column `wait`", "its columns are"]),
        ("mean rooms --weights negative", 1, &["row 2", "-1", "`negative`", "zero or more"]),
        ("mean rooms --weights gap", 1, &["row 2", "`gap`", "is empty", "Fill it in"]),
        ("mean sex", 1, &["`F`", "`sex`", "is not a number"]),
        ("mean minutes --weights weight", 1, &["minutes: 1 of 4 rows", "row 3", "--missing drop"]),
        ("mean rooms --strata stratum --ids cluster", 1, &["`south`", "one cluster"]),
        ("mean rooms --strata stratum --strata sex", 1, &["2 columns of strata", "--ids"]),
        ("ratio minutes", 1, &["two variables", "numerator and denominator"]),
        ("test sex", 1, &["a test takes two variables"]),
        ("test sex stratum --by cluster", 1, &["--where"]),
        ("test sex stratum --function F-M", 1, &["functions are of estimates"]),
        ("test sex stratum --deff", 1, &["design effects"]),
        ("quantile rooms --deff", 1, &["design effects"]),
        ("quantile rooms --interval logit", 1, &["`mean`", "shares"]),
        ("quantile rooms --by sex --function F-M", 1, &["not smooth"]),
        ("quantile rooms --probabilities 50", 1, &["between 0 and 1"]),
        ("mean rooms --level 95", 1, &["between 0 and 1"]),
        ("mean rooms --where rooms", 1, &["`rooms` is not a condition", "COLUMN=VALUE"]),
        ("mean rooms --where rooms>9", 1, &["nobody", "domain"]),
        ("total rooms --where stratum=nord", 1, &["no row of", "`nord`", "did you mean `north`?", "north, south"]),
        ("total rooms --where stratum!=nord", 1, &["`nord`", "`north`"]),
        ("proportion sex=f", 1, &["`f` in the column `sex`", "did you mean `F`?"]),
        ("mean", 2, &["<VARIABLE>"]),
        ("median rooms", 2, &["median", "quantile"]),
        ("mean rooms --interval wald", 2, &["wald", "logit"]),
        ("mean rooms --csv --json", 2, &["--csv", "--json"]),
    ] {
        println!("{question}");
        refused(estimate(&file, question), code, words);
    }
    refused(estimate(Path::new("/nowhere/data.csv"), "mean rooms"), 1, &["/nowhere/data.csv", "CSV"]);
}

#[test]
fn missing_values_are_left_out_only_when_asked_and_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("persons.csv");
    fs::write(&file, PERSONS).expect("writable");
    let share = answer(&file, "proportion rooms=3.0 --weights weight");
    assert_close(&measure(&share, "estimate"), &[0.2], CLOSED_FORM, "a number is the same however it is written");
    let answer = answer(&file, "mean minutes --weights weight --missing drop");
    assert_close(&measure(&answer, "estimate"), &[(300.0 + 1200.0 + 3600.0) / 70.0], CLOSED_FORM, "mean");
    assert_eq!(
        (&answer["n_missing"], &answer["n_sampled"], &answer["rows"][0]["n"]),
        (&1.into(), &4.into(), &3.into())
    );
    let table = estimate(&file, "mean minutes --weights weight --missing drop").success();
    assert!(table.stdout.contains("because a value is missing: 1."), "{}", table.stdout);

    refused(estimate(&file, "test gap sex --weights weight"), 1, &["1 of 4 rows", "row 2", "--missing drop"]);
    let answer = self::answer(&file, "test gap sex --weights weight --missing drop");
    assert_eq!(answer["n_missing"], 1);
}

#[test]
fn tables_and_csv_say_the_same_as_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("persons.csv");
    fs::write(&file, PERSONS).expect("writable");
    let question = "mean rooms --by sex --weights weight";
    let answer = answer(&file, question);
    let text = estimate(&file, &format!("{question} --csv")).success().stdout;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    assert_eq!(header, ["sex", "term", "estimate", "se", "low", "high", "df", "cv", "deff", "n"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    for (place, name) in [(2, "estimate"), (3, "standard_error"), (4, "ci_low"), (5, "ci_high"), (7, "cv"), (9, "n")] {
        let column: Vec<f64> = rows.iter().map(|row| row[place].parse().expect("a number")).collect();
        assert_close(&column, &measure(&answer, name), CLOSED_FORM, name);
    }
    let table = estimate(&file, question).success().stdout;
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("sex") && lines.iter().any(|line| line.starts_with('F')), "{table}");
    let test = estimate(&file, "test sex stratum --weights weight --csv").success().stdout;
    assert!(test.starts_with("method,statistic,df,denominator_df,p_value\nF,"));
}
