//! The workbook of one language: a sheet to begin with, a sheet per measure, the method, the codes. What a reader filters and
//! sums is a number; what nobody published is an empty cell with its reason beside it.

use std::collections::BTreeMap;

use analytics::table::{EstimateRow, Indicator, Unit};
use chrono::Datelike;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet, XlsxError,
};

use super::codes::{Variable, clock, code};
use super::public_use::load_in_r;
use super::{Material, answer_sheet, citation};
use crate::number;
use crate::site::explanations;
use crate::text::Texts;

/// Columns of a measure's sheet, by the names of the estimates' columns, with their widths in characters.
pub const COLUMNS: [(&str, f64); 17] = [
    ("timeline", 24.0),
    ("activity", 10.0),
    ("activity_label", 38.0),
    ("level", 8.0),
    ("sex", 10.0),
    ("age_group", 16.0),
    ("target_group", 30.0),
    ("day", 15.0),
    ("slot", 12.0),
    ("value", 14.0),
    ("standard_error", 12.0),
    ("ci_low", 12.0),
    ("ci_high", 12.0),
    ("degrees_of_freedom", 12.0),
    ("n", 11.0),
    ("flag", 13.0),
    ("status", 18.0),
];

/// Rows above a table: the title, the notes.
pub const ROWS_ABOVE: u32 = 3;
/// The longest name of a sheet, in characters.
const LONGEST_NAME: usize = 31;

struct Styles {
    title: Format,
    heading: Format,
    words: Format,
    plain: Format,
    term: Format,
    link: Format,
    whole: Format,
    one_place: Format,
    four_places: Format,
}

impl Styles {
    fn new() -> Styles {
        let plain = Format::new();
        Styles {
            title: plain.clone().set_bold().set_font_size(14),
            heading: plain
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_background_color(Color::RGB(0x00E6_ECF2))
                .set_border_bottom(FormatBorder::Thin),
            words: plain.clone().set_text_wrap().set_align(FormatAlign::Top),
            term: plain.clone().set_bold().set_text_wrap().set_align(FormatAlign::Top),
            link: plain
                .clone()
                .set_font_color(Color::RGB(0x0000_66CC))
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            whole: plain.clone().set_num_format("#,##0"),
            one_place: plain.clone().set_num_format("#,##0.0"),
            four_places: plain.clone().set_num_format("#,##0.00"),
            plain,
        }
    }

    fn of_values(&self, unit: Unit) -> &Format {
        match unit {
            Unit::EpisodesPerDay | Unit::EurosPerDay => &self.four_places,
            Unit::EurosPerYear => &self.whole,
            _ => &self.one_place,
        }
    }
}

/// The workbook. The same material gives the same bytes.
///
/// # Errors
/// When a text does not fit a cell (32,767 characters).
pub fn file(material: &Material, texts: &Texts) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new();
    let sheets = sheets(material, texts);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(material, texts)?);
    about(workbook.add_worksheet(), material, texts, &sheets, &styles)?;
    for sheet in &sheets {
        measure(workbook.add_worksheet(), sheet, material, texts, &styles)?;
    }
    if !material.estimates.answers.is_empty() {
        let formats = [&styles.title, &styles.heading, &styles.one_place];
        answer_sheet::fill(workbook.add_worksheet(), material, texts, formats)?;
    }
    method(workbook.add_worksheet(), material, texts, &styles)?;
    codes(workbook.add_worksheet(), material, texts, &styles)?;
    workbook.save_to_buffer()
}

/// A measure's sheet.
struct Sheet<'a> {
    name: String,
    title: String,
    unit: Unit,
    rows: Vec<&'a EstimateRow>,
}

fn sheets<'a>(material: &Material<'a>, texts: &Texts) -> Vec<Sheet<'a>> {
    let mut by_indicator: BTreeMap<Indicator, Vec<&EstimateRow>> = BTreeMap::new();
    for ((indicator, _), rows) in &material.tables {
        by_indicator.entry(*indicator).or_default().extend(rows);
    }
    let mut names: Vec<String> =
        ["sheet-about", "sheet-answers", "sheet-method", "sheet-codes"].map(|key| texts.text(key)).into();
    let sheet = |(indicator, rows): (Indicator, Vec<&'a EstimateRow>)| {
        let title = Variable::Indicator.label(&code(&indicator), texts);
        let name = sheet_name(&title, &names);
        names.push(name.clone());
        Sheet { name, title, unit: indicator.unit(), rows }
    };
    by_indicator.into_iter().map(sheet).collect()
}

/// A name that a workbook allows and that no other sheet has.
fn sheet_name(title: &str, taken: &[String]) -> String {
    let allowed = title.chars().filter(|letter| !"[]:*?/\\'".contains(*letter));
    let short: String = allowed.take(LONGEST_NAME).collect();
    let short = short.trim_end().to_owned();
    if !taken.contains(&short) {
        return short;
    }
    (2..)
        .map(|number| {
            let ending = format!(" {number}");
            let kept: String = short.chars().take(LONGEST_NAME - ending.len()).collect();
            kept + &ending
        })
        .find(|name| !taken.contains(name))
        .unwrap_or(short)
}

