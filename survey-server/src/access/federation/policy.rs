//! Policies of a federation (OpenID Federation 1.0, section 6.1): those of several authorities become one, which is then
//! applied to what a member says of itself.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{refusal::Refusal, statement::OPERATORS};

const CONFLICT: Refusal = Refusal::NotBelieved("policies of the federation contradict each other");
const BROKEN: Refusal = Refusal::NotBelieved("what the provider says of itself breaks the federation's policy");

/// The operators for one parameter.
type Operators = BTreeMap<&'static str, Value>;

/// The policy for members of one kind.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Policy(BTreeMap<String, Operators>);

impl Policy {
    /// Adds the policy of the next authority below, which can only make it stricter. Operators that are not known do not
    /// count here; a statement may declare them critical.
    pub(super) fn merge(&mut self, policy: &Map<String, Value>) -> Result<(), Refusal> {
        for (parameter, operators) in policy {
            let Some(operators) = operators.as_object() else { return Err(CONFLICT) };
            let merged = self.0.entry(parameter.clone()).or_default();
            for operator in OPERATORS {
                let Some(value) = operators.get(operator) else { continue };
                let value = match merged.get(operator) {
                    None => value.clone(),
                    Some(superior) => merged_value(operator, superior, value)?,
                };
                merged.insert(operator, value);
            }
        }
        Ok(())
    }

    /// Applies it, operator by operator in the order of the specification.
    pub(super) fn apply(&self, metadata: &mut Map<String, Value>) -> Result<(), Refusal> {
        for (parameter, operators) in &self.0 {
            for operator in OPERATORS {
                if let Some(value) = operators.get(operator) {
                    apply(operator, value, parameter, metadata)?;
                }
            }
        }
        Ok(())
    }
}

fn merged_value(operator: &str, superior: &Value, value: &Value) -> Result<Value, Refusal> {
    match operator {
        "value" | "default" => (superior == value).then(|| value.clone()).ok_or(CONFLICT),
        "add" | "superset_of" => {
            let mut all = items(superior);
            all.extend(items(value).into_iter().filter(|item| !items(superior).contains(item)));
            Ok(Value::Array(all))
        }
        "one_of" | "subset_of" => {
            let allowed = items(value);
            let common: Vec<Value> = items(superior).into_iter().filter(|item| allowed.contains(item)).collect();
            if common.is_empty() && operator == "one_of" { Err(CONFLICT) } else { Ok(Value::Array(common)) }
        }
        "essential" => Ok(Value::Bool(superior == &Value::Bool(true) || value == &Value::Bool(true))),
        _ => Err(CONFLICT),
    }
}

fn apply(operator: &str, rule: &Value, parameter: &str, metadata: &mut Map<String, Value>) -> Result<(), Refusal> {
    let present = metadata.get(parameter).cloned();
    // `scope` is a list with spaces between its items (section 6.1.3.1).
    let is_text = matches!(&present, Some(Value::String(_))) && parameter == "scope";
    let put = |metadata: &mut Map<String, Value>, items: Vec<Value>| {
        let value = if is_text {
            let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Value::String(words.join(" "))
        } else {
            Value::Array(items)
        };
        metadata.insert(parameter.to_owned(), value);
    };
    let listed = present.as_ref().map(|value| if is_text { words(value) } else { items(value) });
    match operator {
        "value" if rule.is_null() => {
            metadata.remove(parameter);
        }
        "value" => {
            metadata.insert(parameter.to_owned(), rule.clone());
        }
        "add" => {
            let mut all = listed.unwrap_or_default();
            for item in items(rule) {
                if !all.contains(&item) {
                    all.push(item);
                }
            }
            put(metadata, all);
        }
        "default" if present.is_none() => {
            metadata.insert(parameter.to_owned(), rule.clone());
        }
        "one_of" if present.as_ref().is_some_and(|value| !items(rule).contains(value)) => return Err(BROKEN),
        "subset_of" => {
            if let Some(listed) = listed {
                let allowed = items(rule);
                put(metadata, listed.into_iter().filter(|item| allowed.contains(item)).collect());
            }
        }
        "superset_of" if listed.is_some_and(|listed| items(rule).iter().any(|item| !listed.contains(item))) => {
            return Err(BROKEN);
        }
        "essential" if rule == &Value::Bool(true) && present.is_none() => return Err(BROKEN),
        _ => {}
    }
    Ok(())
}

fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.clone(),
        single => vec![single.clone()],
    }
}

fn words(value: &Value) -> Vec<Value> {
    value.as_str().unwrap_or_default().split_whitespace().map(Value::from).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    /// The metadata after these policies, the highest authority's first.
    fn after(policies: &[Value], metadata: Value) -> Result<Value, Refusal> {
        let mut policy = Policy::default();
        for next in policies {
            policy.merge(&object(next.clone()))?;
        }
        let mut metadata = object(metadata);
        policy.apply(&mut metadata)?;
        Ok(Value::Object(metadata))
    }

    #[track_caller]
    fn check(policy: Value, metadata: Value, expected: Value) {
        assert_eq!(after(&[policy], metadata).unwrap(), expected);
    }

    /// The table of OpenID Federation 1.0, section 6.1.3.1.
    #[test]
    fn each_operator_does_what_the_specification_says() {
        check(json!({ "a": { "value": [1] } }), json!({ "a": [2] }), json!({ "a": [1] }));
        check(json!({ "a": { "value": null } }), json!({ "a": [2] }), json!({}));
        check(json!({ "a": { "add": ["y", "x"] } }), json!({ "a": ["x"] }), json!({ "a": ["x", "y"] }));
        check(json!({ "a": { "add": ["y"] } }), json!({}), json!({ "a": ["y"] }));
        check(json!({ "a": { "default": 1 } }), json!({}), json!({ "a": 1 }));
        check(json!({ "a": { "default": 1 } }), json!({ "a": 2 }), json!({ "a": 2 }));
        check(json!({ "a": { "one_of": ["x", "y"] } }), json!({ "a": "x" }), json!({ "a": "x" }));
        check(json!({ "a": { "one_of": ["x"] } }), json!({}), json!({}));
        check(json!({ "a": { "subset_of": ["x", "z"] } }), json!({ "a": ["x", "y"] }), json!({ "a": ["x"] }));
        check(json!({ "a": { "superset_of": ["x"] } }), json!({ "a": ["x", "y"] }), json!({ "a": ["x", "y"] }));
        check(json!({ "scope": { "subset_of": ["b", "c"] } }), json!({ "scope": "a b" }), json!({ "scope": "b" }));
        check(json!({ "a": { "unheard_of": 1 } }), json!({ "a": 2 }), json!({ "a": 2 }));
        for (policy, metadata) in [
            (json!({ "a": { "one_of": ["x"] } }), json!({ "a": "y" })),
            (json!({ "a": { "superset_of": ["x", "z"] } }), json!({ "a": ["x"] })),
            (json!({ "a": { "essential": true } }), json!({})),
            (json!({ "a": { "subset_of": ["x"], "superset_of": ["y"] } }), json!({ "a": ["x", "y"] })),
        ] {
            assert_eq!(after(std::slice::from_ref(&policy), metadata), Err(BROKEN), "{policy}");
        }
    }

    #[test]
    fn authorities_below_can_only_make_a_policy_stricter() {
        let both =
            |one: Value, other: Value, metadata: Value| after(&[json!({ "a": one }), json!({ "a": other })], metadata);
        let listed = json!({ "a": ["x", "y", "z"] });
        let allowed = both(json!({ "subset_of": ["x", "y"] }), json!({ "subset_of": ["y", "z"] }), listed.clone());
        assert_eq!(allowed.unwrap(), json!({ "a": ["y"] }));
        let demanded = both(json!({ "superset_of": ["x"] }), json!({ "superset_of": ["w"] }), listed.clone());
        assert_eq!(demanded, Err(BROKEN));
        let essential = both(json!({ "essential": true }), json!({ "essential": false }), json!({}));
        assert_eq!(essential, Err(BROKEN));
        for (one, other) in [
            (json!({ "value": 1 }), json!({ "value": 2 })),
            (json!({ "default": 1 }), json!({ "default": 2 })),
            (json!({ "one_of": [1] }), json!({ "one_of": [2] })),
        ] {
            assert_eq!(both(one, other, listed.clone()), Err(CONFLICT));
        }
    }
}
