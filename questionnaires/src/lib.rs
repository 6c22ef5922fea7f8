//! The domain of time-use surveys, pure: codes, diaries, instruments, rules and wording.
//!
//! Nothing here reads a file, a clock or a database, and nothing fails except by returning issues.
//! Code lists, instruments and labels are data files of this package, embedded at build time.

pub mod activity;
pub mod answer;
pub mod context;
pub mod diary;
pub mod exchange;
pub mod fiscal_code;
pub mod instrument;
pub mod quality;
pub mod slot;
pub mod target_group;
pub mod text;
pub mod timeline;

pub use activity::{ActivityCode, MainActivity, SecondaryActivity};
pub use answer::{Answer, Answered, Answers};
pub use context::{Companion, Companions, Location};
pub use diary::{Diary, DiaryDraft, DiaryEntry, Episode};
pub use fiscal_code::FiscalCode;
pub use instrument::Instrument;
pub use slot::{DayKind, Slot, Span};
pub use text::{Label, Language};
pub use timeline::Timeline;
