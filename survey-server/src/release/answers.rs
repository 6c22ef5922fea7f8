//! The answers to questionnaires of a release, reviewed like its other numbers: a question in the place of a measure, an
//! answer in that of an activity.

use std::{collections::BTreeMap, io, path::Path};

use serde::Deserialize;

use super::table::{Filter, Named, Review, Row};

/// A row of `answers.csv`.
#[derive(Debug, Deserialize)]
struct AnswerRow {
    measure: String,
    question: String,
    answer: String,
    sex: String,
    age_group: String,
    target_group: String,
    value: Option<f64>,
    ci_low: Option<f64>,
    ci_high: Option<f64>,
    n: u64,
    flag: String,
    status: String,
}

/// A row of `questions.csv`.
#[derive(Debug, Deserialize)]
struct QuestionRow {
    question: String,
    question_it: String,
    question_en: String,
    about_it: String,
    about_en: String,
    day: String,
    answer: String,
    answer_it: String,
    answer_en: String,
}

impl AnswerRow {
    fn row(self) -> Row {
        Row {
            unit: if self.measure == "mean" { "answered" } else { "percent" }.to_owned(),
            timeline: "main".to_owned(),
            activity: of_question(&self.question, &self.answer),
            indicator: self.question,
            sex: self.sex,
            age_group: self.age_group,
            target_group: self.target_group,
            day: "average".to_owned(),
            slot: None,
            value: self.value,
            ci_low: self.ci_low,
            ci_high: self.ci_high,
            n: self.n,
            flag: self.flag,
            status: self.status,
        }
    }
}

/// An answer among those of every question.
fn of_question(question: &str, answer: &str) -> String {
    format!("{question}={answer}")
}

/// Reads the answers in a folder of estimates; nothing where none are told.
pub(super) fn read(folder: &Path, filter: &Filter) -> io::Result<Review> {
    let path = folder.join("answers.csv");
    if !path.exists() {
        return Ok(Review::default());
    }
    let rows = csv::Reader::from_path(path).map_err(io::Error::other)?.into_deserialize::<AnswerRow>();
    let mut review = Review::of(rows.map(|row| row.map(AnswerRow::row).map_err(io::Error::other)), filter)?;
    (review.questions, review.activities) = names(&folder.join("questions.csv"))?;
    Ok(review)
}

type Names = (BTreeMap<String, Named>, BTreeMap<(String, String), [String; 2]>);

/// The words of questions and of their answers.
fn names(path: &Path) -> io::Result<Names> {
    let (mut questions, mut answers) = Names::default();
    for row in csv::Reader::from_path(path).map_err(io::Error::other)?.into_deserialize() {
        let row: QuestionRow = row.map_err(io::Error::other)?;
        let with_about = |text: &str, about: &str| {
            if about.is_empty() { text.to_owned() } else { format!("{about}: {text}") }
        };
        let texts = [with_about(&row.question_it, &row.about_it), with_about(&row.question_en, &row.about_en)];
        answers.insert(("main".to_owned(), of_question(&row.question, &row.answer)), [row.answer_it, row.answer_en]);
        questions.insert(row.question, Named { texts, day: row.day });
    }
    Ok((questions, answers))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{release::table::Standing, web::form::Fields};

    const ANSWERS: &str = "measure,questionnaire,question,answer,sex,age_group,target_group,value,standard_error,ci_low,ci_high,\
        degrees_of_freedom,n,flag,status\n\
        share,individual,used,post,all,all,all,40,2,36,44,90,200,A,published\n\
        share,individual,used,post,F,all,all,,,,,,0,suppressed,withheld\n\
        mean,individual,visits,,all,all,zone_north,2.5,0.5,1,3,80,90,E,published\n";

    const QUESTIONS: &str = "questionnaire,question,kind,asked,question_it,question_en,about_it,about_en,day,answer,answer_it,answer_en\n\
        individual,used,multiple,everybody,Che cosa usi?,What do you use?,,,,post,Posta,Post\n\
        individual,visits,number,some,Quante volte?,How often?,Posta,Post,weekend,,,\n";

    #[test]
    fn answers_are_counted_by_question_and_narrowed_as_other_numbers_are() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path(), &Filter::default()).unwrap(), Review::default(), "none are told");
        fs::write(folder.path().join("answers.csv"), ANSWERS).unwrap();
        fs::write(folder.path().join("questions.csv"), QUESTIONS).unwrap();
        let read = |query: &str| read(folder.path(), &Filter::of(&Fields::parse(query.as_bytes()).unwrap())).unwrap();
        let all = read("");
        assert_eq!((all.n_found, all.counts.len(), all.groups.len()), (3, 2, 2));
        assert_eq!(all.counts[0].1.get(&Standing::Withheld), Some(&1));
        assert_eq!(all.questions["visits"].texts[1], "Post: How often?");
        assert_eq!(all.activities[&("main".to_owned(), all.rows[0].activity.clone())][0], "Posta");
        let withheld = read("misura=used&gruppo=sesso-F&stato=withheld");
        assert_eq!((withheld.n_found, withheld.rows[0].value, withheld.rows[0].n), (1, None, 0));
        assert_eq!(read("misura=visits").rows[0].unit, "answered");
    }
}
