//! `tempi residents`: the register, the samples drawn from it, the known totals.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::json;
use survey_server::clock::{Clock, SystemClock};
use survey_server::residents::{
    self, ImportOptions,
    margins::{MarginsPlan, Variable, margins},
    sample::{Allocation, SamplePlan, Stratifier, Unit, draw},
};

use super::server;
use crate::arguments::{
    CityUsersArguments, MarginsArguments, RegisterImportArguments, ResidentsCommand, SampleArguments, ServerArguments,
    Shares,
};
use crate::results::Results;

/// Runs one of them.
pub async fn run(command: &ResidentsCommand, results: Results) -> anyhow::Result<()> {
    match command {
        ResidentsCommand::Import(arguments) => import(arguments, results).await,
        ResidentsCommand::Sample(arguments) => sample(arguments, results).await,
        ResidentsCommand::Margins(arguments) => count(arguments, results).await,
        ResidentsCommand::CityUsers(arguments) => city_users(arguments, results).await,
        ResidentsCommand::Forget(arguments) => forget(arguments, results).await,
    }
}

async fn import(arguments: &RegisterImportArguments, results: Results) -> anyhow::Result<()> {
    let file = File::open(&arguments.file).with_context(|| format!("cannot read {}", arguments.file.display()))?;
    let report = private(&arguments.report, OpenOptions::new().create(true).truncate(true))?;
    let (database, keys) = server::data(&arguments.server).await?;
    let options = ImportOptions {
        now: SystemClock.now(),
        accept_partial: arguments.accept_partial,
        accept_shrinking: arguments.accept_shrinking,
    };
    let imported = residents::import(&database, &keys, file, report, options).await;
    database.close().await?;
    let shown = arguments.report.display();
    let summary = imported.with_context(|| format!("{}, see {shown}", arguments.file.display()))?;
    let changes = summary.changes;
    let ignored = match summary.ignored_columns.as_slice() {
        [] => String::new(),
        columns => format!("\nColumns not read: {}.", columns.join(", ")),
    };
    results.print(
        &format!(
            "{} residents in the register: {} joined, {} left, {} changed, {} as before. {} lines left out, {} remarks in {shown} \
             ({}, separator {:?}).{ignored}",
            summary.n_residents,
            changes.n_joined,
            changes.n_left,
            changes.n_changed,
            changes.n_unchanged,
            summary.n_rejected,
            summary.n_remarks,
            summary.encoding.name(),
            summary.separator,
        ),
        &json!({
            "n_residents": summary.n_residents,
            "n_joined": changes.n_joined,
            "n_left": changes.n_left,
            "n_changed": changes.n_changed,
            "n_unchanged": changes.n_unchanged,
            "n_rejected": summary.n_rejected,
            "n_remarks": summary.n_remarks,
            "report": arguments.report,
            "encoding": summary.encoding.name(),
            "ignored_columns": summary.ignored_columns,
        }),
    );
    Ok(())
}

async fn sample(arguments: &SampleArguments, results: Results) -> anyhow::Result<()> {
    let config = server::configuration(&arguments.server)?;
    let plan = SamplePlan {
        unit: if arguments.households { Unit::Households } else { Unit::Persons },
        size: arguments.size.unwrap_or_default(),
        strata: arguments.strata.iter().map(|name| stratifier(name)).collect::<anyhow::Result<_>>()?,
        allocation: allocation(arguments)?,
        minimum_age: arguments.minimum_age.unwrap_or(config.participation.minimum_age),
        seed: arguments.seed.clone(),
        replace: arguments.replace,
    };
    let list = private(&arguments.output, OpenOptions::new().create_new(true))?;
    let (database, keys) = server::data(&arguments.server).await?;
    let drawn = draw(&database, &keys, &plan, &list, SystemClock.now()).await;
    database.close().await?;
    if drawn.is_err() {
        // A list without its sample would invite people whose weights nobody knows.
        let _ = std::fs::remove_file(&arguments.output);
    }
    let sample = drawn?;
    list.sync_all().with_context(|| format!("cannot write {}", arguments.output.display()))?;
    if let Some(path) = &arguments.populations {
        let mut csv = csv::Writer::from_path(path).with_context(|| format!("cannot write {}", path.display()))?;
        csv.write_record(["stratum", "clusters"])?;
        for stratum in &sample.strata {
            csv.write_record([stratum.name.as_str(), &stratum.n_frame.to_string()])?;
        }
        csv.flush()?;
    }
    let strata = sample.strata.iter().map(|stratum| {
        json!({
            "stratum": stratum.name,
            "n_frame": stratum.n_frame,
            "n_drawn": stratum.n_drawn,
            "n_persons": stratum.n_persons,
        })
    });
    results.print(
        &format!(
            "{} {} drawn in {} strata, {} persons to invite. {} holds their fiscal codes: it is for the office that \
             invites, readable by its owner only; delete it when the invitations are out.",
            sample.n_units(),
            plan.unit.name(),
            sample.strata.len(),
            sample.people.len(),
            arguments.output.display()
        ),
        &json!({
            "unit": plan.unit.name(),
            "n_units": sample.n_units(),
            "n_persons": sample.people.len(),
            "strata": strata.collect::<Vec<_>>(),
            "output": arguments.output,
        }),
    );
    Ok(())
}

