//! Conditions on the rows of a file: `age>=15`, `sex=F`, `region=north,centre`. They mark a domain, and never
//! take a row out of the design.

use std::str::FromStr;

use super::file::Microdata;
use super::file_error::FileError;

/// A condition on one column.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The column.
    pub column: String,
    /// What it must be.
    pub test: Test,
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// One of these, compared as text, or as numbers where both are.
    OneOf(Vec<String>),
    /// None of these; a missing value is none of them, yet fails.
    NoneOf(Vec<String>),
    /// A number in this order to another.
    Compared(Order, f64),
}

/// The order of two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// Why a text is no condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a condition; write COLUMN=VALUE[,VALUE], COLUMN!=VALUE, or COLUMN<NUMBER with <, <=, > or >=")]
pub struct ConditionError {
    /// The text.
    pub text: String,
}

impl FromStr for Condition {
    type Err = ConditionError;
    fn from_str(text: &str) -> Result<Condition, ConditionError> {
        let error = || ConditionError { text: text.to_owned() };
        let at = text.find(['=', '!', '<', '>']).ok_or_else(error)?;
        let (column, rest) = text.split_at(at);
        let operator = ["==", "!=", "<=", ">=", "=", "<", ">"].into_iter().find(|operator| rest.starts_with(operator));
        let operator = operator.ok_or_else(error)?;
        let value = rest[operator.len()..].trim();
        if column.trim().is_empty() || value.is_empty() {
            return Err(error());
        }
        let values = || value.split(',').map(|value| value.trim().to_owned()).collect();
        let order = |order| value.parse().map(|number| Test::Compared(order, number)).map_err(|_| error());
        let test = match operator {
            "=" | "==" => Test::OneOf(values()),
            "!=" => Test::NoneOf(values()),
            "<" => order(Order::Below)?,
            "<=" => order(Order::AtMost)?,
            ">" => order(Order::Above)?,
            _ => order(Order::AtLeast)?,
        };
        Ok(Condition { column: column.trim().to_owned(), test })
    }
}

impl Condition {
    /// The rows for which it holds; it holds for no missing value.
    pub fn rows(&self, data: &Microdata) -> Result<Vec<bool>, FileError> {
        match &self.test {
            Test::Compared(order, bound) => {
                let holds = |value: Option<f64>| {
                    value.is_some_and(|value| match order {
                        Order::Below => value < *bound,
                        Order::AtMost => value <= *bound,
                        Order::Above => value > *bound,
                        Order::AtLeast => value >= *bound,
                    })
                };
                Ok(data.numbers(&self.column)?.into_iter().map(holds).collect())
            }
            Test::OneOf(values) => self.matches(data, values, true),
            Test::NoneOf(values) => self.matches(data, values, false),
        }
    }

    /// The rows whose value is one of these, or is none of them; a value that no row has is a mistake.
    fn matches(&self, data: &Microdata, values: &[String], is_one_of: bool) -> Result<Vec<bool>, FileError> {
        let factor = data.factor(&self.column)?;
        let mut is_named = vec![false; factor.levels.len()];
        for value in values {
            for (is_named, is_value) in is_named.iter_mut().zip(data.levels_of(&self.column, &factor, value)?) {
                *is_named |= is_value;
            }
        }
        Ok(factor.codes.iter().map(|code| code.is_some_and(|code| is_named[code as usize] == is_one_of)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_as_they_are_written() {
        let one_of = |values: &[&str]| Test::OneOf(values.iter().map(|value| (*value).to_owned()).collect());
        let read = |text: &str| text.parse::<Condition>().map(|condition| (condition.column, condition.test));
        assert_eq!(read("sex=F"), Ok(("sex".to_owned(), one_of(&["F"]))));
        assert_eq!(read("region == north, centre"), Ok(("region".to_owned(), one_of(&["north", "centre"]))));
        assert_eq!(read("age>=15"), Ok(("age".to_owned(), Test::Compared(Order::AtLeast, 15.0))));
        assert_eq!(read("age<15.5"), Ok(("age".to_owned(), Test::Compared(Order::Below, 15.5))));
        for text in ["", "sex", "=F", "sex=", "age>old", "age!15"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
