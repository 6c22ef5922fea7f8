//! `tempi weight`.

use analytics::desk::{Calfun, KnownTotals, Microdata, WeightingPlan};
use analytics::weighting::{Disagreement, Distribution, MarginRules, WeightingReport};
use serde_json::json;

use crate::arguments::{CalfunName, WeightArguments};
use crate::results::Results;
use crate::table::{aligned, short};

/// Calibrates a file's weights and writes the file with them.
pub fn run(arguments: WeightArguments, results: Results) -> anyhow::Result<()> {
    let plan = WeightingPlan {
        weights: arguments.weights,
        totals: KnownTotals::read(&arguments.margins)?,
        calfun: match arguments.calfun {
            CalfunName::Linear => Calfun::Linear,
            CalfunName::Raking => Calfun::Raking,
            CalfunName::Logit => Calfun::Logit,
        },
        bounds: pair(&arguments.bounds, "--bounds")?,
        aggregate: arguments.aggregate,
        trim: pair(&arguments.trim, "--trim")?,
        rules: MarginRules {
            disagreement: if arguments.rescale { Disagreement::Rescale } else { Disagreement::Fail },
            ..MarginRules::default()
        },
    };
    let data = Microdata::read(&arguments.file)?;
    let weighed = plan.weigh(&data)?;
    data.write_with(&arguments.column, &weighed.weights, &arguments.output)?;
    let report = &weighed.report;
    results.print(
        &format!("{}\n\nWeights of {} rows written to {}", text(report), data.n_rows(), arguments.output.display()),
        &json!({ "output": arguments.output, "column": arguments.column, "report": report }),
    );
    Ok(())
}

fn pair(values: &[f64], flag: &str) -> anyhow::Result<Option<(f64, f64)>> {
    match values {
        [] => Ok(None),
        [least, most] => Ok(Some((*least, *most))),
        _ => anyhow::bail!("{flag} takes two numbers, such as 0.3,3"),
    }
}

fn text(report: &WeightingReport) -> String {
    let header = ["", "sum", "min", "quartile", "median", "quartile", "max", "cv"].map(str::to_owned);
    let row = |name: &str, of: &Distribution| {
        let numbers = [of.sum, of.min, of.lower_quartile, of.median, of.upper_quartile, of.max, of.cv];
        [name.to_owned()].into_iter().chain(numbers.map(short)).collect()
    };
    let rows: Vec<Vec<String>> =
        vec![row("before", &report.before), row("after", &report.after), row("factors", &report.factors)];
    let mut lines = vec![aligned(&header, &rows)];
    lines.push(format!(
        "Design effect of unequal weights {} (before {}), effective sample size {} of {}; {} iterations",
        short(report.after.design_effect),
        short(report.before.design_effect),
        short(report.after.effective_n),
        report.n_units,
        report.n_iterations
    ));
    let header = ["margin", "category", "n", "before", "total", "after"].map(str::to_owned);
    let categories = report.margins.iter().flat_map(|margin| {
        margin.categories.iter().map(|category| {
            let texts = [margin.name.clone(), category.label.clone(), category.n_units.to_string()];
            texts.into_iter().chain([category.before, category.total, category.after].map(short)).collect()
        })
    });
    let rows: Vec<Vec<String>> = categories.collect();
    if !rows.is_empty() {
        lines.push(aligned(&header, &rows));
    }
    lines.extend(report.notes.iter().map(|note| format!("Note: {note}")));
    lines.join("\n\n")
}
