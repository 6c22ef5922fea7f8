//! Tables on a terminal: columns under their names, numbers to the right.

/// A table with a header; every row has as many cells. Columns in which every cell is empty are left out.
pub fn aligned(header: &[String], rows: &[Vec<String>]) -> String {
    let is_number = |cell: &String| cell.is_empty() || cell.parse::<f64>().is_ok();
    let columns: Vec<(usize, usize, bool)> = (0..header.len())
        .filter(|column| rows.iter().any(|row| !row[*column].is_empty()))
        .map(|column| {
            let cells = rows.iter().map(|row| &row[column]);
            let width = cells.clone().chain([&header[column]]).map(|cell| cell.chars().count()).max().unwrap_or(0);
            (column, width, cells.clone().all(is_number))
        })
        .collect();
    let line = |row: &[String]| {
        let cells = columns.iter().map(|(column, width, to_the_right)| match to_the_right {
            true => format!("{:>width$}", row[*column]),
            false => format!("{:<width$}", row[*column]),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let lines = [line(header)].into_iter().chain(rows.iter().map(|row| line(row)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A number with seven significant digits, as R prints it.
pub fn short(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return number.to_string();
    }
    let magnitude = number.abs().log10().floor() as i32;
    if !(-5..15).contains(&magnitude) {
        return format!("{number:.6e}");
    }
    let decimals = (6 - magnitude).max(0) as usize;
    let text = format!("{number:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_columns_aligned() {
        let numbers = [656.585, 9.24972203928281, 0.0, 3_687_177.53243828, 1e-9, -0.25];
        let short: Vec<String> = numbers.into_iter().map(short).collect();
        assert_eq!(short, ["656.585", "9.249722", "0", "3687178", "1.000000e-9", "-0.25"]);
        let rows = [["E", "635.87", ""], ["mid", "7", ""]].map(|row| row.map(str::to_owned).to_vec());
        let header = ["stype", "estimate", "deff"].map(str::to_owned);
        assert_eq!(aligned(&header, &rows), "stype  estimate\nE        635.87\nmid           7");
    }
}
