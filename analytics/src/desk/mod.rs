//! The analyst's desk: one question, or one set of weights, on a file of the analyst's own, with the design given
//! by column names. Answers go to the person who asked; only `pipeline` publishes, through `disclosure`.

mod answer;
mod columns;
mod condition;
mod domains;
mod expression;
mod file;
mod file_error;
mod precision;
mod question;
mod replicates;
mod term;
mod totals;
mod weigh;

pub use answer::{Answer, AnswerRow, TestAnswer};
pub use columns::{ColumnsError, DesignColumns, DesignValues};
pub use condition::{Condition, ConditionError};
pub use expression::{Expression, ExpressionError};
pub use file::{Factor, Microdata};
pub use file_error::FileError;
pub use question::{Missing, Question, QuestionError, StatisticKind};
pub use replicates::{ReplicateDesign, ReplicateKind, ReplicatesError};
pub use totals::{CROSS, KnownTotals, POPULATION, TotalsError};
pub use weigh::{Calfun, WeighError, Weighed, WeightingPlan};