/// Title, author, licence and language; the day of the edition instead of the moment of writing.
fn properties(material: &Material, texts: &Texts) -> Result<DocProperties, XlsxError> {
    let date = material.edition.date;
    let day = ExcelDateTime::from_ymd(date.year().clamp(1900, 9999) as u16, date.month() as u8, date.day() as u8)?;
    let survey = texts.label(&material.estimates.run.title);
    Ok(DocProperties::new()
        .set_title(texts.fill("about-title", &[("survey", survey)]))
        .set_subject(texts.label(&material.estimates.run.population))
        .set_author(texts.label(&material.edition.publisher))
        .set_company(texts.label(&material.edition.publisher))
        .set_keywords(["keyword-time-use", "keyword-diary", "keyword-gender"].map(|key| texts.text(key)).join(", "))
        .set_comment(citation(material, texts))
        .set_custom_property("Language", texts.language().tag())
        .set_custom_property("License", material.catalogue.licence.address.as_str())
        .set_creation_datetime(&day))
}

fn about(
    page: &mut Worksheet,
    material: &Material,
    texts: &Texts,
    sheets: &[Sheet],
    styles: &Styles,
) -> Result<(), XlsxError> {
    let survey = texts.label(&material.estimates.run.title);
    page.set_name(texts.text("sheet-about"))?.set_column_width(0, 44)?.set_column_width(1, 90)?;
    page.write_string_with_format(0, 0, texts.fill("about-title", &[("survey", survey)]), &styles.title)?;
    let edition = texts.fill(
        "edition",
        &[("number", &material.edition.number.to_string()), ("date", &number::date(material.edition.date, texts))],
    );
    let licence = &material.catalogue.licence;
    let facts = [
        ("about-publisher", texts.label(&material.edition.publisher).to_owned()),
        ("about-edition", edition),
        ("about-population", texts.label(&material.estimates.run.population).to_owned()),
        ("about-licence", format!("{} · {}", licence.name, licence.address)),
        ("about-citation", citation(material, texts)),
    ];
    let mut row = 2;
    for (key, fact) in facts {
        page.write_string_with_format(row, 0, texts.text(key), &styles.term)?;
        page.write_string_with_format(row, 1, fact, &styles.words)?;
        row += 1;
    }
    for note in material.notes(texts).into_iter().chain([texts.text("about-empty")]) {
        page.write_string_with_format(row, 1, note, &styles.words)?;
        row += 1;
    }
    row += 1;
    page.write_string_with_format(row, 0, texts.text("sheet-contents"), &styles.heading)?;
    page.write_string_with_format(row, 1, texts.text("sheet-contents-rows"), &styles.heading)?;
    row += 1;
    for sheet in sheets {
        let link = Url::new(format!("internal:'{}'!A1", sheet.name)).set_text(&sheet.title);
        page.write_url_with_format(row, 0, link, &styles.link)?;
        page.write_number_with_format(
            row,
            1,
            sheet.rows.len() as f64,
            &styles.whole.clone().set_align(FormatAlign::Left),
        )?;
        row += 1;
    }
    Ok(())
}

