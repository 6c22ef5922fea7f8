//! Conditions as XPath, in the part of it that conditions need, and back. An answer is referred to as `${name}`, or as `../name`
//! beside the question within a group.

use crate::instrument::Condition;

/// The condition as an expression. `inner` are the names of the questions in the same group.
pub(super) fn print(condition: &Condition, inner: &[&str]) -> String {
    let reference = |question: &String| match inner.contains(&question.as_str()) {
        true => format!("../{question}"),
        false => format!("${{{question}}}"),
    };
    let joined = |conditions: &[Condition], word: &str| {
        let parts: Vec<String> = conditions.iter().map(|condition| print(condition, inner)).collect();
        format!("({})", parts.join(word))
    };
    match condition {
        Condition::OneOf { question, values } => {
            let parts: Vec<String> = values.iter().map(|value| selected(&reference(question), value)).collect();
            format!("({})", parts.join(" or "))
        }
        Condition::Between { question, min, max } => {
            let reference = reference(question);
            let low = min.map(|min| format!("{reference} >= {min}"));
            let high = max.map(|max| format!("{reference} <= {max}"));
            let bounds: Vec<String> = low.into_iter().chain(high).collect();
            match bounds.is_empty() {
                true => format!("({})", given(&reference)),
                false => format!("({})", bounds.join(" and ")),
            }
        }
        Condition::All(conditions) => joined(conditions, " and "),
        Condition::Any(conditions) => joined(conditions, " or "),
        Condition::Not(condition) => format!("not({})", print(condition, inner)),
    }
}

/// That an option was chosen, alone or among others.
pub(super) fn selected(reference: &str, value: &str) -> String {
    format!("selected({reference}, '{value}')")
}

/// That something was answered.
pub(super) fn given(reference: &str) -> String {
    format!("{reference} != ''")
}

/// A parsed expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// An option was chosen.
    Selected(String, String),
    /// An answer compared with a number or a text.
    Compare(String, &'static str, Literal),
    /// `count-selected(ref) > n` and the like.
    Call(&'static str, String, &'static str, i64),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Not(Box<Expression>),
    Paren(Box<Expression>),
}

/// What an answer is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    Number(i64),
    Text(String),
    /// Another answer.
    Reference(String),
}

/// Parses an expression.
///
/// # Errors
/// What cannot be understood, in words.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    let mut parser = Parser { rest: text.trim() };
    let parsed = parser.either();
    match parsed {
        Ok(expression) if parser.rest.is_empty() => Ok(expression),
        _ => Err(format!("the expression `{text}` is more than a questionnaire can say")),
    }
}

/// The condition that an expression is.
///
/// # Errors
/// What cannot be expressed, in words.
pub(super) fn condition(text: &str) -> Result<Condition, String> {
    let parsed = parse(text)?;
    to_condition(&parsed).ok_or_else(|| format!("the expression `{text}` is no condition on earlier answers"))
}

/// The condition that a parsed expression is.
pub(super) fn to_condition(expression: &Expression) -> Option<Condition> {
    let all = |parts: &[Expression]| parts.iter().map(to_condition).collect::<Option<Vec<Condition>>>();
    match expression {
        Expression::Paren(inner) => to_condition(inner),
        Expression::Not(inner) => Some(Condition::Not(Box::new(to_condition(inner)?))),
        Expression::Selected(reference, value) => {
            Some(Condition::OneOf { question: name(reference)?, values: vec![value.clone()] })
        }
        Expression::Compare(reference, operator, literal) => compare(&name(reference)?, operator, literal),
        Expression::Call(..) => None,
        Expression::Or(parts) => one_of(parts).or_else(|| Some(Condition::Any(all(parts)?))),
        Expression::And(parts) => between(parts).or_else(|| Some(Condition::All(all(parts)?))),
    }
}

fn compare(question: &str, operator: &str, literal: &Literal) -> Option<Condition> {
    let question = question.to_owned();
    let between = |min, max| Condition::Between { question: question.clone(), min, max };
    Some(match (operator, literal) {
        ("!=", Literal::Text(text)) if text.is_empty() => between(None, None),
        ("=", Literal::Text(text)) => Condition::OneOf { question: question.clone(), values: vec![text.clone()] },
        ("!=", Literal::Text(text)) => {
            Condition::Not(Box::new(Condition::OneOf { question: question.clone(), values: vec![text.clone()] }))
        }
        (">=", Literal::Number(number)) => between(Some(*number), None),
        ("<=", Literal::Number(number)) => between(None, Some(*number)),
        (">", Literal::Number(number)) => between(Some(number.checked_add(1)?), None),
        ("<", Literal::Number(number)) => between(None, Some(number.checked_sub(1)?)),
        ("=", Literal::Number(number)) => between(Some(*number), Some(*number)),
        _ => return None,
    })
}

