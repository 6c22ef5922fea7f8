//! The diary on paper: printed with a number, read back by another program, keyed in by an operator, and in the snapshot as paper.

use std::process::Command;

use chrono::{Duration, NaiveDate};
use survey_server::{
    access::officer::OfficerRole,
    clock::{Clock, italian_time},
};
use tests::{
    browser::{Answer, Browser},
    people::{MAN, WOMAN, register},
    site::Site,
};

use crate::roles::{day, person};

/// An extract that knows the woman only.
const REGISTER: &str = "codice_fiscale;sesso;data_nascita;zona;id_famiglia\nRSSMRA80A41C707O;F;1980-01-01;nord;1\n";

/// What poppler reads in a PDF; nothing where it is not installed.
fn text_of(site: &Site, pdf: &[u8]) -> Option<String> {
    let file = site.folder().join("read.pdf");
    std::fs::write(&file, pdf).expect("a file");
    let read = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(&file).arg("-").output().ok()?;
    assert!(read.status.success() && read.stderr.is_empty(), "{}", String::from_utf8_lossy(&read.stderr));
    Some(String::from_utf8(read.stdout).expect("UTF-8"))
}

fn number_in(text: &str) -> String {
    let rest = text.split("Modulo ").nth(1).expect("a number");
    rest.split_whitespace().next().expect("a number").to_owned()
}

struct Operator<'a> {
    site: &'a Site,
    browser: Browser,
}

impl Operator<'_> {
    fn get(&mut self, path: &str) -> Answer {
        self.browser.get(&format!("{}{path}", self.site.url))
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.browser.token(self.site);
        let fields: Vec<(&str, &str)> =
            [("gettone", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.browser.post(&format!("{}{path}", self.site.url), &fields)
    }
}

fn operator(site: &Site) -> Operator<'_> {
    site.grant(&person(0), OfficerRole::Operator, day(site, 30));
    Operator { site, browser: site.signed_in(&person(0)) }
}

/// A day three weeks ago: paper comes late.
fn long_ago(site: &Site) -> NaiveDate {
    italian_time(site.clock.now()).date() - Duration::days(21)
}

const ROWS: [(&str, &str); 24] = [
    ("fine-0", "7"),
    ("attivita-0", "dormire"),
    ("luogo-0", "11"),
    ("fine-1", "730"),
    ("attivita-1", "021"),
    ("luogo-1", "11"),
    ("con-1", "24"),
    ("gradimento-1", "6"),
    ("fine-2", "8"),
    ("attivita-2", "910"),
    ("luogo-2", "24"),
    ("fine-3", "1300"),
    ("attivita-3", "111"),
    ("luogo-3", "13"),
    ("dispositivo-3", "x"),
    ("fine-4", "13:30"),
    ("attivita-4", "910"),
    ("luogo-4", "24"),
    ("fine-5", "2200"),
    ("attivita-5", "guardare tv"),
    ("luogo-5", "11"),
    ("fine-6", "4"),
    ("attivita-6", "011"),
    ("luogo-6", "11"),
];

