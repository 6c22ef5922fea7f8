//! Answers and days as rows of the database, and back.

use chrono::{DateTime, NaiveDate, Utc};
use questionnaires::{
    Answer, Answers, DayKind, DiaryDraft, Instrument, MainActivity, SecondaryActivity, Slot, Span,
    diary::{DraftEpisode, DraftFields, Enjoyment},
    instrument::AnswerKind,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    Value,
};
use serde::Serialize;

use super::entity::{answer, diary, diary_episode, response};
use crate::{
    error::AppError,
    questionnaire::Asking,
    survey::{Link, Mode, hour},
};

/// What a day's row keeps besides its names: sealed but for the mode. Instants come back rounded down to the hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeptDay {
    pub(crate) date: NaiveDate,
    pub(crate) version: i32,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) submitted_at: Option<DateTime<Utc>>,
    pub(crate) mode: Mode,
}

/// Stands for an instant that has not come.
const NEVER: i64 = i64::MIN;

fn sealed_instant(instant: Option<DateTime<Utc>>) -> i64 {
    instant.map_or(NEVER, hour)
}

fn opened_instant(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).filter(|_| seconds != NEVER)
}

/// Seals what a day's row keeps sealed.
pub(crate) fn seal_day(link: &Link, diary_id: &str, kept: KeptDay) -> String {
    let numbers = [
        i64::from(kept.date.to_epoch_days()),
        i64::from(kept.version),
        hour(kept.updated_at),
        sealed_instant(kept.submitted_at),
    ];
    link.seal(&format!("diary {diary_id}"), numbers)
}

/// What a day's row keeps sealed.
pub(crate) fn open_day(link: &Link, row: &diary::Model) -> Result<KeptDay, AppError> {
    let [date, version, updated_at, submitted_at] = link.open(&format!("diary {}", row.diary_id), &row.sealed)?;
    let broken = || AppError::StoredData("a day that does not read back".to_owned());
    let date = i32::try_from(date).ok().and_then(NaiveDate::from_epoch_days).ok_or_else(broken)?;
    Ok(KeptDay {
        date,
        version: i32::try_from(version).map_err(|_| broken())?,
        updated_at: opened_instant(updated_at).ok_or_else(broken)?,
        submitted_at: opened_instant(submitted_at),
        mode: Mode::from_name(&row.mode).ok_or_else(broken)?,
    })
}

/// The month of a date, as rows of days say it.
pub(crate) fn month(date: NaiveDate) -> String {
    date.format("%Y-%m").to_string()
}

/// The row of a day; what it was copied from stays as it is.
pub(crate) fn diary_row(link: &Link, survey_id: &str, respondent_id: &str, kept: KeptDay) -> diary::ActiveModel {
    let diary_id = link.diary_id(respondent_id, kept.date);
    diary::ActiveModel {
        respondent_id: Set(respondent_id.to_owned()),
        survey_id: Set(survey_id.to_owned()),
        month: Set(month(kept.date)),
        day_kind: Set(DayKind::of(kept.date).code().to_owned()),
        submitted: Set(kept.submitted_at.is_some()),
        sealed: Set(seal_day(link, &diary_id, kept)),
        mode: Set(kept.mode.name().to_owned()),
        copied_from: NotSet,
        diary_id: Set(diary_id),
    }
}

/// Seals when a questionnaire was last saved and when it was handed in. `asking` is its key, as in the row.
pub(crate) fn seal_response(
    link: &Link,
    respondent_id: &str,
    asking: &str,
    updated_at: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
) -> String {
    link.seal(&format!("response {respondent_id} {asking}"), [hour(updated_at), sealed_instant(submitted_at)])
}

/// When a questionnaire was last saved and when it was handed in.
pub(crate) fn open_response(
    link: &Link,
    row: &response::Model,
) -> Result<(DateTime<Utc>, Option<DateTime<Utc>>), AppError> {
    let context = format!("response {} {}", row.respondent_id, row.instrument);
    let [updated_at, submitted_at] = link.open(&context, &row.sealed)?;
    let broken = || AppError::StoredData("a response that does not read back".to_owned());
    Ok((opened_instant(updated_at).ok_or_else(broken)?, opened_instant(submitted_at)))
}

/// An episode as its row will say it, whatever the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct NewEpisode {
    pub(crate) start_slot: i16,
    end_slot: i16,
    main: Option<String>,
    secondary: Option<String>,
    location: Option<String>,
    with_whom: String,
    device: Option<bool>,
    enjoyment: Option<i16>,
}

impl NewEpisode {
    /// The row of an episode.
    pub(crate) fn of(DraftEpisode { span, fields }: &DraftEpisode) -> NewEpisode {
        NewEpisode {
            start_slot: span.start().index() as i16,
            end_slot: span.end().index() as i16,
            main: fields.main.map(|main| main.0.to_string()),
            secondary: fields.secondary.map(|secondary| secondary.0.to_string()),
            location: fields.location.map(|location| location.code()),
            with_whom: fields.with_whom.code(),
            device: fields.device,
            enjoyment: fields.enjoyment.map(|enjoyment| i16::from(enjoyment.value())),
        }
    }

