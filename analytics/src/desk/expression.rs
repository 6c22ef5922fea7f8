//! Smooth functions of estimates, written as people write them: ``F - M``, ``(F - M) / M``, ``log(`65+`)``.
//! A value comes with its gradient, from which the delta method makes the standard error.

use std::str::FromStr;

/// Parentheses, minus signs and functions within each other at most: reading and working out go as deep.
const DEEPEST: usize = 100;
/// Names, numbers and signs of a formula at most: a sum of so many terms is worked out as deep as it is long.
const LONGEST: usize = 2_000;

/// A formula over named numbers, with `+ - * /`, parentheses, numbers, `log`, `exp` and `sqrt`.
/// A name that is not made of letters, digits, `_` and `.` stands between backticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    names: Vec<String>,
    root: Node,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Number(f64),
    Name(usize),
    Negated(Box<Node>),
    Combined(Box<Node>, Operation, Box<Node>),
    Applied(Function, Box<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Plus,
    Minus,
    Times,
    Over,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Log,
    Exp,
    Sqrt,
}

/// Why a text is no formula.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a formula: {message}. Write names, numbers, + - * / and parentheses; a name with other signs \
     stands between backticks, as in `65+`."
)]
pub struct ExpressionError {
    /// The text.
    pub text: String,
    /// What is wrong.
    pub message: String,
}

impl Expression {
    /// The names in it, in the order of their first appearance.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Its value where the names have these values, and its derivative by each of them.
    /// Where it is not defined (a division by zero, the logarithm of a negative number) the value is not finite.
    pub fn value_and_gradient(&self, values: &[f64]) -> (f64, Vec<f64>) {
        self.root.evaluate(values)
    }
}

impl Node {
    fn evaluate(&self, values: &[f64]) -> (f64, Vec<f64>) {
        let scaled = |gradient: Vec<f64>, factor: f64| gradient.into_iter().map(|slope| slope * factor).collect();
        match self {
            Node::Number(number) => (*number, vec![0.0; values.len()]),
            Node::Name(place) => {
                (values[*place], (0..values.len()).map(|other| if other == *place { 1.0 } else { 0.0 }).collect())
            }
            Node::Negated(inner) => {
                let (value, gradient) = inner.evaluate(values);
                (-value, scaled(gradient, -1.0))
            }
            Node::Applied(function, inner) => {
                let (value, gradient) = inner.evaluate(values);
                let (value, slope) = match function {
                    Function::Log => (value.ln(), 1.0 / value),
                    Function::Exp => (value.exp(), value.exp()),
                    Function::Sqrt => (value.sqrt(), 0.5 / value.sqrt()),
                };
                (value, scaled(gradient, slope))
            }
            Node::Combined(left, operation, right) => {
                let (a, slopes_a) = left.evaluate(values);
                let (b, slopes_b) = right.evaluate(values);
                let (value, by_a, by_b) = match operation {
                    Operation::Plus => (a + b, 1.0, 1.0),
                    Operation::Minus => (a - b, 1.0, -1.0),
                    Operation::Times => (a * b, b, a),
                    Operation::Over => (a / b, 1.0 / b, -a / (b * b)),
                };
                let slopes = slopes_a.iter().zip(&slopes_b);
                (value, slopes.map(|(slope_a, slope_b)| slope_a * by_a + slope_b * by_b).collect())
            }
        }
    }
}

impl FromStr for Expression {
    type Err = ExpressionError;
    fn from_str(text: &str) -> Result<Expression, ExpressionError> {
        let error = |message: String| ExpressionError { text: shown(text), message };
        let tokens = tokens(text).map_err(error)?;
        if tokens.len() > LONGEST {
            return Err(error(format!("it is longer than {LONGEST} names, numbers and signs")));
        }
        let mut reading = Reading { tokens: &tokens, at: 0, depth: 0, names: Vec::new() };
        let root = reading.sum().map_err(error)?;
        match tokens.get(reading.at) {
            Some(token) => Err(error(format!("{} was not expected", token.told()))),
            None => Ok(Expression { names: reading.names, root }),
        }
    }
}

/// A text as a message shows it: the beginning of a long one.
fn shown(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    Sign(char),
}