fn measure(
    page: &mut Worksheet,
    sheet: &Sheet,
    material: &Material,
    texts: &Texts,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let unit = Variable::Unit.label(&code(&sheet.unit), texts);
    page.set_name(&sheet.name)?;
    page.write_string_with_format(0, 0, format!("{} ({unit})", sheet.title), &styles.title)?;
    page.write_string(1, 0, format!("{} {}", material.notes(texts).join(" "), texts.text("about-empty")).trim_start())?;
    let header = ROWS_ABOVE - 1;
    for (column, (name, width)) in (0..).zip(COLUMNS) {
        let heading = texts.text(&format!("code-variable-{name}"));
        let heading = if name == "value" { format!("{heading} ({unit})") } else { heading };
        page.set_column_width(column, width)?;
        page.write_string_with_format(header, column, heading, &styles.heading)?;
    }
    // Each code's name is looked up once.
    let mut names: BTreeMap<(Variable, &str), String> = BTreeMap::new();
    let values = styles.of_values(sheet.unit);
    let mut timeline = None;
    for (place, row) in (ROWS_ABOVE..).zip(&sheet.rows) {
        if timeline.as_ref().is_none_or(|(known, _)| *known != row.timeline) {
            timeline = Some((row.timeline, Variable::Timeline.label(&code(&row.timeline), texts)));
        }
        let mut name = |variable: Variable, code| {
            names.entry((variable, code)).or_insert_with(|| material.label(variable, code, texts)).clone()
        };
        page.write_string(place, 0, timeline.as_ref().map_or("", |(_, label)| label))?;
        page.write_string(place, 1, &row.activity)?;
        page.write_string(place, 2, material.categories.label(row.timeline, &row.activity, texts.language()))?;
        page.write_number(place, 3, f64::from(row.level))?;
        page.write_string(place, 4, name(Variable::Sex, &row.sex))?;
        page.write_string(place, 5, name(Variable::AgeGroup, &row.age_group))?;
        page.write_string(place, 6, name(Variable::TargetGroup, &row.target_group))?;
        page.write_string(place, 7, name(Variable::Day, &row.day))?;
        if let Some(slot) = row.slot {
            page.write_string(place, 8, clock(slot))?;
        }
        let numbers = [row.value, row.standard_error, row.ci_low, row.ci_high];
        for (column, number) in (9..).zip(numbers) {
            if let Some(number) = number {
                page.write_number_with_format(place, column, number, values)?;
            }
        }
        if let Some(degrees) = row.degrees_of_freedom {
            page.write_number_with_format(place, 13, degrees, &styles.whole)?;
        }
        // The count of a withheld number is withheld too.
        if !row.status.is_withheld() {
            page.write_number_with_format(place, 14, row.n as f64, &styles.whole)?;
        }
        page.write_string_with_format(place, 15, flag(row), &styles.plain)?;
        page.write_string_with_format(place, 16, status(row), &styles.plain)?;
    }
    let last_row = header + sheet.rows.len() as u32;
    page.autofilter(header, 0, last_row, COLUMNS.len() as u16 - 1)?;
    page.set_freeze_panes(ROWS_ABOVE, 0)?;
    page.set_repeat_rows(header, header)?;
    page.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

fn flag(row: &EstimateRow) -> &'static str {
    use analytics::table::Flag;
    match row.flag {
        Flag::A => "A",
        Flag::E => "E",
        Flag::Suppressed => "suppressed",
    }
}

fn status(row: &EstimateRow) -> &'static str {
    use analytics::table::Status;
    match row.status {
        Status::Published => "published",
        Status::Withheld => "withheld",
        Status::WithheldSecondary => "withheld_secondary",
    }
}

fn method(page: &mut Worksheet, material: &Material, texts: &Texts, styles: &Styles) -> Result<(), XlsxError> {
    let run = &material.estimates.run;
    page.set_name(texts.text("sheet-method"))?.set_column_width(0, 40)?.set_column_width(1, 110)?;
    page.write_string_with_format(0, 0, texts.text("method-title"), &styles.title)?;
    let sections = explanations::method(texts, run).into_iter();
    let explained = sections.chain(explanations::flags(texts, run)).chain(explanations::run(texts, run));
    let mut row = 2;
    for (term, words) in explained {
        page.write_string_with_format(row, 0, term, &styles.term)?;
        page.write_string_with_format(row, 1, words, &styles.words)?;
        row += 1;
    }
    let key = if material.public_use.is_some() { "method-load" } else { "method-load-none" };
    page.write_string_with_format(row, 0, texts.text("method-load-title"), &styles.term)?;
    page.write_string_with_format(row, 1, texts.text(key), &styles.words)?;
    if let Some(public_use) = material.public_use {
        for line in load_in_r(public_use.report.weights.n_replicates) {
            row += 1;
            page.write_string_with_format(row, 1, line, &styles.words)?;
        }
    }
    Ok(())
}

fn codes(page: &mut Worksheet, material: &Material, texts: &Texts, styles: &Styles) -> Result<(), XlsxError> {
    page.set_name(texts.text("sheet-codes"))?;
    for (column, width) in [(0, 24.0), (1, 26.0), (2, 60.0), (3, 10.0), (4, 60.0)] {
        page.set_column_width(column, width)?;
    }
    let headings = ["sheet-variable", "sheet-code", "sheet-code-label", "code-variable-level", "sheet-members"]
        .map(|key| texts.text(key));
    for (column, heading) in (0..).zip(headings) {
        page.write_string_with_format(0, column, heading, &styles.heading)?;
    }
    let mut row = 1;
    for variable in Variable::ALL {
        for code in variable.codes(material.estimates) {
            page.write_string(row, 0, variable.column())?;
            page.write_string(row, 1, &code)?;
            page.write_string(row, 2, material.label(variable, &code, texts))?;
            row += 1;
        }
    }
    for category in &material.estimates.classification {
        let label = material.categories.label(category.timeline, &category.code, texts.language());
        page.write_string(row, 0, format!("activity ({})", code(&category.timeline)))?;
        page.write_string(row, 1, &category.code)?;
        page.write_string(row, 2, label)?;
        page.write_number(row, 3, f64::from(category.level))?;
        page.write_string(row, 4, &category.members)?;
        row += 1;
    }
    page.autofilter(0, 0, row - 1, 4)?;
    page.set_freeze_panes(1, 0)?;
    Ok(())
}
