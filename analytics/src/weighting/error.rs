//! Why weights cannot be made, and what is worth knowing where they can. Every message names the margin.

use serde::Serialize;

/// Why weights cannot be adjusted. The weights given are unchanged.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WeightingError {
    /// Two inputs that go row by row have different lengths.
    #[error(
        "{what} has {found} rows where the weights have {expected}. The weights are unchanged; give one value per row."
    )]
    Length {
        /// The input.
        what: String,
        /// Its rows.
        found: usize,
        /// Rows of the weights.
        expected: usize,
    },
    /// A weight is missing, negative or infinite.
    #[error("the weight in row {row} is {weight}. No weight was changed; a weight is a number of zero or more.")]
    NotAWeight {
        /// The row, counted from 1.
        row: usize,
        /// What stands there.
        weight: f64,
    },
    /// A number that enters an adjustment is missing or infinite.
    #[error(
        "{what} in row {row} is {value}. The weights are unchanged; fill it in or leave the row out before weighting."
    )]
    NotANumber {
        /// The column.
        what: String,
        /// The row, counted from 1.
        row: usize,
        /// What stands there.
        value: f64,
    },
    /// A population total is missing, negative or infinite.
    #[error(
        "margin `{margin}`, category `{category}`: the total is {total}. The weights are unchanged; correct the total."
    )]
    NotATotal {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
        /// The total given.
        total: f64,
    },
    /// A category is listed twice.
    #[error(
        "margin `{margin}` lists the category `{category}` twice. The weights are unchanged; keep one of the lines."
    )]
    DuplicateCategory {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
    },
    /// Respondents have a category whose total is not given (or zero).
    #[error(
        "margin `{margin}` has no people in the category `{category}`, where the sample has {n_respondents} respondents. \
         The weights are unchanged; give its total, or join it with another category."
    )]
    NotCounted {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
        /// Respondents there.
        n_respondents: usize,
    },
    /// A category has a total, and no respondent with a weight above zero.
    #[error(
        "margin `{margin}` counts {total} people in the category `{category}`, where no respondent has a weight above \
         zero. The weights are unchanged; join the category with another, or ask for empty categories to be left out."
    )]
    EmptyCategory {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
        /// Its total.
        total: f64,
    },
    /// Two margins of one population add up to different totals.
    #[error(
        "the margins disagree: `{margin}` adds up to {total}, `{first}` to {first_total} (a difference of {difference}). \
         The weights are unchanged; correct the totals, or ask for them to be rescaled to `{first}`."
    )]
    TotalsDisagree {
        /// The margin they are compared with.
        first: String,
        /// What it adds up to.
        first_total: f64,
        /// The margin that disagrees.
        margin: String,
        /// What it adds up to.
        total: f64,
        /// The second minus the first.
        difference: f64,
    },
    /// A column of the model follows from the columns before it, but its total does not follow from theirs.
    #[error(
        "the total of `{column}` contradicts the others: it is {total}, while the columns before it, of which it is a \
         combination in this sample, make it {implied}. The weights are unchanged; correct the totals."
    )]
    ContradictoryTotal {
        /// The column.
        column: String,
        /// The total given.
        total: f64,
        /// The total that follows from the others.
        implied: f64,
    },
    /// A column of the model is zero for every respondent with a weight, and has a total.
    #[error(
        "`{column}` has the total {total}, and is zero for every respondent with a weight above zero. The weights are \
         unchanged; leave the column out, or join the category with another."
    )]
    EmptyColumn {
        /// The column.
        column: String,
        /// Its total.
        total: f64,
    },
    /// The iterations ended before the totals were met.
    #[error(
        "the weights did not converge in {n_iterations} iterations: `{worst}` is at {found} instead of {expected} \
         (off by {difference}). The weights are unchanged; join small categories, leave a margin out, widen the bounds \
         or allow more iterations."
    )]
    NotConverged {
        /// Iterations done.
        n_iterations: usize,
        /// The margin and category (or column) that is off the most, relative to its total.
        worst: String,
        /// What the weights make it.
        found: f64,
        /// What it should be.
        expected: f64,
        /// The first minus the second.
        difference: f64,
    },
    /// Bounds that no weight can meet.
    #[error("the bounds {lower} and {upper} cannot hold: {reason}. The weights are unchanged; choose others.")]
    Bounds {
        /// Lower bound.
        lower: f64,
        /// Upper bound.
        upper: f64,
        /// Why.
        reason: &'static str,
    },
    /// The adjustment of one replicate failed.
    #[error("replicate {replicate}: {source}")]
    Replicate {
        /// The replicate, counted from 1.
        replicate: usize,
        /// Why.
        source: Box<WeightingError>,
    },
    /// There is nothing to adjust to, or nobody.
    #[error("there is nothing to weight: {what}. Nothing was changed.")]
    Nothing {
        /// What is missing.
        what: &'static str,
    },
    /// Nobody answered, so nobody can stand for those who did not.
    #[error(
        "nobody answered in class `{class}`, nor in a class it can be joined with. The weights are unchanged; \
         choose fewer classes."
    )]
    NobodyAnswered {
        /// The class.
        class: String,
    },
    /// A response propensity of zero or one: the predictors separate those who answered from those who did not.
    #[error(
        "the response model separates those who answered from those who did not (row {row}: propensity {propensity}). \
         The weights are unchanged; use fewer predictors, or classes."
    )]
    Separated {
        /// The row, counted from 1.
        row: usize,
        /// The propensity.
        propensity: f64,
    },
}

/// What an adjustment did besides meeting its totals: reported, never fatal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// Some weights came out below zero, as they can with the linear distance.
    NegativeWeights {
        /// How many.
        n: usize,
        /// The lowest.
        lowest: f64,
    },
    /// A column follows from those before it and added nothing.
    Redundant {
        /// The column.
        column: String,
    },
    /// A category without respondents was left out, as asked.
    LeftOut {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
        /// Its total, which nobody stands for.
        total: f64,
    },
    /// A margin's totals were rescaled to those of the first margin, as asked.
    Rescaled {
        /// The margin.
        margin: String,
        /// What it added up to.
        from: f64,
        /// What it adds up to now.
        to: f64,
    },
    /// Weights were first multiplied by one number, because the totals are far above what they make of the sample; bounds
    /// hold for the weights after that.
    Scaled {
        /// The number.
        by: f64,
    },
    /// Weights were cut to their bounds.
    Trimmed {
        /// How many units.
        n: usize,
        /// How much weight was moved to others (negative where it was taken from them).
        moved: f64,
    },
    /// A class with too few respondents was joined with its neighbour.
    Joined {
        /// The class.
        class: String,
        /// The class it was joined with.
        with: String,
    },
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Note::NegativeWeights { n, lowest } => write!(f, "{n} weights are below zero, the lowest {lowest}"),
            Note::Redundant { column } => write!(f, "`{column}` follows from the columns before it and adds nothing"),
            Note::LeftOut { margin, category, total } => {
                write!(
                    f,
                    "margin `{margin}`: category `{category}` ({total} people) has no respondents and was left out"
                )
            }
            Note::Rescaled { margin, from, to } => write!(f, "margin `{margin}` was rescaled from {from} to {to}"),
            Note::Scaled { by } => write!(f, "weights were first multiplied by {by}, and bounds hold after that"),
            Note::Trimmed { n, moved } => {
                write!(f, "{n} weights were trimmed, moving a weight of {moved} to the others")
            }
            Note::Joined { class, with } => write!(f, "class `{class}` was joined with `{with}`"),
        }
    }
}
