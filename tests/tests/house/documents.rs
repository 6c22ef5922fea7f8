//! What the documents say of the code is true, and everything a repository owes its readers is there.

use tests::root;

#[test]
fn the_repository_carries_what_a_public_project_owes() {
    for file in [
        "README.md",
        "LICENSE",
        "publiccode.yml",
        "CHANGELOG.md",
        "docs/ARCHITECTURE.md",
        "docs/METHODOLOGY.md",
        "docs/SECURITY.md",
        "docs/OPERATIONS.md",
        "docs/performance.md",
        "docs/accessibility.md",
        "docs/QUESTIONNAIRES.md",
        "docs/CONTRIBUTING.md",
    ] {
        let text = std::fs::read_to_string(root().join(file)).unwrap_or_default();
        assert!(text.len() > 500, "{file} is missing or says too little");
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut documents = tests::sources::below("docs", "md");
    for name in ["README.md", "CHANGELOG.md"] {
        let text = std::fs::read_to_string(root().join(name)).expect("readable");
        documents.push(tests::sources::Source { path: name.to_owned(), text });
    }
    for document in documents {
        let folder = root().join(&document.path).parent().expect("a file has a folder").to_owned();
        for link in document.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            assert!(folder.join(target).exists(), "{} links to {target}, which is not there", document.path);
        }
    }
}