    /// The values in the order of the columns.
    pub(crate) fn values(&self) -> [Value; 8] {
        let NewEpisode { start_slot, end_slot, main, secondary, location, with_whom, device, enjoyment } = self.clone();
        [
            start_slot.into(),
            end_slot.into(),
            main.into(),
            secondary.into(),
            location.into(),
            with_whom.into(),
            device.into(),
            enjoyment.into(),
        ]
    }
}

/// The episodes that have rows: blank time has none.
pub(crate) fn told_episodes(draft: &DiaryDraft) -> Vec<DraftEpisode> {
    draft.episodes().into_iter().filter(|episode| episode.fields != DraftFields::default()).collect()
}

/// The rows of a day's episodes.
pub(crate) fn episode_rows(diary_id: &str, draft: &DiaryDraft) -> Vec<diary_episode::ActiveModel> {
    let row = |episode: DraftEpisode| {
        let NewEpisode { start_slot, end_slot, main, secondary, location, with_whom, device, enjoyment } =
            NewEpisode::of(&episode);
        diary_episode::ActiveModel {
            diary_id: Set(diary_id.to_owned()),
            start_slot: Set(start_slot),
            end_slot: Set(end_slot),
            main: Set(main),
            secondary: Set(secondary),
            location: Set(location),
            with_whom: Set(with_whom),
            device: Set(device),
            enjoyment: Set(enjoyment),
        }
    };
    told_episodes(draft).into_iter().map(row).collect()
}

/// The episode that a row holds.
pub(crate) fn episode_of(row: &diary_episode::Model) -> Result<DraftEpisode, AppError> {
    let broken = || AppError::StoredData("an episode that does not read back".to_owned());
    let activity = |code: &Option<String>| code.as_deref().map(str::parse).transpose().map_err(|_| broken());
    let enjoyment = |value: i16| u8::try_from(value).ok().and_then(Enjoyment::new).ok_or_else(broken);
    Ok(DraftEpisode {
        span: span_of(row.start_slot, row.end_slot).ok_or_else(broken)?,
        fields: DraftFields {
            main: activity(&row.main)?.map(MainActivity),
            secondary: activity(&row.secondary)?.map(SecondaryActivity),
            location: row.location.as_deref().map(str::parse).transpose().map_err(|_| broken())?,
            with_whom: row.with_whom.parse().map_err(|_| broken())?,
            device: row.device,
            enjoyment: row.enjoyment.map(enjoyment).transpose()?,
        },
    })
}

/// The span between two slot indices, if they make one.
pub(crate) fn span_of(start: i16, end: i16) -> Option<Span> {
    let slot = |index: i16| usize::try_from(index).ok().and_then(Slot::new);
    Span::new(slot(start)?, slot(end)?)
}

/// The row that says that a questionnaire was begun.
pub(crate) fn response_row(
    link: &Link,
    survey_id: &str,
    respondent_id: &str,
    asking: &Asking,
    now: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
) -> response::ActiveModel {
    let key = asking.key();
    response::ActiveModel {
        respondent_id: Set(respondent_id.to_owned()),
        survey_id: Set(survey_id.to_owned()),
        instrument_version: Set(asking.instrument.version as i32),
        submitted: Set(submitted_at.is_some()),
        sealed: Set(seal_response(link, respondent_id, &key, now, submitted_at)),
        instrument: Set(key),
    }
}

/// The rows of the answers to one questionnaire; answers to questions of others have none.
pub(crate) fn answer_rows(respondent_id: &str, asking: &Asking, answers: &Answers) -> Vec<answer::ActiveModel> {
    let mut rows: Vec<answer::ActiveModel> = Vec::new();
    let mut position = 0;
    for (question, value) in answers.rows() {
        if asking.instrument.field(question).is_none() {
            continue;
        }
        let continues = rows.last().is_some_and(|last| last.question.as_ref() == question);
        position = if continues { position + 1 } else { 0 };
        rows.push(answer::ActiveModel {
            respondent_id: Set(respondent_id.to_owned()),
            instrument: Set(asking.key()),
            question: Set(question.to_owned()),
            position: Set(position),
            value: Set(value),
        });
    }
    rows
}

/// The answers that rows in the order of question and position hold. Answers to questions that the
/// instrument does not ask, or asks in another form, are left out: the person is asked again.
pub(crate) fn answers_of<'a>(instrument: &Instrument, rows: impl IntoIterator<Item = &'a answer::Model>) -> Answers {
    let mut answers = Answers::default();
    for row in rows {
        match instrument.field(&row.question).map(|question| &question.answer) {
            Some(AnswerKind::Number { .. }) => {
                if let Ok(number) = row.value.parse() {
                    answers.set(&row.question, Answer::Number(number));
                }
            }
            Some(AnswerKind::Single(_)) => answers.set(&row.question, Answer::Choice(row.value.clone())),
            Some(AnswerKind::Text { .. } | AnswerKind::Time { .. }) => {
                answers.set(&row.question, Answer::Text(row.value.clone()));
            }
            Some(AnswerKind::Multiple(_)) => match answers.0.get_mut(&row.question) {
                Some(Answer::Choices(values)) => values.push(row.value.clone()),
                _ => answers.set(&row.question, Answer::Choices(vec![row.value.clone()])),
            },
            Some(AnswerKind::Grid(_) | AnswerKind::Roster(_)) | None => {}
        }
    }
    answers
}