/// Several options of one question, not in parentheses of their own.
fn one_of(parts: &[Expression]) -> Option<Condition> {
    let mut question = None;
    let mut values = Vec::new();
    for part in parts {
        let (reference, value) = match part {
            Expression::Selected(reference, value) => (reference, value),
            Expression::Compare(reference, "=", Literal::Text(value)) => (reference, value),
            _ => return None,
        };
        if question.is_some_and(|question| question != reference) {
            return None;
        }
        question = Some(reference);
        values.push(value.clone());
    }
    Some(Condition::OneOf { question: name(question?)?, values })
}

/// The two bounds of a number, not in parentheses of their own.
fn between(parts: &[Expression]) -> Option<Condition> {
    match parts {
        [
            Expression::Compare(one, ">=", Literal::Number(min)),
            Expression::Compare(other, "<=", Literal::Number(max)),
        ] if one == other => Some(Condition::Between { question: name(one)?, min: Some(*min), max: Some(*max) }),
        _ => None,
    }
}

/// The name of the question that a reference leads to.
pub(super) fn name(reference: &str) -> Option<String> {
    let plain = reference.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    plain.or_else(|| reference.strip_prefix("../")).filter(|name| !name.contains('/')).map(str::to_owned)
}

struct Parser<'a> {
    rest: &'a str,
}

const COMPARISONS: [&str; 6] = [">=", "<=", "!=", "=", ">", "<"];

impl Parser<'_> {
    fn take(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    /// Takes a word that is not the beginning of a longer one.
    fn word(&mut self, word: &str) -> bool {
        let follows = self.rest.strip_prefix(word).and_then(|rest| rest.chars().next());
        follows.is_some_and(|next| next.is_whitespace() || next == '(') && self.take(word)
    }

    fn either(&mut self) -> Result<Expression, ()> {
        let mut parts = vec![self.both()?];
        while self.word("or") {
            parts.push(self.both()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Or(parts) })
    }

    fn both(&mut self) -> Result<Expression, ()> {
        let mut parts = vec![self.one()?];
        while self.word("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::And(parts) })
    }

    fn one(&mut self) -> Result<Expression, ()> {
        if self.take("(") {
            let inner = self.either()?;
            return self.close(Expression::Paren(Box::new(inner)));
        }
        if self.take("not(") {
            let inner = self.either()?;
            return self.close(Expression::Not(Box::new(inner)));
        }
        if self.take("selected(") {
            let reference = self.reference()?;
            if !self.take(",") {
                return Err(());
            }
            let value = self.quoted()?;
            return self.close(Expression::Selected(reference, value));
        }
        for function in ["count-selected", "string-length"] {
            if self.take(&format!("{function}(")) {
                let reference = self.reference()?;
                if !self.take(")") {
                    return Err(());
                }
                let operator = self.comparison()?;
                return Ok(Expression::Call(function, reference, operator, self.number()?));
            }
        }
        let reference = self.reference()?;
        let operator = self.comparison()?;
        let literal = match self.rest.chars().next() {
            Some('\'' | '"') => Literal::Text(self.quoted()?),
            Some('-' | '0'..='9') => Literal::Number(self.number()?),
            _ => Literal::Reference(self.reference()?),
        };
        Ok(Expression::Compare(reference, operator, literal))
    }

    fn close(&mut self, expression: Expression) -> Result<Expression, ()> {
        if self.take(")") { Ok(expression) } else { Err(()) }
    }

    fn comparison(&mut self) -> Result<&'static str, ()> {
        COMPARISONS.into_iter().find(|operator| self.take(operator)).ok_or(())
    }

    fn reference(&mut self) -> Result<String, ()> {
        if let Some(rest) = self.rest.strip_prefix("${") {
            let (name, rest) = rest.split_once('}').ok_or(())?;
            let reference = format!("${{{}}}", name.trim());
            self.rest = rest.trim_start();
            return Ok(reference);
        }
        let is_part = |character: char| character.is_alphanumeric() || "_-./".contains(character);
        let length = self.rest.find(|character| !is_part(character)).unwrap_or(self.rest.len());
        let (reference, rest) = self.rest.split_at(length);
        if !reference.starts_with(['.', '/']) {
            return Err(());
        }
        self.rest = rest.trim_start();
        Ok(reference.to_owned())
    }

    fn quoted(&mut self) -> Result<String, ()> {
        let quote = self.rest.chars().next().filter(|quote| "'\"".contains(*quote)).ok_or(())?;
        let (text, rest) = self.rest[1..].split_once(quote).ok_or(())?;
        let text = text.to_owned();
        self.rest = rest.trim_start();
        Ok(text)
    }

    fn number(&mut self) -> Result<i64, ()> {
        let is_part = |character: char| character.is_ascii_digit() || character == '-';
        let length = self.rest.find(|character| !is_part(character)).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(length);
        let number = digits.parse().map_err(|_| ())?;
        self.rest = rest.trim_start();
        Ok(number)
    }
}
