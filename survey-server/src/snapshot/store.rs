//! Reads what may leave the database, and replaces every id by its pseudonym on the way.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::NaiveDate;
use questionnaires::{
    Answers, DayKind, DiaryDraft, Episode,
    instrument::{self, AnswerKind},
    quality,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::{
    ExportOptions,
    person::{self, Disagreements},
};
use crate::{
    database::{
        Database,
        entity::{answer, diary, diary_episode, paradata, response},
        rows,
    },
    error::AppError,
    household,
    keys::Keys,
    privacy,
    questionnaire::{Asking, asking_name, catalogue::Catalogue},
    residents::{self, ELSEWHERE, admission::Who},
    survey::{self, Survey},
};

/// Everything that leaves, sorted by pseudonym.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) persons: Vec<PersonRow>,
    pub(super) diaries: Vec<DiaryRow>,
    /// With the pseudonym of the diary.
    pub(super) episodes: Vec<(String, Episode)>,
    pub(super) answers: Vec<AnswerRow>,
    pub(super) paradata: Vec<ParadataRow>,
    /// Names and versions of the questionnaires that somebody's answers are to.
    pub(super) instruments: BTreeSet<(String, u32)>,
    /// How often answers and register differ.
    pub(super) disagreements: Disagreements,
    /// People who are in no sample, where one was drawn.
    pub(super) n_outside_sample: usize,
    /// City users: they are in no register and declared themselves.
    pub(super) n_city_users: usize,
    /// People left out: the survey is for residents and city users, and they are neither.
    pub(super) n_neither: usize,
}

#[derive(Debug)]
pub(super) struct PersonRow {
    pub(super) person_id: String,
    pub(super) household_id: Option<String>,
    pub(super) sex: String,
    pub(super) age: Option<i64>,
    pub(super) zone: Option<String>,
    pub(super) weight: Option<f64>,
    pub(super) stratum: Option<String>,
    pub(super) cluster: Option<String>,
}

#[derive(Debug)]
pub(super) struct DiaryRow {
    pub(super) diary_id: String,
    pub(super) person_id: String,
    pub(super) day_kind: &'static str,
    pub(super) month: String,
    pub(super) grade: &'static str,
    pub(super) mode: String,
    pub(super) copied_from: Option<String>,
}

/// How a day was filled in, coarsely; only of those who agreed is there anything.
#[derive(Debug)]
pub(super) struct ParadataRow {
    pub(super) diary_id: String,
    pub(super) device: String,
    pub(super) n_edits: i64,
    pub(super) minutes_telling: i64,
    pub(super) minutes_details: i64,
    pub(super) minutes_review: i64,
}

impl ParadataRow {
    fn new(diary_id: String, kept: paradata::Model) -> ParadataRow {
        let minutes = |seconds: i32| ((i64::from(seconds) + 30) / 60).min(MOST_MINUTES);
        ParadataRow {
            diary_id,
            n_edits: i64::from(kept.n_edits).min(MOST_EDITS),
            minutes_telling: minutes(kept.seconds_telling),
            minutes_details: minutes(kept.seconds_details),
            minutes_review: minutes(kept.seconds_review),
            device: kept.device,
        }
    }
}

/// More changes of a day than this leave as this many: an outlier would be known again.
const MOST_EDITS: i64 = 200;
/// More minutes on a step than this leave as this many.
const MOST_MINUTES: i64 = 120;

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AnswerRow {
    pub(super) person_id: String,
    pub(super) question: String,
    pub(super) value: String,
}

