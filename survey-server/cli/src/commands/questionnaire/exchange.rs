//! `tempi questionnaire export` and `import`.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use questionnaires::exchange::{ddi, xforms, xlsform};
use questionnaires::{Instrument, instrument};
use serde_json::json;
use survey_server::questionnaire::workbook;

use crate::arguments::{ExchangeFormat, ExportQuestionnaireArguments};
use crate::results::Results;

/// Writes a questionnaire in another program's form.
pub fn export(arguments: &ExportQuestionnaireArguments, results: Results) -> anyhow::Result<()> {
    let own = instrument::all().iter().find(|own| arguments.source == Path::new(&own.name));
    let instrument = match own.filter(|_| !arguments.source.exists()) {
        Some(own) => own.clone(),
        None => super::read(&arguments.source)?,
    };
    let bytes = match arguments.format {
        ExchangeFormat::Xlsform => workbook::write(&xlsform::to_sheets(&instrument))?,
        ExchangeFormat::Xforms => xforms::to_xml(&instrument).into_bytes(),
        ExchangeFormat::Ddi => ddi::codebook(&[&instrument]).into_bytes(),
        ExchangeFormat::Toml => instrument.to_toml().into_bytes(),
    };
    fs::write(&arguments.output, bytes).with_context(|| format!("cannot write {}", arguments.output.display()))?;
    results.print(
        &format!("{}, version {}, is in {}", instrument.name, instrument.version, arguments.output.display()),
        &json!({ "name": instrument.name, "version": instrument.version, "output": arguments.output }),
    );
    Ok(())
}

/// Reads a questionnaire from another program's form.
pub fn import(file: &Path, output: &Path, results: Results) -> anyhow::Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let read: Result<Instrument, Vec<String>> = match extension {
        "xlsx" => {
            let sheets = workbook::read(&bytes).with_context(|| format!("{} is not a workbook", file.display()))?;
            xlsform::from_sheets(&sheets)
        }
        "xml" => {
            let text = String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", file.display()))?;
            xforms::from_xml(&text)
        }
        _ => bail!("{} is neither an XLSForm (.xlsx) nor XForms (.xml)", file.display()),
    };
    let instrument = read.map_err(|problems| {
        let places = problems.len();
        anyhow::anyhow!(
            "{} cannot be taken over whole, so nothing was written. {places} things are in the way:\n  {}",
            file.display(),
            problems.join("\n  ")
        )
    })?;
    fs::write(output, instrument.to_toml()).with_context(|| format!("cannot write {}", output.display()))?;
    let n_issues = instrument.check().len();
    results.print(
        &format!(
            "{}, version {}, is in {}{}",
            instrument.name,
            instrument.version,
            output.display(),
            if n_issues > 0 { ". It has faults still: see `tempi questionnaire check`" } else { "" }
        ),
        &json!({ "name": instrument.name, "version": instrument.version, "output": output, "n_faults": n_issues }),
    );
    Ok(())
}
