//! What is written holds to the schema of DDI-Codebook 2.5 (2012-01-17, `codebook.xsd`): its elements in its order, its attributes, its
//! identifiers. The schema itself is not carried here; what of it concerns these elements is said below.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

use super::*;
use crate::instrument;

/// What the schema says of an element: its children in their order, those of them that must be there, its attributes. Children of `ANY`
/// may come in any order.
struct Rule {
    name: &'static str,
    children: &'static str,
    required: &'static str,
    attributes: &'static str,
}

const fn rule(name: &'static str, children: &'static str, required: &'static str, attributes: &'static str) -> Rule {
    Rule { name, children, required, attributes }
}

/// The first word of children that may come in any order.
const ANY: &str = "ANY";

/// Attributes that every element may have, as far as they are used here.
const EVERYWHERE: [&str; 2] = ["ID", "lang"];

const RULES: [Rule; 24] = [
    rule(
        "codeBook",
        "docDscr stdyDscr fileDscr dataDscr otherMat",
        "stdyDscr",
        "version codeBookAgency schemaLocation",
    ),
    rule(
        "stdyDscr",
        "citation studyAuthorization stdyInfo studyDevelopment method dataAccs othrStdyMat notes",
        "citation",
        "access",
    ),
    rule(
        "citation",
        "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings notes",
        "titlStmt",
        "MARCURI",
    ),
    rule("titlStmt", "titl subTitl altTitl parTitl IDNo", "titl", ""),
    rule("titl", "", "", ""),
    rule("parTitl", "", "", ""),
    rule("IDNo", "", "", "agency level"),
    rule("stdyInfo", "studyBudget subject abstract sumDscr qualityStatement notes exPostEvaluation", "", ""),
    rule("abstract", "", "", "date contentType"),
    rule("dataDscr", "varGrp nCubeGrp var nCube notes", "", ""),
    rule(
        "varGrp",
        "labl txt concept defntn universe notes",
        "",
        "type otherType var varGrp name sdatrefs methrefs pubrefs access nCube",
    ),
    rule("labl", "", "", "level vendor country sdatrefs"),
    rule("universe", "", "", "level clusion"),
    rule(
        "var",
        "location labl imputation security embargo respUnit anlysUnit qstn valrng invalrng undocCod universe TotlResp sumStat \
         txt stdCatgry catgryGrp catgry codInstr verStmt concept derivation varFormat geoMap catLevel notes",
        "",
        "name wgt wgt-var weight qstn files vendor dcml intrvl rectype sdatrefs methrefs pubrefs access aggrMeth measUnit \
         scale origin nature additivity temporal geog geoVocab catQnty representationType",
    ),
    rule(
        "qstn",
        "ANY preQTxt qstnLit postQTxt forward backward ivuInstr",
        "",
        "qstn var seqNo sdatrefs responseDomainType",
    ),
    rule("preQTxt", "", "", ""),
    rule("qstnLit", "", "", "sdatrefs callno"),
    rule("ivuInstr", "", "", ""),
    rule("valrng", "ANY item range key notes", "range", ""),
    rule("range", "", "", "UNITS min minExclusive max maxExclusive"),
    rule("catgry", "catValu labl txt catStat mrow", "", "missing missType country sdatrefs excls catgry level"),
    rule("catValu", "", "", ""),
    rule("varFormat", "", "", "type formatname schema otherSchema category otherCategory URI"),
    rule("notes", "", "", "type subject level resp sdatrefs parent sameNote"),
];

/// Values of attributes that are words of a list.
const WORDS: [(&str, &str, &str); 6] = [
    (
        "varGrp",
        "type",
        "section multipleResp grid display repetition subject version iteration analysis pragmatic record file randomized other",
    ),
    ("var", "intrvl", "contin discrete"),
    ("varFormat", "type", "character numeric"),
    ("varFormat", "category", "date time currency other"),
    ("range", "UNITS", "INT REAL"),
    ("universe", "clusion", "I E"),
];