/// Reads one consistent state of the current survey: people who agreed, handed in the individual questionnaire and at
/// least one day. Pseudonyms are those of the purpose.
pub(super) async fn read(database: &Database, keys: &Keys, options: &ExportOptions) -> Result<Rows, AppError> {
    let transaction = database.begin_read().await?;
    let survey = survey::store::current(&transaction, keys).await?;
    let pseudonyms = survey.export.for_purpose(&options.purpose);
    let told = submitted_answers(&transaction, &survey, &database.questionnaires(), options.with_texts).await?;
    let (mut answers, exported) = (told.answers, told.exported);
    let diaries = submitted_diaries(&transaction, &survey).await?;
    let mut episodes = episodes_by_diary(&transaction).await?;
    let mut paradata: BTreeMap<String, paradata::Model> = BTreeMap::new();
    for row in paradata::Entity::find().all(&transaction).await? {
        paradata.insert(row.diary_id.clone(), row);
    }
    let known = residents::known(&transaction, keys, survey.link.as_ref()).await?;
    let joined = household::store::by_respondent(&transaction, &survey.id).await?;
    transaction.commit().await?;
    let households = person::households(&joined, &known);

    let mut rows = Rows { instruments: told.instruments, ..Rows::default() };
    // Once the link is destroyed nobody can be told from anybody.
    if options.who == Who::ResidentsAndCityUsers && known.has_register && survey.link.is_some() {
        let n_people = answers.len();
        // Who is in no register is a city user if they declared it and answer that they live elsewhere; others are neither.
        answers.retain(|id, answers| {
            let comes_from_elsewhere = answers.choice("zone") == Some(ELSEWHERE);
            known.facts.contains_key(id) || (known.city_users.contains(id) && comes_from_elsewhere)
        });
        rows.n_neither = n_people - answers.len();
    }
    if options.sampled_only && known.has_sample {
        answers.retain(|id, _| known.facts.get(id).is_some_and(|facts| facts.design.is_some()));
    }
    let mut first_days: BTreeMap<String, NaiveDate> = BTreeMap::new();
    for diary in diaries {
        if !answers.contains_key(&diary.respondent_id) {
            continue;
        }
        let broken = || AppError::StoredData("a day was handed in that does not read back".to_owned());
        let date = a_date(&diary.month, &diary.day_kind).ok_or_else(broken)?;
        let draft = DiaryDraft::from_episodes(date, episodes.remove(&diary.diary_id).unwrap_or_default());
        let finished = draft.finish().map_err(|_| broken())?;
        let diary_id = pseudonyms.of("diary", &diary.diary_id);
        let kept = paradata.remove(&diary.diary_id);
        rows.paradata.extend(kept.map(|kept| ParadataRow::new(diary_id.clone(), kept)));
        rows.episodes.extend(finished.episodes().into_iter().map(|episode| (diary_id.clone(), episode)));
        rows.diaries.push(DiaryRow {
            diary_id,
            person_id: pseudonyms.of("person", &diary.respondent_id),
            day_kind: finished.day_kind().code(),
            month: diary.month,
            mode: diary.mode,
            copied_from: diary.copied_from,
            grade: quality::assess(finished.as_draft()).grade.code(),
        });
        let first_day = first_days.entry(diary.respondent_id).or_insert(date);
        *first_day = date.min(*first_day);
    }
    for (respondent_id, first_day) in first_days {
        let Some(answers) = answers.get(&respondent_id) else { continue };
        let person_id = pseudonyms.of("person", &respondent_id);
        let leaving = exported.get(&respondent_id).into_iter().flatten();
        rows.answers.extend(leaving.map(|(question, value)| AnswerRow {
            person_id: person_id.clone(),
            question: question.clone(),
            value: value.clone(),
        }));
        let facts = known.facts.get(&respondent_id);
        rows.n_city_users += usize::from(facts.is_none() && known.city_users.contains(&respondent_id));
        rows.n_outside_sample += usize::from(known.has_sample && facts.is_none_or(|facts| facts.design.is_none()));
        let household = households.get(respondent_id.as_str()).map(String::as_str);
        let row = person::row(&pseudonyms, person_id, answers, facts, household, first_day, &mut rows.disagreements);
        rows.persons.push(row);
    }
    rows.persons.sort_by(|a, b| a.person_id.cmp(&b.person_id));
    rows.diaries.sort_by(|a, b| a.diary_id.cmp(&b.diary_id));
    rows.episodes.sort_by(|(a, first), (b, second)| (a, first.start_minute).cmp(&(b, second.start_minute)));
    rows.answers.sort();
    rows.paradata.sort_by(|a, b| a.diary_id.cmp(&b.diary_id));
    Ok(rows)
}

/// A date of the month and kind that a day is kept with: the first, whichever day it was. The date itself is sealed, and
/// nothing that leaves depends on it.
fn a_date(month: &str, day_kind: &str) -> Option<NaiveDate> {
    let first: NaiveDate = format!("{month}-01").parse().ok()?;
    first.iter_days().take(7).find(|date| DayKind::of(*date).code() == day_kind)
}

