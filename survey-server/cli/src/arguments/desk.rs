//! What `tempi estimate` and `tempi weight` understand: R survey's terms where R has one.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `tempi estimate`.
#[derive(Debug, Args)]
pub struct EstimateArguments {
    /// The data: a CSV file with a header, or a Parquet file.
    pub file: PathBuf,
    /// What to estimate.
    pub statistic: StatisticName,
    /// Of which columns; `COLUMN=VALUE` is 1 where the column has that value, else 0. A ratio has numerator and
    /// denominator, a test two columns.
    #[arg(required = true, value_name = "VARIABLE")]
    pub variables: Vec<String>,
    /// The design.
    #[command(flatten)]
    pub design: DesignArguments,
    /// Domains: estimates for every combination of these columns' values.
    #[arg(long, value_delimiter = ',', value_name = "COLUMN")]
    pub by: Vec<String>,
    /// Only the domain where this holds, such as `age>=15` or `sex=F`; several hold together.
    #[arg(long = "where", value_name = "CONDITION")]
    pub conditions: Vec<String>,
    /// A function of the estimates, such as `(F - M) / M` over the domains of --by, with its standard error.
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    pub function: Vec<String>,
    /// Of a quantile: which ones.
    #[arg(long, value_delimiter = ',', default_value = "0.5", value_name = "P")]
    pub probabilities: Vec<f64>,
    /// Of a test: which statistic.
    #[arg(long, value_enum, default_value_t = TestName::F)]
    pub test: TestName,
    /// How intervals are made. Those other than `mean` are for shares.
    #[arg(long, value_enum, default_value_t = IntervalName::Mean)]
    pub interval: IntervalName,
    /// The confidence of intervals.
    #[arg(long, default_value_t = 0.95, value_name = "LEVEL")]
    pub level: f64,
    /// Give design effects.
    #[arg(long)]
    pub deff: bool,
    /// What to do with rows whose variable is missing.
    #[arg(long, value_enum, default_value_t = MissingName::Fail)]
    pub missing: MissingName,
    /// Print CSV.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// The design, by column names.
#[derive(Debug, Args)]
pub struct DesignArguments {
    /// The column of weights.
    #[arg(long, value_name = "COLUMN")]
    pub weights: Option<String>,
    /// The column of clusters, once for each stage of sampling; without it every row is a cluster.
    #[arg(long, value_name = "COLUMN")]
    pub ids: Vec<String>,
    /// The column of strata, once for each stage; `-` for a stage without strata.
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub strata: Vec<String>,
    /// The column that counts the clusters in the population of the stratum (or gives the sampling fraction), once for
    /// each stage; without it no finite population correction.
    #[arg(long, value_name = "COLUMN")]
    pub fpc: Vec<String>,
    /// What to do with a stratum that has one cluster.
    #[arg(long, value_enum, default_value_t = LonelyPsuName::Fail)]
    pub lonely_psu: LonelyPsuName,
    /// Columns of replicate weights: names, or a beginning followed by `*`; they replace the design in the variance.
    #[arg(long, value_delimiter = ',', value_name = "COLUMN", requires = "replicate_type")]
    pub repweights: Vec<String>,
    /// How the replicates were made.
    #[arg(long, value_enum, requires = "repweights")]
    pub replicate_type: Option<ReplicateTypeName>,
    /// Multiplies the sum of squares over replicates; by default what the type implies.
    #[arg(long)]
    pub scale: Option<f64>,
    /// Multiplies each replicate's square; by default 1.
    #[arg(long, value_delimiter = ',')]
    pub rscales: Vec<f64>,
    /// Fay's coefficient.
    #[arg(long, default_value_t = 0.5)]
    pub rho: f64,
    /// Squares are taken around the estimate instead of the replicates' mean.
    #[arg(long)]
    pub mse: bool,
}

/// `tempi weight`.
#[derive(Debug, Args)]
pub struct WeightArguments {
    /// The data: a CSV file with a header, or a Parquet file.
    pub file: PathBuf,
    /// Known totals: a CSV file with the columns `margin,category,total`. A margin is a column, or several joined by
    /// `*`, and so is its category; without a category the margin is the total of a numeric column, and `(population)`
    /// is the number of units.
    #[arg(long, value_name = "FILE")]
    pub margins: PathBuf,
    /// The column of weights to begin with; without it one for everybody.
    #[arg(long, value_name = "COLUMN")]
    pub weights: Option<String>,
    /// How far weights may move, and how it is measured.
    #[arg(long, value_enum, default_value_t = CalfunName::Raking)]
    pub calfun: CalfunName,
    /// Least and largest factor of a weight, such as 0.3,3.
    #[arg(long, value_delimiter = ',', num_args = 1, value_name = "LEAST,MOST")]
    pub bounds: Vec<f64>,
    /// Units with the same value here, such as a household, get the same weight; those they begin with are averaged
    /// first.
    #[arg(long, value_name = "COLUMN")]
    pub aggregate: Option<String>,
    /// Least and largest weight afterwards, such as 20,500; margins still hold.
    #[arg(long, value_delimiter = ',', num_args = 1, value_name = "LEAST,MOST")]
    pub trim: Vec<f64>,
    /// Scale margins whose sums disagree to the first one's instead of refusing them.
    #[arg(long)]
    pub rescale: bool,
    /// The file to write: the data with the new column, CSV or Parquet by its ending.
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// The name of the new column.
    #[arg(long, default_value = "calibrated_weight", value_name = "COLUMN")]
    pub column: String,
}

/// Statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatisticName {
    /// Weighted mean.
    Mean,
    /// Weighted total.
    Total,
    /// Shares of a column's categories.
    Proportion,
    /// Ratio of two totals.
    Ratio,
    /// Quantiles, with Woodruff intervals.
    Quantile,
    /// Variance in the population.
    Variance,
    /// Test of association of two columns (Rao and Scott).
    Test,
}

/// Statistics of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names are R's")]
pub enum TestName {
    #[value(name = "F")]
    F,
    #[value(name = "Chisq")]
    Chisq,
    #[value(name = "Wald")]
    Wald,
    #[value(name = "adjWald")]
    AdjWald,
}

/// Intervals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names are R's")]
pub enum IntervalName {
    Mean,
    Logit,
    Xlogit,
    Asin,
    Beta,
    Likelihood,
    Wilson,
}

/// Rules for missing values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MissingName {
    /// Refuse to answer, and say where.
    Fail,
    /// Answer for the domain where every variable is known (R: `na.rm=TRUE`).
    Drop,
}

/// Rules for a stratum with one cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names are R's, and ReGenesees' for the last")]
pub enum LonelyPsuName {
    Fail,
    Remove,
    Adjust,
    Average,
    Certainty,
    Collapse,
}

/// Kinds of replicate weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names are R's")]
pub enum ReplicateTypeName {
    #[value(name = "JK1")]
    Jk1,
    #[value(name = "JKn")]
    Jkn,
    #[value(name = "BRR")]
    Brr,
    #[value(name = "Fay")]
    Fay,
    Bootstrap,
    SuccessiveDifference,
    Other,
}

/// Distances of calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CalfunName {
    /// Least squares; weights may become negative, unless there are bounds.
    Linear,
    /// Multiplicative; weights stay positive.
    Raking,
    /// Between bounds, with the logit distance.
    Logit,
}