#[test]
fn the_columns_of_the_estimates_are_the_documented_ones() {
    let text = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).expect("readable");
    let section = text.split("## The estimates").nth(1).expect("there is a section on the estimates");
    let documented: Vec<&str> = section
        .lines()
        .skip_while(|line| !line.starts_with("| column"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .flat_map(|line| line.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2))
        .collect();
    let row = analytics::table::EstimateRow {
        indicator: analytics::table::Indicator::TimeSpent,
        unit: analytics::table::Unit::MinutesPerDay,
        timeline: analytics::table::Timeline::Main,
        activity: String::new(),
        level: 1,
        sex: String::new(),
        age_group: String::new(),
        target_group: String::new(),
        day: String::new(),
        slot: None,
        value: None,
        standard_error: None,
        ci_low: None,
        ci_high: None,
        degrees_of_freedom: None,
        n: 0,
        flag: analytics::table::Flag::A,
        status: analytics::table::Status::Published,
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.serialize(row).expect("a row serialises");
    let bytes = writer.into_inner().expect("flushed");
    let header = String::from_utf8(bytes).expect("text").lines().next().expect("a header").to_owned();
    assert_eq!(documented, header.split(',').collect::<Vec<_>>());
}

#[test]
fn the_tests_that_the_methodology_names_are_there() {
    let text = std::fs::read_to_string(root().join("docs/METHODOLOGY.md")).expect("readable");
    let named: Vec<(&str, &str)> =
        text.split('`').skip(1).step_by(2).filter_map(|code| code.split_once("::")).collect();
    assert!(named.len() >= 15, "{named:?}");
    for (file, test) in named {
        let path = root().join(format!("analytics/tests/all/{file}.rs"));
        let code = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(code.contains(&format!("fn {test}(")), "{file} has no test {test}");
    }
}

#[test]
fn the_release_that_the_methodology_describes_is_one() {
    let text = std::fs::read_to_string(root().join("docs/METHODOLOGY.md")).expect("readable");
    let lines = text.lines().skip_while(|line| !line.starts_with("    # release.toml"));
    let plan: Vec<&str> = lines.take_while(|line| line.starts_with("    ")).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("release.toml");
    std::fs::write(&file, plan.join("\n")).expect("written");
    let plan = analytics::plan::ReleasePlan::read(&file).expect("a release");
    assert_eq!(plan.snapshot, folder.path().join("snapshot"));
    assert_eq!(plan.secrecy.audit, Some(folder.path().join("audit.csv")));
}

/// How many requirements of levels 1 and 2 each section of OWASP ASVS 5.0 has; in every section they are its first ones.
const ASVS: &[(&str, u32)] = &[
    ("1.1", 2),
    ("1.2", 9),
    ("1.3", 11),
    ("1.4", 3),
    ("1.5", 2),
    ("2.1", 3),
    ("2.2", 3),
    ("2.3", 4),
    ("2.4", 1),
    ("3.2", 2),
    ("3.3", 4),
    ("3.4", 6),
    ("3.5", 5),
    ("3.7", 2),
    ("4.1", 3),
    ("4.2", 1),
    ("4.3", 2),
    ("4.4", 4),
    ("5.1", 1),
    ("5.2", 3),
    ("5.3", 2),
    ("5.4", 3),
    ("6.1", 3),
    ("6.2", 12),
    ("6.3", 4),
    ("6.4", 4),
    ("6.5", 5),
    ("6.6", 3),
    ("6.8", 4),
    ("7.1", 3),
    ("7.2", 4),
    ("7.3", 2),
    ("7.4", 5),
    ("7.5", 2),
    ("7.6", 2),
    ("8.1", 2),
    ("8.2", 3),
    ("8.3", 1),
    ("8.4", 1),
    ("9.1", 3),
    ("9.2", 4),
    ("10.1", 2),
    ("10.2", 2),
    ("10.3", 4),
    ("10.4", 11),
    ("10.5", 5),
    ("10.6", 2),
    ("10.7", 3),
    ("11.1", 2),
    ("11.2", 3),
    ("11.3", 3),
    ("11.4", 4),
    ("11.5", 1),
    ("11.6", 1),
    ("12.1", 3),
    ("12.2", 2),
    ("12.3", 4),
    ("13.1", 1),
    ("13.2", 5),
    ("13.3", 2),
    ("13.4", 5),
    ("14.1", 2),
    ("14.2", 4),
    ("14.3", 3),
    ("15.1", 3),
    ("15.2", 3),
    ("15.3", 7),
    ("16.1", 1),
    ("16.2", 5),
    ("16.3", 4),
    ("16.4", 3),
    ("16.5", 3),
    ("17.1", 1),
    ("17.2", 4),
    ("17.3", 2),
];

#[test]
fn every_requirement_of_asvs_has_its_line_and_every_line_names_what_is_there() {
    let text = std::fs::read_to_string(root().join("docs/SECURITY.md")).expect("readable");
    let section = text.split("## OWASP ASVS 5.0").nth(1).expect("there is a section on ASVS");
    let rows: Vec<Vec<&str>> =
        section.lines().filter(|line| line.starts_with('|')).map(|line| line.split('|').collect()).collect();
    let mut named: Vec<String> = Vec::new();
    for row in &rows {
        named.extend(row[1].split([' ', ',']).filter(|word| word.split('.').count() == 3).map(str::to_owned));
    }
    named.sort();
    let all = ASVS.iter().flat_map(|(section, n)| (1..=*n).map(move |number| format!("{section}.{number}")));
    let mut all: Vec<String> = all.collect();
    all.sort();
    assert_eq!(named, all);

    let mut sources = tests::sources::below("survey-server/src", "rs");
    sources.extend(tests::sources::below("tests/tests/house", "rs"));
    for what in rows.iter().filter(|row| row.len() == 5).flat_map(|row| row[3].split('`').skip(1).step_by(2)) {
        if what.contains('/') || what.contains('.') {
            assert!(root().join(what).exists(), "{what} is not there");
        } else {
            let (module, test) = what.rsplit_once("::").expect("a module and a test");
            let module = module.rsplit("::").next().unwrap_or(module);
            let is_there = |source: &&tests::sources::Source| {
                source.path.contains(&format!("/{module}")) && source.text.contains(&format!("fn {test}("))
            };
            assert!(sources.iter().any(|source| is_there(&source)), "no test {test} of {module}");
        }
    }
}