/// What people told in questionnaires that they handed in.
struct Told {
    /// By respondent, the answers that are about the person.
    answers: BTreeMap<String, Answers>,
    /// By respondent, name and value of each answer as it leaves.
    exported: BTreeMap<String, Vec<(String, String)>>,
    /// Names and versions of the questionnaires that the answers are to.
    instruments: BTreeSet<(String, u32)>,
}

/// The answers to every questionnaire handed in, of people whose consent holds and who handed in the individual one.
/// Once nothing leads to people any more, whoever had not agreed is gone already. Each answer is read with the version of the
/// questionnaire that it was given to.
async fn submitted_answers(
    transaction: &DatabaseTransaction,
    survey: &Survey,
    catalogue: &Catalogue,
    with_texts: bool,
) -> Result<Told, AppError> {
    let submitted = response::Entity::find()
        .filter(response::Column::SurveyId.eq(survey.id.as_str()))
        .filter(response::Column::Submitted.eq(true))
        .all(transaction)
        .await?;
    let individual = instrument::individual().name.as_str();
    let answered_individual: BTreeSet<&str> = submitted
        .iter()
        .filter(|response| response.instrument == individual)
        .map(|response| response.respondent_id.as_str())
        .collect();
    let consenting: BTreeSet<String> = match &survey.link {
        Some(link) => privacy::store::respondents(transaction, &survey.id, link).await?.into_iter().collect(),
        None => submitted.iter().map(|response| response.respondent_id.clone()).collect(),
    };
    let mut by_response: BTreeMap<(String, String), Vec<answer::Model>> = BTreeMap::new();
    let sorted = answer::Entity::find().order_by_asc(answer::Column::Question).order_by_asc(answer::Column::Position);
    for row in sorted.all(transaction).await? {
        by_response.entry((row.respondent_id.clone(), row.instrument.clone())).or_default().push(row);
    }
    let mut told = Told { answers: BTreeMap::new(), exported: BTreeMap::new(), instruments: BTreeSet::new() };
    let takes_part = |id: &str| consenting.contains(id) && answered_individual.contains(id);
    for response in submitted.iter().filter(|response| takes_part(&response.respondent_id)) {
        let name = asking_name(&response.instrument);
        let version = u32::try_from(response.instrument_version).unwrap_or_default();
        let Some(given_to) = catalogue.version(name, version).or_else(|| catalogue.current(name)) else { continue };
        let asking = Asking::of_key(&response.instrument, Arc::clone(given_to));
        let rows = by_response.get(&(response.respondent_id.clone(), response.instrument.clone()));
        let mut answers = rows::answers_of(given_to, rows.into_iter().flatten());
        if !with_texts {
            // Words of one's own may tell who wrote them.
            let is_text = |name: &String| {
                let kind = given_to.field(name).map(|question| &question.answer);
                matches!(kind, Some(AnswerKind::Text { .. }))
            };
            answers.0.retain(|name, _| !is_text(name));
        }
        told.instruments.insert((name.to_owned(), given_to.version));
        let exported = told.exported.entry(response.respondent_id.clone()).or_default();
        exported.extend(answers.rows().into_iter().map(|(question, value)| (asking.exported(question), value)));
        let about_person = told.answers.entry(response.respondent_id.clone()).or_default();
        if asking.day_type().is_none() {
            about_person.0.extend(answers.0);
        }
    }
    Ok(told)
}

async fn submitted_diaries(transaction: &DatabaseTransaction, survey: &Survey) -> Result<Vec<diary::Model>, AppError> {
    let submitted = diary::Entity::find()
        .filter(diary::Column::SurveyId.eq(survey.id.as_str()))
        .filter(diary::Column::Submitted.eq(true));
    Ok(submitted.all(transaction).await?)
}

async fn episodes_by_diary(
    transaction: &DatabaseTransaction,
) -> Result<BTreeMap<String, Vec<questionnaires::diary::DraftEpisode>>, AppError> {
    let mut episodes: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for row in diary_episode::Entity::find().all(transaction).await? {
        let episode = rows::episode_of(&row)?;
        episodes.entry(row.diary_id).or_default().push(episode);
    }
    Ok(episodes)
}