#[test]
fn a_diary_goes_from_the_printer_to_the_database_and_names_nobody() {
    let site = Site::start();
    let mut operator = operator(&site);
    operator.get("/ufficio").expect(200, &["/ufficio/carta"]);
    let code = [("codice-fiscale", WOMAN)];
    operator.post("/ufficio/carta/modulo", &code).expect(422, &["Il registro dei residenti non è stato caricato"]);
    register(&site, REGISTER);
    operator.post("/ufficio/carta/modulo", &[("codice-fiscale", MAN)]).expect(422, &["non è nel registro"]);
    let sent = operator.post("/ufficio/carta/modulo", &code).expect(200, &["%PDF-"]);
    assert_eq!(sent.header("content-type"), Some("application/pdf"));
    let output = site.folder().join("diario.pdf");
    assert_eq!(site.tempi(&["paper", WOMAN, "--output", &output.display().to_string()]).code, 0);
    let made = std::fs::read(&output).expect("a form");
    let Some(text) = text_of(&site, &made) else { return println!("skipped: poppler is not installed") };
    for told in ["Il diario di una giornata", "Comune di Prova", "13 Luogo di lavoro o scuola", "Ho letto e acconsento"]
    {
        let squeezed = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed.contains(told), "{told}: {squeezed}");
    }
    for minute in 0..144 {
        let clock = format!("{:02}:{:02}", (4 + minute / 6) % 24, minute % 6 * 10);
        assert!(text.lines().any(|line| line.trim() == clock), "no row for {clock}");
    }
    assert!(!text.contains(WOMAN) && !made.windows(WOMAN.len()).any(|bytes| bytes == WOMAN.as_bytes()));
    let number = number_in(&text);
    assert_eq!(text.matches(&number).count(), 5, "the number is on every page");

    let date = long_ago(&site);
    let (date_text, path) = (date.to_string(), format!("/diario/{date}/trascrizione"));
    operator.get(&path).expect(404, &[]);
    let begin = |number: &str, agreed: &str| {
        [("numero", number.to_owned()), ("giorno", date_text.clone()), ("consenso", agreed.to_owned())]
    };
    let mut try_to_begin = |number: &str, agreed: &str| {
        let fields = begin(number, agreed);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        operator.post("/ufficio/carta", &fields)
    };
    try_to_begin(&number, "").expect(422, &["Senza il consenso scritto sul foglio"]);
    try_to_begin("ABCD-EFGH", "si").expect(422, &["Non c&#39;è un modulo con questo numero"]);
    let begun = try_to_begin(&number.to_lowercase(), "si").expect(303, &[]);
    assert_eq!(begun.header("location"), Some(path.as_str()));
    assert_eq!(site.sql().text("SELECT means AS c0 FROM consent"), "paper");

    operator.get(&path).expect(200, &["Stai copiando un diario compilato su carta", "name=\"fine-24\""]);
    let wrong: Vec<(&str, &str)> = ROWS.into_iter().filter(|(name, _)| *name != "attivita-2").collect();
    let wrong = [wrong.as_slice(), &[("attivita-2", "spostamenti"), ("luogo-1", "99")]].concat();
    let refused = operator.post(&path, &wrong).expect(422, &["href=\"#attivita-2\"", "Più di una", "910 Spostamenti"]);
    assert!(
        refused.body.contains("value=\"guardare tv\"") && refused.body.contains("value=\"2200\""),
        "nothing is lost"
    );
    let more = [ROWS.as_slice(), &[("azione", "righe")]].concat();
    operator.post(&path, &more).expect(200, &["name=\"fine-31\"", "value=\"dormire\""]);
    let saved = operator.post(&path, &[ROWS.as_slice(), &[("versione", "0")]].concat()).expect(303, &[]);
    assert_eq!(saved.header("location"), Some(format!("/diario/{date}/revisione").as_str()));
    let review =
        operator.get(&format!("/diario/{date}/revisione")).expect(200, &["07:00–07:30", "Consegna la giornata"]);
    operator.get(&path).expect(200, &["value=\"821\"", "value=\"24\""]);
    let version = review.input("versione").expect("a version");
    operator.post(&format!("/diario/{date}/consegna"), &[("versione", &version)]).expect(303, &[]);
    let kept = "SELECT mode || ' ' || submitted AS c0 FROM diary";
    assert!(["paper 1", "paper true"].contains(&site.sql().text(kept).as_str()));
    operator.post("/ufficio/assistenza/fine", &[]).expect(303, &[]);
    operator.get(&path).expect(404, &[]);
    let digest = site.sql().text("SELECT number_digest AS c0 FROM paper_form");
    let bare = number.replace('-', "");
    assert!(!digest.contains(&bare) && !site.database_bytes().windows(8).any(|bytes| bytes == bare.as_bytes()));
}

#[test]
fn the_command_makes_a_form_once_and_says_why_not() {
    let site = Site::start();
    let output = site.folder().join("diario.pdf");
    let shown = output.display().to_string();
    let run = site.tempi(&["paper", WOMAN, "--output", &shown]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("there is no register of residents") && !output.exists(), "{}", run.stderr);
    register(&site, REGISTER);
    assert_eq!(site.tempi(&["paper", WOMAN, "--output", &shown]).code, 0);
    assert!(std::fs::read(&output).expect("a file").starts_with(b"%PDF-"));
    let again = site.tempi(&["paper", WOMAN, "--output", &shown]);
    assert!(again.code == 1 && again.stderr.contains("cannot be made"), "{}", again.stderr);
    let made = site.audit().into_iter().filter(|row| row.verb == "paper-form-made").count();
    assert_eq!(made, 1, "nothing is on record that was not printed");
}
