//! The register of residents as an office and a citizen meet it: imported, drawn from, counted; let in or told why not; and the
//! whole way from a register to estimates that know the sample's design.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use analytics::plan::{DesignPlan, ReleasePlan};
use analytics::synthetic::{self, CityOptions, SyntheticPerson};
use analytics::table::{Estimates, Indicator, Timeline};
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use questionnaires::FiscalCode;
use questionnaires::fiscal_code::{Holder, RegisteredSex};
use survey_server::access::simulated::SimulatedAuthority;
use survey_server::demonstration::{self, Person};
use survey_server::residents::admission::{ParticipationPolicy, Who};
use survey_server::residents::sample::{Allocation, SamplePlan, Stratifier, Unit, draw};
use survey_server::residents::{ImportOptions, import};
use survey_server::serve::open_database;
use survey_server::snapshot::{self, ExportOptions};
use tests::command::tempi;
use tests::people::{MAN, WOMAN, register};
use tests::site::{Site, installation};

const REGISTER: &str = "codice_fiscale;sesso;data_nascita;zona;id_famiglia\nRSSMRA80A41C707O;F;1980-01-01;nord;1\n";

fn residents_only() -> ParticipationPolicy {
    let contact = Some("Ufficio Tempi, tel. 02 1234567".to_owned());
    ParticipationPolicy { who: Who::Residents, contact, ..ParticipationPolicy::default() }
}

#[test]
fn a_survey_of_residents_lets_in_residents_and_tells_others_why_not() {
    let site = Site::start_with(|config| config.participation = residents_only(), false);
    let mut early = site.browser_with(&site.card_of(WOMAN));
    early.present_card(&site).expect(403, &["Non possiamo ancora farti entrare", "Ufficio Tempi, tel. 02 1234567"]);

    register(&site, REGISTER);
    site.signed_in(WOMAN);
    let mut stranger = site.browser_with(&site.card_of(MAN));
    let refused = stranger.present_card(&site).expect(
        403,
        &[
            "Questa indagine è per chi risiede nel comune",
            "Non abbiamo conservato nulla",
            "Ufficio Tempi, tel. 02 1234567",
        ],
    );
    assert!(refused.input("biglietto").is_none(), "no ticket for somebody who is not let in");
    // A homocode of a resident is another person.
    let homocode = FiscalCode::with_check_character("RSSMRA80A41C70T").expect("a code");
    site.browser_with(&site.card_of(homocode.reveal())).present_card(&site).expect(403, &["per chi risiede"]);

    // Who moved away keeps the rights over what they gave.
    register(
        &site,
        &format!(
            "{}CCCFBA85D03L219P;M;1985-04-03;sud;2\n",
            REGISTER.lines().next().expect("a header").to_owned() + "\n"
        ),
    );
    site.signed_in(WOMAN);
    site.signed_in(MAN);
}

#[test]
fn registers_are_replaced_and_drawn_from_on_every_database() {
    for site in Site::on_every_database() {
        register(&site, &town(200));
        register(&site, &town(120));
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let sample = runtime.block_on(async {
            let (database, keys) = open_database(&site.config).await.expect("the site's database");
            let plan = SamplePlan {
                unit: Unit::Persons,
                size: 30,
                strata: vec![Stratifier::Zone, Stratifier::Sex],
                allocation: Allocation::Proportional,
                minimum_age: 10,
                seed: "estrazione".to_owned(),
                replace: false,
            };
            let sample = draw(&database, &keys, &plan, Vec::new(), Utc::now()).await.expect("a sample");
            assert_eq!(survey_server::residents::n_residents(&database).await.expect("counted"), Some(120));
            database.close().await.expect("closed");
            sample
        });
        assert_eq!(sample.people.len(), 30);
    }
}

#[test]
fn a_child_is_told_who_has_to_agree() {
    let site = Site::start();
    let today = Utc::now().date_naive();
    let born = |years: i32| {
        let birth_date = NaiveDate::from_ymd_opt(today.year() - years, 1, 1).expect("New Year");
        let birthplace = "L219".parse().expect("a place");
        let holder =
            Holder { surname: "Rossi", first_name: "Anna", sex: RegisteredSex::Female, birth_date, birthplace };
        FiscalCode::of(&holder).expect("Latin letters").reveal().to_owned()
    };
    let present = |code: &str| site.browser_with(&site.card_of(code)).present_card(&site);
    present(&born(8)).expect(403, &["bisogna essere più grandi", "meno di 10 anni", "relazioni con il pubblico"]);
    present(&born(12)).expect(403, &["Serve il consenso di un genitore", "meno di 14 anni", "su carta"]);
    present(&born(14)).expect(200, &["La carta è stata riconosciuta"]);
    // Somebody of 103 is taken for a child of 3, until the register says otherwise.
    let old = born(103);
    present(&old).expect(403, &["Se hai più di cento anni"]);
    let header = REGISTER.lines().next().expect("a header");
    register(&site, &format!("{header}\n{old};F;{}-01-01;nord;3\n", today.year() - 103));
    present(&old).expect(200, &["La carta è stata riconosciuta"]);
}

