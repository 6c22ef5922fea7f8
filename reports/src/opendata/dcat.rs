//! The record for catalogues: DCAT-AP_IT 1.0 (<https://www.dati.gov.it/onto/dcatapit>) in JSON-LD, with the checksums and lengths
//! of DCAT-AP. What nobody told is left out or said to be unknown.

use questionnaires::Language;
use serde_json::{Value, json};

use super::catalogue::Organisation;
use super::{DataFile, Format, Kind, Material};
use crate::text::Texts;

/// Its name inside the folder of the data.
pub const NAME: &str = "catalogo.jsonld";

const AUTHORITY: &str = "http://publications.europa.eu/resource/authority";

/// The record of the files in `listing`.
pub fn file(material: &Material, languages: &[Language], listing: &[DataFile]) -> Vec<u8> {
    let texts: Vec<Texts> = languages.iter().map(|language| Texts::new(*language)).collect();
    let record = Record { material, texts, listing };
    let mut graph = vec![record.catalogue()];
    graph.extend(record.dataset("stime", "dataset-title", "dataset-description", is_of_estimates));
    if !material.estimates.answers.is_empty() {
        graph.extend(record.dataset("risposte", "dataset-answers-title", "dataset-answers-description", is_of_answers));
    }
    if material.public_use.is_some() {
        graph.extend(record.dataset("puf", "dataset-puf-title", "dataset-puf-description", |kind| {
            matches!(kind, Kind::PublicPersons | Kind::PublicDays | Kind::PublicEpisodes)
        }));
    }
    graph.push(record.agent());
    graph.push(record.licence());
    graph.extend(record.contact());
    graph.extend(record.area());
    let document = json!({ "@context": record.context(), "@graph": graph });
    serde_json::to_vec_pretty(&document).expect("texts always make JSON")
}

fn is_of_answers(kind: Kind) -> bool {
    use Kind::*;
    matches!(kind, AnswersCsv | AnswersParquet | Questions | JsonStatAnswers | AnswersSdmx)
}

fn is_of_estimates(kind: Kind) -> bool {
    matches!(kind, Kind::Workbook | Kind::EstimatesCsv | Kind::EstimatesParquet | Kind::JsonStatCollection | Kind::Sdmx)
}

struct Record<'a> {
    material: &'a Material<'a>,
    texts: Vec<Texts>,
    listing: &'a [DataFile],
}