async fn count(arguments: &MarginsArguments, results: Results) -> anyhow::Result<()> {
    let config = server::configuration(&arguments.server)?;
    let plan = MarginsPlan {
        margins: arguments.margins.iter().map(|names| variables(names)).collect::<anyhow::Result<_>>()?,
        minimum_age: arguments.minimum_age.unwrap_or(config.participation.minimum_age),
        threshold: arguments.threshold,
        round_to: arguments.round,
    };
    let (database, keys) = server::data(&arguments.server).await?;
    let mut text = Vec::new();
    let counted = margins(&database, &keys, &plan, &mut text, SystemClock.now()).await;
    database.close().await?;
    let summary = counted?;
    let shown = arguments.output.display();
    std::fs::write(&arguments.output, text).with_context(|| format!("cannot write {shown}"))?;
    results.print(
        &format!(
            "{} people aged {} and over, {} totals in {shown}",
            summary.n_people, plan.minimum_age, summary.n_categories
        ),
        &json!({ "n_people": summary.n_people, "n_categories": summary.n_categories, "output": arguments.output }),
    );
    Ok(())
}

async fn city_users(arguments: &CityUsersArguments, results: Results) -> anyhow::Result<()> {
    let (database, keys) = server::data(&arguments.server).await?;
    let counted = residents::city_user::count(&database, &keys, SystemClock.now()).await;
    database.close().await?;
    let counts = counted?;
    // Small numbers would tell about people, blank ones nothing.
    let shown = |number: u64| if number < arguments.threshold { None } else { Some(number) };
    let in_words = |number: u64| shown(number).map_or_else(|| "fewer than the threshold".to_owned(), |n| n.to_string());
    let lines = |title: &str, rows: Vec<(&str, u64)>| {
        let rows = rows.into_iter().map(|(name, number)| format!("\n  {name}: {}", in_words(number)));
        format!("\n{title}{}", rows.collect::<String>())
    };
    let relations: Vec<(&str, u64)> = counts.relations.iter().map(|(name, number)| (*name, *number)).collect();
    let zones = counts.zones.iter();
    let zones: Vec<(&str, u64)> =
        zones.map(|(zone, number)| (if zone.is_empty() { "several zones" } else { zone }, *number)).collect();
    let as_json = |rows: &[(&str, u64)]| {
        rows.iter().map(|(name, number)| ((*name).to_owned(), json!(shown(*number)))).collect::<serde_json::Map<_, _>>()
    };
    let told = json!({
        "n_people": shown(counts.n_people),
        "relations": as_json(&relations),
        "zones": as_json(&zones),
    });
    let people = in_words(counts.n_people);
    let text = match counts.n_people {
        0 => "Nobody has declared themselves a city user.".to_owned(),
        _ => format!(
            "City users who declared themselves: {people}{}{}",
            lines("What brings them:", relations),
            lines("Where to:", zones)
        ),
    };
    results.print(&text, &told);
    Ok(())
}

async fn forget(arguments: &ServerArguments, results: Results) -> anyhow::Result<()> {
    let (database, _) = server::data(arguments).await?;
    let n_residents = residents::n_residents(&database).await?;
    residents::forget(&database, SystemClock.now()).await?;
    database.close().await?;
    results.print(
        &match n_residents {
            None => "There was no register of residents.".to_owned(),
            Some(number) => {
                format!("The register of residents, {number} people, was removed. A sample drawn from it stays.")
            }
        },
        &json!({ "n_residents": n_residents }),
    );
    Ok(())
}

fn stratifier(name: &str) -> anyhow::Result<Stratifier> {
    Stratifier::from_name(name)
        .with_context(|| format!("`{name}` makes no strata; the variables are {}", Stratifier::names()))
}

fn variables(names: &str) -> anyhow::Result<Vec<Variable>> {
    let variable = |name: &str| {
        Variable::from_name(name)
            .with_context(|| format!("`{name}` cannot be counted; the variables are zona, sesso, eta"))
    };
    names.split('*').map(variable).collect()
}

fn allocation(arguments: &SampleArguments) -> anyhow::Result<Allocation> {
    let Some(path) = &arguments.allocation else {
        return Ok(match arguments.shares {
            Shares::Proportional => Allocation::Proportional,
            Shares::Equal => Allocation::Equal,
        });
    };
    let mut numbers = BTreeMap::new();
    let mut csv = csv::Reader::from_path(path).with_context(|| format!("cannot read {}", path.display()))?;
    for line in csv.deserialize() {
        let (stratum, number): (String, u64) =
            line.with_context(|| format!("{} must have the columns stratum,number", path.display()))?;
        if numbers.insert(stratum.clone(), number).is_some() {
            bail!("{} names the stratum `{stratum}` twice", path.display());
        }
    }
    Ok(Allocation::Given(numbers))
}

/// A file that its owner alone may read, whatever the mask says and whatever it was before.
fn private(path: &Path, options: &mut OpenOptions) -> anyhow::Result<File> {
    let file = options.write(true).mode(0o600).open(path);
    let file =
        file.with_context(|| format!("cannot write {}; a list of invitations must be a new file", path.display()))?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    Ok(file)
}