/// A folder with a configuration that the program can read.
struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    fn new() -> Office {
        let authority = SimulatedAuthority::new("Authority under test", Utc::now()).expect("an authority");
        let (folder, config) = installation(&authority);
        let tls = config.public.tls.as_ref().expect("a certificate");
        let trust_anchors = config.authorities.trust_anchors.as_ref().expect("a folder of trust anchors");
        let text = format!(
            "[site]\nmunicipality = \"Comune di Prova\"\n\
             [public]\naddress = \"127.0.0.1:0\"\nurl = \"https://localhost:1\"\ncertificate = {:?}\nkey = {:?}\n\
             [card]\naddress = \"127.0.0.1:0\"\nurl = \"https://localhost:2\"\ntrust_anchors = {:?}\n\
             [database]\nurl = {:?}\n[keys]\nfile = {:?}\n",
            tls.certificate, tls.key, trust_anchors, config.database_url, config.key_file
        );
        fs::write(folder.path().join("tempi.toml"), text).expect("writable");
        Office { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `tempi residents` with words divided by blanks; file names are the folder's.
    fn residents(&self, words: &str) -> tests::command::Run {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.path(name).display().to_string(),
            None => word.to_owned(),
        };
        let config = ["--config".to_owned(), self.path("tempi.toml").display().to_string()];
        tempi(["residents".to_owned()].into_iter().chain(words.split(' ').map(word)).chain(config))
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn the_office_imports_draws_and_counts_by_commands() {
    let office = Office::new();
    fs::write(office.path("anagrafe.csv"), town(300)).expect("writable");
    office.residents("sample --size 10 --seed 1 --output @inviti.csv").refused(1, &["no register of residents"]);
    assert!(!office.path("inviti.csv").exists(), "no list without a sample");

    let imported = office.residents("import @anagrafe.csv --report @scarti.csv").success();
    assert!(imported.stdout.contains("300 residents in the register: 300 joined"), "{}", imported.stdout);
    assert_eq!(mode(&office.path("scarti.csv")), 0o600);
    let spoiled = town(300).replacen(";F;", ";?;", 2);
    fs::write(office.path("guasta.csv"), spoiled).expect("writable");
    office
        .residents("import @guasta.csv --report @scarti.csv")
        .refused(1, &["2 of 300 lines cannot be read", "--accept-partial", "scarti.csv"]);
    let report = fs::read_to_string(office.path("scarti.csv")).expect("the report");
    assert_eq!(report.lines().count(), 3, "{report}");

    let drawn = office
        .residents(
            "sample --size 40 --households --strata zona --seed 7 --populations @strata.csv --output @inviti.csv",
        )
        .success();
    assert!(drawn.stdout.contains("40 households drawn in 3 strata"), "{}", drawn.stdout);
    assert_eq!(mode(&office.path("inviti.csv")), 0o600);
    let list = fs::read_to_string(office.path("inviti.csv")).expect("the list");
    assert!(list.starts_with("codice_fiscale,id_famiglia,zona,strato,probabilita,peso\n"), "{list}");
    let strata = fs::read_to_string(office.path("strata.csv")).expect("the strata");
    assert!(strata.starts_with("stratum,clusters\n"), "{strata}");
    office
        .residents("sample --size 40 --seed 7 --output @inviti.csv")
        .refused(1, &["a list of invitations must be a new file"]);
    office.residents("sample --size 40 --seed 7 --output @altri.csv").refused(1, &["--replace"]);
    office.residents("sample --size 9 --strata nome --seed 7 --output @altri.csv").refused(1, &["zona, sesso, eta"]);
    assert!(!office.path("altri.csv").exists());

    office.residents("margins --output @margins.csv").success();
    let margins = fs::read_to_string(office.path("margins.csv")).expect("the margins");
    assert!(margins.starts_with("sex,age_group,population\n"), "{margins}");
    office.residents("margins --margin zona --margin sesso*eta --output @totali.csv").success();
    let totals = fs::read_to_string(office.path("totali.csv")).expect("the totals");
    assert!(totals.starts_with("margin,category,total\nzone,") && totals.contains("sex*age_group,"), "{totals}");
    let forgotten = office.residents("forget").success();
    assert!(forgotten.stdout.contains("300 people, was removed"), "{}", forgotten.stdout);
}

/// A register of a synthetic city.
fn town(n_persons: usize) -> String {
    let people = people(n_persons);
    let lines = people.iter().take(n_persons).map(|(line, ..)| line.clone());
    ["codice_fiscale;sesso;data_nascita;zona;id_famiglia".to_owned()]
        .into_iter()
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

fn as_of() -> DateTime<Utc> {
    "2026-11-22T18:00:00Z".parse().expect("an instant")
}

/// The people of a synthetic city: line of the register, code, who.
fn people(n_persons: usize) -> Vec<(String, FiscalCode, SyntheticPerson)> {
    let first_date = NaiveDate::from_ymd_opt(2026, 10, 12).expect("a date");
    let city = synthetic::city(&CityOptions { n_persons, seed: 3, first_date });
    let in_line = |(number, person): (usize, SyntheticPerson)| {
        // Consonants only, so that the letters of the code are those of the name.
        let letter = |place| char::from(b"BCDFGHJKLMNPQRSTVWXYZ"[number / 21_usize.pow(place) % 21]);
        let letters: Vec<char> = (0..6).map(letter).collect();
        let (surname, first_name): (String, String) = (letters[..3].iter().collect(), letters[3..].iter().collect());
        let sex = match person.answers.choice("sex") {
            Some("M") => RegisteredSex::Male,
            _ => RegisteredSex::Female,
        };
        // The birthday is in spring, so that nobody's age changes while the diaries are kept.
        let age = person.answers.number("age").expect("an age");
        let birth_date = NaiveDate::from_ymd_opt(2026 - age as i32, 3, 1 + (number % 28) as u32).expect("a date");
        let holder = Holder {
            surname: &surname,
            first_name: &first_name,
            sex,
            birth_date,
            birthplace: "L219".parse().expect("a place"),
        };
        let code = FiscalCode::of(&holder).expect("Latin letters");
        let zone = ["centro", "nord", "sud"][person.household % 3];
        let line = format!("{};{};{birth_date};{zone};f{}", code.reveal(), sex.code(), person.household);
        (line, code, person)
    };
    city.persons.into_iter().enumerate().map(in_line).collect()
}

/// Households are drawn from a register in strata; their members take part; the snapshot carries weight, stratum, cluster and
/// household; the estimates have the degrees of freedom of that design, and its weighted means.
#[test]
fn from_a_register_to_estimates_with_the_design_of_its_sample() {
    let authority = SimulatedAuthority::new("Authority under test", Utc::now()).expect("an authority");
    let (folder, config) = installation(&authority);
    let path = |name: &str| folder.path().join(name);
    let people = people(700);
    let header = "codice_fiscale;sesso;data_nascita;zona;id_famiglia".to_owned();
    let lines: Vec<String> = [header].into_iter().chain(people.iter().map(|(line, ..)| line.clone())).collect();

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (sample, summary) = runtime.block_on(async {
        let (database, keys) = open_database(&config).await.expect("a database");
        let options = ImportOptions { now: as_of(), accept_partial: false, accept_shrinking: false };
        let file = std::io::Cursor::new(lines.join("\n").into_bytes());
        import(&database, &keys, file, Vec::new(), options).await.expect("a good extract");
        let plan = SamplePlan {
            unit: Unit::Households,
            size: 90,
            strata: vec![Stratifier::Zone],
            allocation: Allocation::Equal,
            minimum_age: 10,
            seed: "estrazione pubblica".to_owned(),
            replace: false,
        };
        // Drawn a month before the days, and some of the drawn do not answer; one person comes without being drawn.
        let sample = draw(&database, &keys, &plan, Vec::new(), as_of() - Duration::days(60)).await.expect("a sample");
        let drawn: BTreeSet<&str> = sample.people.iter().map(|person| person.resident.code.reveal()).collect();
        let is_drawn = |code: &FiscalCode| drawn.contains(code.reveal());
        let others = people.iter().filter(|(_, code, _)| !is_drawn(code)).take(1);
        let taking_part: Vec<_> = people.iter().filter(|(_, code, _)| is_drawn(code)).chain(others).collect();
        let persons: Vec<Person> = taking_part
            .iter()
            .map(|(_, _, person)| Person { answers: person.answers.clone(), diaries: person.diaries.to_vec() })
            .collect();
        demonstration::load(&database, &persons, as_of()).await.expect("stored");
        let codes: Vec<FiscalCode> = taking_part.iter().map(|(_, code, _)| code.clone()).collect();
        demonstration::identify(&database, &keys, &codes, as_of()).await.expect("identified");
        let label = |text: &str| questionnaires::Label::new(text, text);
        let options = ExportOptions {
            as_of: as_of(),
            purpose: snapshot::USUAL_PURPOSE.to_owned(),
            synthetic: true,
            title: label("Prova"),
            population: label("Residenti"),
            who: Who::Residents,
            sampled_only: false,
            with_texts: false,
        };
        let sampled_only = ExportOptions { sampled_only: true, ..options.clone() };
        snapshot::export(&database, &keys, &path("sampled"), &sampled_only).await.expect("exported");
        let summary = snapshot::export(&database, &keys, &path("snapshot"), &options).await.expect("exported");
        database.close().await.expect("closed");
        (sample, summary)
    });
    assert_eq!(summary.n_persons, sample.people.len() + 1);
    assert_eq!(summary.n_outside_sample, 1);
    assert_eq!((summary.disagreements.n_sex, summary.disagreements.n_age), (0, 0), "the city and its register agree");
    assert!(summary.disagreements.n_zone > 0, "but not on zones");

    let persons = rows(&path("snapshot/persons.csv"));
    let of_sample: Vec<&BTreeMap<String, String>> = persons.iter().filter(|row| !row["weight"].is_empty()).collect();
    let clusters: BTreeSet<&str> = of_sample.iter().map(|row| row["cluster"].as_str()).collect();
    let households: BTreeSet<&str> = of_sample.iter().map(|row| row["household_id"].as_str()).collect();
    assert_eq!((clusters.len(), households.len()), (90, 90));
    for row in &persons {
        assert_eq!(row["household_id"].len(), 32, "the register's own number of a household stays here");
    }
    for stratum in &sample.strata {
        let expected = stratum.n_frame as f64 / stratum.n_drawn as f64;
        let rows: Vec<_> = of_sample.iter().filter(|row| row["stratum"] == stratum.name).collect();
        assert_eq!(rows.len() as u64, stratum.n_persons);
        for row in rows {
            let weight: f64 = row["weight"].parse().expect("a number");
            assert!((weight - expected).abs() < 1e-12 * expected);
            assert_eq!(row["zone"], stratum.name, "the zone is the register's");
        }
    }

    assert_eq!(rows(&path("sampled/persons.csv")).len(), sample.people.len());
    let populations: String =
        sample.strata.iter().map(|stratum| format!("{},{}\n", stratum.name, stratum.n_frame)).collect();
    fs::write(path("strata.csv"), format!("stratum,clusters\n{populations}")).expect("writable");
    let plan = ReleasePlan {
        design: DesignPlan { populations: Some(path("strata.csv")), ..DesignPlan::default() },
        ..ReleasePlan::new(path("sampled"), path("estimates"))
    };
    analytics::pipeline::analyse(&plan, &mut |_| {}).expect("estimates");
    let estimates = Estimates::read(&path("estimates")).expect("the estimates are readable");
    let sleep = estimates
        .rows
        .iter()
        .find(|row| {
            (row.indicator, row.timeline, row.level) == (Indicator::TimeSpent, Timeline::Main, 1)
                && (row.sex.as_str(), row.age_group.as_str(), row.day.as_str()) == ("all", "all", "weekday")
                && row.activity == "0"
                && row.target_group == "all"
        })
        .expect("time spent on personal care");
    // 90 households in 3 strata.
    assert_eq!(sleep.degrees_of_freedom, Some(87.0), "{sleep:?}");
    assert!((sleep.value.expect("published") - weighted_mean(&path("sampled"))).abs() < 1e-9);
}

/// Minutes of personal care on weekdays, by hand.
fn weighted_mean(snapshot: &Path) -> f64 {
    let weights: BTreeMap<String, f64> = rows(&snapshot.join("persons.csv"))
        .into_iter()
        .map(|row| (row["person_id"].clone(), row["weight"].parse().unwrap_or(1.0)))
        .collect();
    let mut minutes: BTreeMap<String, f64> = BTreeMap::new();
    for row in rows(&snapshot.join("episodes.csv")) {
        let counts = if row["main"].starts_with('0') { row["minutes"].parse().expect("minutes") } else { 0.0 };
        *minutes.entry(row["diary_id"].clone()).or_default() += counts;
    }
    let (mut sum, mut total) = (0.0, 0.0);
    for row in rows(&snapshot.join("diaries.csv")) {
        if row["day_kind"] == "weekday" && row["grade"] != "rejected" {
            sum += weights[&row["person_id"]] * minutes[&row["diary_id"]];
            total += weights[&row["person_id"]];
        }
    }
    sum / total
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}