impl Record<'_> {
    fn context(&self) -> Value {
        let mut context = json!({
            "adms": "http://www.w3.org/ns/adms#",
            "dcat": "http://www.w3.org/ns/dcat#",
            "dcatapit": "http://dati.gov.it/onto/dcatapit#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "owl": "http://www.w3.org/2002/07/owl#",
            "spdx": "http://spdx.org/rdf/terms#",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        });
        if let Some(root) = self.material.catalogue.root() {
            context["@base"] = json!(format!("{root}{}/", crate::site::DATA_FOLDER));
        }
        context
    }

    fn spoken(&self, text: impl Fn(&Texts) -> String) -> Vec<Value> {
        self.texts.iter().map(|texts| json!({ "@value": text(texts), "@language": texts.language().tag() })).collect()
    }

    fn filled(&self, key: &str) -> Vec<Value> {
        let (run, edition) = (&self.material.estimates.run, self.material.edition);
        self.spoken(|texts| {
            texts.fill(
                key,
                &[
                    ("survey", texts.label(&run.title)),
                    ("population", texts.label(&run.population)),
                    ("number", &edition.number.to_string()),
                ],
            )
        })
    }

    fn date(&self) -> Value {
        json!({ "@value": self.material.edition.date.to_string(), "@type": "xsd:date" })
    }

    fn languages(&self) -> Vec<Value> {
        self.texts.iter().map(|texts| language(texts.language())).collect()
    }

    fn home(&self) -> Value {
        json!({ "@id": "../" })
    }

    fn catalogue(&self) -> Value {
        let mut datasets = vec![json!({ "@id": "#stime" })];
        if !self.material.estimates.answers.is_empty() {
            datasets.push(json!({ "@id": "#risposte" }));
        }
        datasets.extend(self.material.public_use.map(|_| json!({ "@id": "#puf" })));
        json!({
            "@id": "#catalogo",
            "@type": ["dcatapit:Catalog", "dcat:Catalog"],
            "dct:title": self.filled("catalogue-title"),
            "dct:description": self.filled("catalogue-description"),
            "dct:publisher": { "@id": "#titolare" },
            "dct:modified": self.date(),
            "dct:issued": self.date(),
            "dct:language": self.languages(),
            "dcat:themeTaxonomy": { "@id": format!("{AUTHORITY}/data-theme") },
            "foaf:homepage": self.home(),
            "dcat:dataset": datasets,
        })
    }

    /// A dataset and its distributions.
    fn dataset(&self, id: &str, title: &str, description: &str, belongs: impl Fn(Kind) -> bool) -> Vec<Value> {
        let (edition, catalogue) = (self.material.edition, self.material.catalogue);
        let files: Vec<&DataFile> = self.listing.iter().filter(|file| belongs(file.kind)).collect();
        let links: Vec<Value> = files.iter().map(|file| json!({ "@id": distribution_id(file) })).collect();
        let themes: Vec<Value> =
            catalogue.themes.0.iter().map(|code| json!({ "@id": format!("{AUTHORITY}/data-theme/{code}") })).collect();
        let frequency = catalogue.frequency.as_deref().unwrap_or("UNKNOWN");
        let keywords: Vec<Value> = ["keyword-time-use", "keyword-diary", "keyword-gender"]
            .into_iter()
            .flat_map(|key| self.spoken(|texts| texts.text(key)))
            .collect();
        let mut dataset = json!({
            "@id": format!("#{id}"),
            "@type": ["dcatapit:Dataset", "dcat:Dataset"],
            "dct:identifier": format!("tempi-{id}-{}", edition.number),
            "dct:title": self.filled(title),
            "dct:description": self.filled(description),
            "dct:issued": self.date(),
            "dct:modified": self.date(),
            "dct:language": self.languages(),
            "dct:publisher": { "@id": "#titolare" },
            "dct:rightsHolder": { "@id": "#titolare" },
            "dct:accrualPeriodicity": { "@id": format!("{AUTHORITY}/frequency/{frequency}") },
            "dcat:theme": themes,
            "dcat:keyword": keywords,
            "dcat:landingPage": self.home(),
            "owl:versionInfo": edition.number.to_string(),
            "dcat:distribution": links,
        });
        if catalogue.contact.is_some() {
            dataset["dcat:contactPoint"] = json!({ "@id": "#contatto" });
        }
        if let Some(area) = &catalogue.area {
            dataset["dct:spatial"] = json!({ "@id": area.address });
        }
        if catalogue.first_day.is_some() || catalogue.last_day.is_some() {
            dataset["dct:temporal"] = self.days();
        }
        std::iter::once(dataset).chain(files.into_iter().map(|file| self.distribution(file))).collect()
    }

    fn days(&self) -> Value {
        let catalogue = self.material.catalogue;
        let mut period = json!({ "@type": ["dcatapit:PeriodOfTime", "dct:PeriodOfTime"] });
        for (own, national, day) in [
            ("dcat:startDate", "dcatapit:startDate", catalogue.first_day),
            ("dcat:endDate", "dcatapit:endDate", catalogue.last_day),
        ] {
            if let Some(day) = day {
                let date = json!({ "@value": day.to_string(), "@type": "xsd:date" });
                period[own] = date.clone();
                period[national] = date;
            }
        }
        period
    }

    fn distribution(&self, file: &DataFile) -> Value {
        let format = Format::of(&file.path);
        let mut distribution = json!({
            "@id": distribution_id(file),
            "@type": ["dcatapit:Distribution", "dcat:Distribution"],
            "dct:title": self.spoken(|texts| title(file, texts)),
            "dct:format": { "@id": format!("{AUTHORITY}/file-type/{}", format.file_type) },
            "dcat:mediaType": { "@id": format!("https://www.iana.org/assignments/media-types/{}", format.media_type) },
            "dct:license": { "@id": self.material.catalogue.licence.address },
            "dct:modified": self.date(),
            "dcat:accessURL": { "@id": file.path },
            "dcat:downloadURL": { "@id": file.path },
            "dcat:byteSize": { "@value": file.n_bytes.to_string(), "@type": "xsd:decimal" },
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": { "@id": "spdx:checksumAlgorithm_sha256" },
                "spdx:checksumValue": { "@value": file.sha256, "@type": "xsd:hexBinary" },
            },
        });
        if let Some(one) = file.language {
            distribution["dct:language"] = language(one);
        }
        distribution
    }

    /// Publisher and holder of the rights.
    fn agent(&self) -> Value {
        let publisher = &self.material.edition.publisher;
        let (name, code) = match &self.material.catalogue.rights_holder {
            Some(Organisation { name, code }) => (name, code.clone()),
            // The code is asked of everybody; whoever told none is known by their name.
            None => (publisher, self.texts.first().map(|texts| texts.label(publisher).to_owned()).unwrap_or_default()),
        };
        json!({
            "@id": "#titolare",
            "@type": ["dcatapit:Agent", "foaf:Agent"],
            "dct:identifier": code,
            "foaf:name": self.spoken(|texts| texts.label(name).to_owned()),
        })
    }

    fn licence(&self) -> Value {
        let licence = &self.material.catalogue.licence;
        json!({
            "@id": licence.address,
            "@type": ["dcatapit:LicenseDocument", "dct:LicenseDocument"],
            "foaf:name": licence.name,
            "dct:type": { "@id": format!("http://purl.org/adms/licencetype/{}", licence.kind) },
        })
    }

    fn contact(&self) -> Option<Value> {
        let contact = self.material.catalogue.contact.as_ref()?;
        let mut card = json!({
            "@id": "#contatto",
            "@type": ["dcatapit:Organization", "vcard:Organization", "vcard:Kind"],
            "vcard:fn": contact.name,
            "vcard:hasEmail": { "@id": format!("mailto:{}", contact.email) },
        });
        if let Some(page) = &contact.page {
            card["vcard:hasURL"] = json!({ "@id": page });
        }
        Some(card)
    }

    fn area(&self) -> Option<Value> {
        let area = self.material.catalogue.area.as_ref()?;
        let mut location = json!({
            "@id": area.address,
            "@type": ["dcatapit:Location", "dct:Location"],
            "http://www.w3.org/ns/locn#geographicName": area.name,
        });
        if let Some(code) = &area.code {
            location["dct:identifier"] = json!(code);
        }
        Some(location)
    }
}

fn distribution_id(file: &DataFile) -> String {
    format!("#{}", file.path.replace(['/', '.'], "-"))
}

fn language(language: Language) -> Value {
    let code = match language {
        Language::It => "ITA",
        Language::En => "ENG",
        Language::Ar => "ARA",
    };
    json!({ "@id": format!("{AUTHORITY}/language/{code}") })
}

fn title(file: &DataFile, texts: &Texts) -> String {
    let key = match file.kind {
        Kind::Workbook => "kind-workbook",
        Kind::EstimatesParquet => "kind-estimates-parquet",
        Kind::JsonStatCollection => "kind-json-stat-collection",
        Kind::Sdmx => "kind-sdmx",
        Kind::AnswersCsv => "kind-answers-csv",
        Kind::AnswersParquet => "kind-answers-parquet",
        Kind::Questions => "kind-questions",
        Kind::JsonStatAnswers => "kind-json-stat-answers-collection",
        Kind::AnswersSdmx => "kind-answers-sdmx",
        Kind::PublicPersons => "kind-puf-persons",
        Kind::PublicDays => "kind-puf-days",
        Kind::PublicEpisodes => "kind-puf-episodes",
        _ => "kind-estimates-csv",
    };
    texts.text(key)
}