impl Token {
    fn told(&self) -> String {
        match self {
            Token::Number(number) => format!("the number {number}"),
            Token::Name(name) => format!("the name {name}"),
            Token::Sign(sign) => format!("the sign {sign}"),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first == '`' {
            let end = rest[1..].find('`').ok_or("a backtick is not closed")?;
            tokens.push(Token::Name(rest[1..=end].to_owned()));
            end + 2
        } else if is_of_name(first) {
            let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
            let word = &rest[..end];
            tokens.push(word.parse().map_or_else(|_| Token::Name(word.to_owned()), Token::Number));
            end
        } else if "+-*/()".contains(first) {
            tokens.push(Token::Sign(first));
            1
        } else {
            return Err(format!("the sign {first} was not expected"));
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// Recursive descent: a sum of products of factors.
struct Reading<'a> {
    tokens: &'a [Token],
    at: usize,
    /// How many factors are being read, each within the one before.
    depth: usize,
    names: Vec<String>,
}

impl Reading<'_> {
    fn takes(&mut self, sign: char) -> bool {
        let is_next = self.tokens.get(self.at) == Some(&Token::Sign(sign));
        self.at += usize::from(is_next);
        is_next
    }

    fn sum(&mut self) -> Result<Node, String> {
        let mut left = self.product()?;
        loop {
            let operation = if self.takes('+') {
                Operation::Plus
            } else if self.takes('-') {
                Operation::Minus
            } else {
                return Ok(left);
            };
            left = Node::Combined(Box::new(left), operation, Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Node, String> {
        let mut left = self.factor()?;
        loop {
            let operation = if self.takes('*') {
                Operation::Times
            } else if self.takes('/') {
                Operation::Over
            } else {
                return Ok(left);
            };
            left = Node::Combined(Box::new(left), operation, Box::new(self.factor()?));
        }
    }

    fn factor(&mut self) -> Result<Node, String> {
        if self.depth > DEEPEST {
            return Err(format!("parentheses, minus signs and functions stand more than {DEEPEST} within each other"));
        }
        self.depth += 1;
        let factor = self.factor_within();
        self.depth -= 1;
        factor
    }

    fn factor_within(&mut self) -> Result<Node, String> {
        if self.takes('-') {
            return Ok(Node::Negated(Box::new(self.factor()?)));
        }
        if self.takes('(') {
            let inner = self.sum()?;
            return if self.takes(')') { Ok(inner) } else { Err("a parenthesis is not closed".to_owned()) };
        }
        match self.tokens.get(self.at).cloned() {
            Some(Token::Number(number)) => {
                self.at += 1;
                Ok(Node::Number(number))
            }
            Some(Token::Name(name)) => {
                self.at += 1;
                let function = match name.as_str() {
                    "log" => Some(Function::Log),
                    "exp" => Some(Function::Exp),
                    "sqrt" => Some(Function::Sqrt),
                    _ => None,
                };
                if let Some(function) = function
                    && self.tokens.get(self.at) == Some(&Token::Sign('('))
                {
                    return Ok(Node::Applied(function, Box::new(self.factor()?)));
                }
                let known = self.names.iter().position(|other| *other == name);
                Ok(Node::Name(known.unwrap_or_else(|| {
                    self.names.push(name);
                    self.names.len() - 1
                })))
            }
            Some(token) => Err(format!("{} was not expected", token.told())),
            None => Err("it ends too early".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_is_the_slope_of_the_value() {
        let formulas =
            ["F - M", "(F - M) / M", "F / (F + M)", "log(F) - 2 * M", "-F * exp(M / 300) + sqrt(F)", "`F` - -M"];
        for formula in formulas {
            let expression: Expression = formula.parse().expect("a formula");
            assert_eq!(expression.names(), ["F", "M"], "{formula}");
            let at = [286.0, 97.0];
            let (_, gradient) = expression.value_and_gradient(&at);
            for (place, slope) in gradient.into_iter().enumerate() {
                let moved = |by: f64| {
                    let mut at = at;
                    at[place] += by;
                    expression.value_and_gradient(&at).0
                };
                let numeric = (moved(1e-4) - moved(-1e-4)) / 2e-4;
                assert!((slope - numeric).abs() <= 1e-6 * slope.abs().max(1e-3), "{formula}: {slope} and {numeric}");
            }
        }
    }

    #[test]
    fn multiplication_binds_before_addition_and_to_the_left() {
        let value = |formula: &str| formula.parse::<Expression>().map(|read| read.value_and_gradient(&[]).0);
        assert_eq!(value("2 + 3 * 4 - 6 / 3 / 2"), Ok(13.0));
        assert_eq!(value("-(2 - 3) * 1.5"), Ok(1.5));
    }

    #[test]
    fn what_is_no_formula_says_why() {
        for (text, why) in [
            ("", "it ends too early"),
            ("F -", "it ends too early"),
            ("(F", "a parenthesis is not closed"),
            ("F M", "the name M was not expected"),
            ("`65+", "a backtick is not closed"),
            ("F ^ 2", "the sign ^ was not expected"),
        ] {
            let error = text.parse::<Expression>().expect_err(text);
            assert_eq!(error.message, why);
        }
    }

    #[test]
    fn a_formula_without_end_is_refused_and_a_long_one_is_worked_out() {
        let why = |text: String| text.parse::<Expression>().expect_err("too much").message;
        let too_deep = "parentheses, minus signs and functions stand more than 100 within each other";
        for opening in ["(", "-", "log("] {
            // Within the length allowed, and far beyond it: both are refused, neither overflows the stack.
            assert_eq!(why(opening.repeat(900) + "F"), too_deep, "{opening}");
            assert!(why(opening.repeat(1_000_000) + "F").contains("longer than"), "{opening}");
        }
        assert!(why("F + ".repeat(100_000) + "F").contains("longer than"));
        let nested: Expression = ("(".repeat(100) + "F" + &")".repeat(100)).parse().expect("deep enough for anybody");
        assert_eq!(nested.value_and_gradient(&[2.0]), (2.0, vec![1.0]));
        let long: Expression = ("F + ".repeat(999) + "F").parse().expect("a thousand terms");
        assert_eq!(long.value_and_gradient(&[2.0]), (2000.0, vec![1000.0]));
    }
}