/// Everything in which an element departs from the schema.
fn faults(node: Node<'_, '_>) -> Vec<String> {
    let name = node.tag_name().name();
    let Some(rule) = RULES.iter().find(|rule| rule.name == name) else { return vec![format!("{name} is unknown")] };
    let mut faults = Vec::new();
    if node.tag_name().namespace() != Some("ddi:codebook:2_5") {
        faults.push(format!("{name} is in another namespace"));
    }
    let order: Vec<&str> = rule.children.split_whitespace().collect();
    let children: Vec<&str> = node.children().filter(Node::is_element).map(|child| child.tag_name().name()).collect();
    let places: Vec<Option<usize>> = children.iter().map(|child| order.iter().position(|one| one == child)).collect();
    if places.contains(&None) || (order.first() != Some(&ANY) && !places.is_sorted()) {
        faults.push(format!("{name} holds {children:?}"));
    }
    let is_missing = |child: &&str| !children.contains(child);
    faults.extend(rule.required.split_whitespace().filter(is_missing).map(|child| format!("{name} lacks {child}")));
    if order.is_empty() && !children.is_empty() {
        faults.push(format!("{name} holds elements"));
    }
    for attribute in node.attributes() {
        let (attribute, value) = (attribute.name(), attribute.value());
        if !EVERYWHERE.contains(&attribute) && !rule.attributes.split_whitespace().any(|known| known == attribute) {
            faults.push(format!("{name} has {attribute}"));
        }
        let words = WORDS.iter().find(|(element, of, _)| (*element, *of) == (name, attribute));
        if words.is_some_and(|(.., words)| !words.split_whitespace().any(|word| word == value)) {
            faults.push(format!("{name} {attribute} is {value}"));
        }
    }
    faults
}

/// A name without a colon (XML Schema, `xs:NCName`), as far as identifiers here go.
fn is_name(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    begins && text.chars().all(|one| one.is_ascii_alphanumeric() || "._-".contains(one))
}

fn check(text: &str) -> Vec<String> {
    let document = Document::parse(text).expect("XML");
    let elements = || document.descendants().filter(Node::is_element);
    let mut faults: Vec<String> = elements().flat_map(faults).collect();
    let ids: Vec<&str> = elements().filter_map(|node| node.attribute("ID")).collect();
    faults.extend(ids.iter().filter(|id| !is_name(id)).map(|id| format!("{id} is no identifier")));
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    if known.len() != ids.len() {
        faults.push("an identifier stands twice".to_owned());
    }
    let variables = elements().filter(|node| node.has_tag_name(("ddi:codebook:2_5", "varGrp")));
    let named = variables.flat_map(|group| group.attribute("var").unwrap_or_default().split(' ').collect::<Vec<_>>());
    faults.extend(named.filter(|id| !known.contains(id)).map(|id| format!("no variable {id}")));
    faults
}

#[test]
fn codebooks_of_every_questionnaire_hold_to_the_schema() {
    let all: Vec<&Instrument> = instrument::all().iter().collect();
    for one in &all {
        assert_eq!(check(&codebook(&[one])), Vec::<String>::new(), "{}", one.name);
    }
    assert_eq!(check(&codebook(&all)), Vec::<String>::new(), "all together");
}

#[test]
fn what_departs_from_the_schema_is_found() {
    let all: Vec<&Instrument> = instrument::all().iter().collect();
    let good = codebook(&all);
    for (from, to) in [
        ("<stdyDscr>", "<stdyDscr><notes>n</notes>"),
        (" intrvl=\"discrete\"", " intrvl=\"sometimes\""),
        (" intrvl=\"discrete\"", " interval=\"discrete\""),
        ("<citation>", "<citation><title>t</title>"),
        ("ID=\"V", "ID=\"1V"),
        ("type=\"section\"", "type=\"page\""),
    ] {
        assert!(good.contains(from), "{from} is nowhere");
        assert!(!check(&good.replacen(from, to, 1)).is_empty(), "{to} is not found");
    }
}
