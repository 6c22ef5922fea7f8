//! Reads what may leave the database, and replaces every id by its pseudonym on the way.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use questionnaires::{Answers, DiaryDraft, Episode, Instrument, instrument, quality};
use sea_orm::{
    AccessMode, ColumnTrait, DatabaseTransaction, EntityTrait, IsolationLevel, QueryFilter, QueryOrder,
    TransactionTrait,
};

use super::{
    ExportOptions,
    person::{self, Disagreements},
};
use crate::{
    database::{
        Database,
        entity::{answer, diary, diary_episode, response},
        rows,
    },
    error::AppError,
    keys::Keys,
    privacy,
    residents::{admission::Who, facts},
};

/// Everything that leaves, sorted by pseudonym.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) persons: Vec<PersonRow>,
    pub(super) diaries: Vec<DiaryRow>,
    /// With the pseudonym of the diary.
    pub(super) episodes: Vec<(String, Episode)>,
    pub(super) answers: Vec<AnswerRow>,
    /// How often answers and register differ.
    pub(super) disagreements: Disagreements,
    /// People who are in no sample, where one was drawn.
    pub(super) n_outside_sample: usize,
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
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AnswerRow {
    pub(super) person_id: String,
    pub(super) question: String,
    pub(super) value: String,
}

/// Reads one consistent state of the database: people who agreed, handed in the individual questionnaire and at
/// least one day.
pub(super) async fn read(database: &Database, keys: &Keys, options: &ExportOptions) -> Result<Rows, AppError> {
    let transaction = database
        .connection()
        .begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly))
        .await?;
    let mut answers = submitted_answers(&transaction).await?;
    let diaries = submitted_diaries(&transaction).await?;
    let mut episodes = episodes_by_diary(&transaction).await?;
    let known = facts::known(&transaction, keys).await?;
    transaction.commit().await?;

    let mut rows = Rows::default();
    if options.who == Who::ResidentsAndCityUsers && known.has_register {
        let n_people = answers.len();
        // Who is in no register and says that they live here is no resident, and no city user either.
        answers.retain(|id, answers| known.facts.contains_key(id) || answers.choice("zone") == Some(person::ELSEWHERE));
        rows.n_neither = n_people - answers.len();
    }
    if options.sampled_only && known.has_sample {
        answers.retain(|id, _| known.facts.get(id).is_some_and(|facts| facts.design.is_some()));
    }
    let mut first_days: BTreeMap<String, NaiveDate> = BTreeMap::new();
    for diary in diaries {
        if !answers.contains_key(&diary.participant_id) {
            continue;
        }
        let draft = DiaryDraft::from_episodes(diary.date, episodes.remove(&diary.diary_id).unwrap_or_default());
        let broken = |_| AppError::StoredData("a day was handed in with uncovered time".to_owned());
        let finished = draft.finish().map_err(broken)?;
        let diary_id = keys.export_pseudonym("diary", &diary.diary_id);
        rows.episodes.extend(finished.episodes().into_iter().map(|episode| (diary_id.clone(), episode)));
        rows.diaries.push(DiaryRow {
            diary_id,
            person_id: keys.export_pseudonym("person", &diary.participant_id),
            day_kind: finished.day_kind().code(),
            month: diary.date.format("%Y-%m").to_string(),
            grade: quality::assess(finished.as_draft()).grade.code(),
        });
        let first_day = first_days.entry(diary.participant_id).or_insert(diary.date);
        *first_day = diary.date.min(*first_day);
    }
    for (participant_id, first_day) in first_days {
        let Some(answers) = answers.get(&participant_id) else { continue };
        let person_id = keys.export_pseudonym("person", &participant_id);
        for (question, value) in answers.rows() {
            rows.answers.push(AnswerRow { person_id: person_id.clone(), question: question.to_owned(), value });
        }
        let facts = known.facts.get(&participant_id);
        rows.n_outside_sample += usize::from(known.has_sample && facts.is_none_or(|facts| facts.design.is_none()));
        let row = person::row(keys, person_id, answers, facts, first_day, &mut rows.disagreements);
        rows.persons.push(row);
    }
    rows.persons.sort_by(|a, b| a.person_id.cmp(&b.person_id));
    rows.diaries.sort_by(|a, b| a.diary_id.cmp(&b.diary_id));
    rows.episodes.sort_by(|(a, first), (b, second)| (a, first.start_minute).cmp(&(b, second.start_minute)));
    rows.answers.sort();
    Ok(rows)
}

/// The answers to every questionnaire handed in, of people whose consent holds and who handed in the individual one.
async fn submitted_answers(transaction: &DatabaseTransaction) -> Result<BTreeMap<String, Answers>, AppError> {
    let consents = privacy::store::all_in_force().all(transaction).await?;
    let consenting: BTreeSet<String> = consents.into_iter().map(|consent| consent.participant_id).collect();
    let submitted =
        response::Entity::find().filter(response::Column::SubmittedAt.is_not_null()).all(transaction).await?;
    let submitted: BTreeSet<(String, String)> =
        submitted.into_iter().map(|response| (response.participant_id, response.instrument)).collect();
    let mut by_instrument: BTreeMap<(String, String), Vec<answer::Model>> = BTreeMap::new();
    let sorted = answer::Entity::find().order_by_asc(answer::Column::Question).order_by_asc(answer::Column::Position);
    for row in sorted.all(transaction).await? {
        by_instrument.entry((row.participant_id.clone(), row.instrument.clone())).or_default().push(row);
    }
    let is_submitted = |participant_id: &str, instrument: &Instrument| {
        submitted.contains(&(participant_id.to_owned(), instrument.name.clone()))
    };
    let taking_part = consenting.into_iter().filter(|id| is_submitted(id, instrument::individual()));
    let answers = taking_part.map(|participant_id| {
        let mut answers = Answers::default();
        for instrument in instrument::all().into_iter().filter(|one| is_submitted(&participant_id, one)) {
            let rows = by_instrument.get(&(participant_id.clone(), instrument.name.clone()));
            answers.0.extend(rows::answers_of(instrument, rows.into_iter().flatten()).0);
        }
        (participant_id, answers)
    });
    Ok(answers.collect())
}

async fn submitted_diaries(transaction: &DatabaseTransaction) -> Result<Vec<diary::Model>, AppError> {
    Ok(diary::Entity::find().filter(diary::Column::SubmittedAt.is_not_null()).all(transaction).await?)
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
