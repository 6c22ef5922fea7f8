//! Reads what may leave the database, and replaces every id by its pseudonym on the way.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use questionnaires::{Answers, DayKind, DiaryDraft, Episode, Instrument, instrument, quality};
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
    keys::Keys,
    privacy,
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
    let mut answers = submitted_answers(&transaction, &survey).await?;
    let diaries = submitted_diaries(&transaction, &survey).await?;
    let mut episodes = episodes_by_diary(&transaction).await?;
    let mut paradata: BTreeMap<String, paradata::Model> = BTreeMap::new();
    for row in paradata::Entity::find().all(&transaction).await? {
        paradata.insert(row.diary_id.clone(), row);
    }
    let known = residents::known(&transaction, keys, survey.link.as_ref()).await?;
    transaction.commit().await?;

    let mut rows = Rows::default();
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
            grade: quality::assess(finished.as_draft()).grade.code(),
        });
        let first_day = first_days.entry(diary.respondent_id).or_insert(date);
        *first_day = date.min(*first_day);
    }
    for (respondent_id, first_day) in first_days {
        let Some(answers) = answers.get(&respondent_id) else { continue };
        let person_id = pseudonyms.of("person", &respondent_id);
        for (question, value) in answers.rows() {
            rows.answers.push(AnswerRow { person_id: person_id.clone(), question: question.to_owned(), value });
        }
        let facts = known.facts.get(&respondent_id);
        rows.n_city_users += usize::from(facts.is_none() && known.city_users.contains(&respondent_id));
        rows.n_outside_sample += usize::from(known.has_sample && facts.is_none_or(|facts| facts.design.is_none()));
        rows.persons.push(person::row(&pseudonyms, person_id, answers, facts, first_day, &mut rows.disagreements));
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

/// The answers to every questionnaire handed in, of people whose consent holds and who handed in the individual one.
/// Once nothing leads to people any more, whoever had not agreed is gone already.
async fn submitted_answers(
    transaction: &DatabaseTransaction,
    survey: &Survey,
) -> Result<BTreeMap<String, Answers>, AppError> {
    let submitted = response::Entity::find()
        .filter(response::Column::SurveyId.eq(survey.id.as_str()))
        .filter(response::Column::Submitted.eq(true))
        .all(transaction)
        .await?;
    let submitted: BTreeSet<(String, String)> =
        submitted.into_iter().map(|response| (response.respondent_id, response.instrument)).collect();
    let consenting: BTreeSet<String> = match &survey.link {
        Some(link) => privacy::store::respondents(transaction, &survey.id, link).await?.into_iter().collect(),
        None => submitted.iter().map(|(respondent_id, _)| respondent_id.clone()).collect(),
    };
    let mut by_instrument: BTreeMap<(String, String), Vec<answer::Model>> = BTreeMap::new();
    let sorted = answer::Entity::find().order_by_asc(answer::Column::Question).order_by_asc(answer::Column::Position);
    for row in sorted.all(transaction).await? {
        by_instrument.entry((row.respondent_id.clone(), row.instrument.clone())).or_default().push(row);
    }
    let is_submitted = |respondent_id: &str, instrument: &Instrument| {
        submitted.contains(&(respondent_id.to_owned(), instrument.name.clone()))
    };
    let taking_part = consenting.into_iter().filter(|id| is_submitted(id, instrument::individual()));
    let answers = taking_part.map(|respondent_id| {
        let mut answers = Answers::default();
        for instrument in instrument::all().into_iter().filter(|one| is_submitted(&respondent_id, one)) {
            let rows = by_instrument.get(&(respondent_id.clone(), instrument.name.clone()));
            answers.0.extend(rows::answers_of(instrument, rows.into_iter().flatten()).0);
        }
        (respondent_id, answers)
    });
    Ok(answers.collect())
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
