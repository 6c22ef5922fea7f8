//! `tempi estimate`.

use analytics::design::{ClusterLabels, DesignRules, SingleCluster};
use analytics::desk::{
    Answer, Condition, DesignColumns, Expression, Microdata, Missing, Question, ReplicateDesign, ReplicateKind,
    StatisticKind,
};
use analytics::estimation::{AssociationTest, Centre, ProportionInterval};

use crate::arguments::{
    DesignArguments, EstimateArguments, IntervalName, LonelyPsuName, MissingName, ReplicateTypeName, StatisticName,
    TestName,
};
use crate::results::Results;
use crate::table::{aligned, short};

/// Answers one question on a file.
pub fn run(arguments: EstimateArguments, results: Results) -> anyhow::Result<()> {
    let question = question(&arguments)?;
    let answer = question.answer(&Microdata::read(&arguments.file)?)?;
    if arguments.csv {
        print!("{}", csv(&question, &answer)?);
        return Ok(());
    }
    results.print(&text(&question, &answer), &serde_json::to_value(&answer)?);
    Ok(())
}

fn question(arguments: &EstimateArguments) -> anyhow::Result<Question> {
    let conditions = arguments.conditions.iter().map(|text| text.parse()).collect::<Result<Vec<Condition>, _>>()?;
    let function = |text: &String| Ok((text.clone(), text.parse::<Expression>()?));
    let design = &arguments.design;
    Ok(Question {
        statistic: match arguments.statistic {
            StatisticName::Mean => StatisticKind::Mean,
            StatisticName::Total => StatisticKind::Total,
            StatisticName::Proportion => StatisticKind::Proportion,
            StatisticName::Ratio => StatisticKind::Ratio,
            StatisticName::Quantile => StatisticKind::Quantile(arguments.probabilities.clone()),
            StatisticName::Variance => StatisticKind::Variance,
            StatisticName::Test => StatisticKind::Test(match arguments.test {
                TestName::F => AssociationTest::F,
                TestName::Chisq => AssociationTest::ChiSquared,
                TestName::Wald => AssociationTest::Wald,
                TestName::AdjWald => AssociationTest::AdjustedWald,
            }),
        },
        variables: arguments.variables.clone(),
        by: arguments.by.clone(),
        conditions,
        design: DesignColumns {
            ids: design.ids.clone(),
            strata: design.strata.iter().map(|column| (column != "-").then(|| column.clone())).collect(),
            fpc: design.fpc.clone(),
            weights: design.weights.clone(),
        },
        rules: DesignRules {
            labels: ClusterLabels::WithinStrata,
            single_cluster: match design.lonely_psu {
                LonelyPsuName::Fail => SingleCluster::Fail,
                LonelyPsuName::Remove => SingleCluster::Remove,
                LonelyPsuName::Adjust => SingleCluster::Adjust,
                LonelyPsuName::Average => SingleCluster::Average,
                LonelyPsuName::Certainty => SingleCluster::Certainty,
                LonelyPsuName::Collapse => SingleCluster::Collapse,
            },
            ..DesignRules::default()
        },
        replicates: replicates(design),
        functions: arguments.function.iter().map(function).collect::<anyhow::Result<_>>()?,
        interval: match arguments.interval {
            IntervalName::Mean => ProportionInterval::Mean,
            IntervalName::Logit | IntervalName::Xlogit => ProportionInterval::Logit,
            IntervalName::Asin => ProportionInterval::Asin,
            IntervalName::Beta => ProportionInterval::Beta,
            IntervalName::Likelihood => ProportionInterval::Likelihood,
            IntervalName::Wilson => ProportionInterval::Wilson,
        },
        level: arguments.level,
        missing: match arguments.missing {
            MissingName::Fail => Missing::Fail,
            MissingName::Drop => Missing::Drop,
        },
        design_effect: arguments.deff,
    })
}

fn replicates(design: &DesignArguments) -> Option<ReplicateDesign> {
    let kind = match design.replicate_type? {
        ReplicateTypeName::Jk1 => ReplicateKind::Jk1,
        ReplicateTypeName::Jkn => ReplicateKind::Jkn,
        ReplicateTypeName::Brr => ReplicateKind::Brr,
        ReplicateTypeName::Fay => ReplicateKind::Fay { rho: design.rho },
        ReplicateTypeName::Bootstrap => ReplicateKind::Bootstrap,
        ReplicateTypeName::SuccessiveDifference => ReplicateKind::SuccessiveDifference,
        ReplicateTypeName::Other => ReplicateKind::Other,
    };
    // Successive differences are differences from the estimate (Fay and Train).
    let around_estimate = design.mse || kind == ReplicateKind::SuccessiveDifference;
    Some(ReplicateDesign {
        columns: design.repweights.clone(),
        kind,
        scale: design.scale,
        rscales: design.rscales.clone(),
        centre: if around_estimate { Centre::Estimate } else { Centre::Mean },
    })
}

const MEASURES: [&str; 9] = ["term", "estimate", "se", "low", "high", "df", "cv", "deff", "n"];

fn table(question: &Question, answer: &Answer, number: impl Fn(f64) -> String) -> (Vec<String>, Vec<Vec<String>>) {
    let header = question.by.iter().cloned().chain(MEASURES.map(str::to_owned)).collect();
    let optional = |value: Option<f64>| value.map(&number).unwrap_or_default();
    let row = |row: &analytics::desk::AnswerRow| {
        let numbers = [
            number(row.estimate),
            optional(row.standard_error),
            optional(row.ci_low),
            optional(row.ci_high),
            optional(row.degrees_of_freedom),
            optional(row.cv),
            optional(row.design_effect),
            row.n.to_string(),
        ];
        row.domain.iter().cloned().chain([row.term.clone()]).chain(numbers).collect()
    };
    (header, answer.rows.iter().map(row).collect())
}

fn text(question: &Question, answer: &Answer) -> String {
    let mut lines = Vec::new();
    if let Some(test) = &answer.test {
        let df = test.degrees_of_freedom.iter().map(|df| short(*df)).collect::<Vec<_>>().join(" and ");
        let variables = question.variables.join(" and ");
        lines.push(format!(
            "{variables}: {} = {}, df = {df}, p-value = {}",
            test.method,
            short(test.statistic),
            short(test.p_value)
        ));
    } else {
        let (header, rows) = table(question, answer, short);
        lines.push(aligned(&header, &rows));
    }
    if answer.n_missing > 0 {
        lines.push(format!("Left out of their domain because a value is missing: {}.", answer.n_missing));
    }
    lines.join("\n")
}

fn csv(question: &Question, answer: &Answer) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if let Some(test) = &answer.test {
        writer.write_record(["method", "statistic", "df", "denominator_df", "p_value"])?;
        let df = |place: usize| test.degrees_of_freedom.get(place).map(f64::to_string).unwrap_or_default();
        writer.write_record([
            test.method.to_owned(),
            test.statistic.to_string(),
            df(0),
            df(1),
            test.p_value.to_string(),
        ])?;
    } else {
        let (header, rows) = table(question, answer, |number| number.to_string());
        writer.write_record(&header)?;
        for row in rows {
            writer.write_record(&row)?;
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}
