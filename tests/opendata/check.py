"""Reads the open data of a published site with other people's programs and compares every number with estimates.csv and
answers.csv.

    check.py CHECK SITE [SITE2]

CHECK is one of workbook, libre_office, json_stat, json_stat_answers, sdmx, sdmx_answers, csvw, dcat, public_use. Nothing here
asks the network. Ends with a line "N compared" and status 0, or with what is wrong and status 1.
"""

import csv
import hashlib
import json
import math
import sys
from collections import Counter
from pathlib import Path

NUMBERS = ["value", "standard_error", "ci_low", "ci_high", "degrees_of_freedom"]
LANGUAGES = ["it", "en"]


def fail(message):
    print(message)
    sys.exit(1)


def same(found, expected):
    if expected is None or found is None:
        return expected is None and found is None
    return math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12)


def number(text):
    return None if text in ("", None) else float(text)


def estimates(data, name="estimates.csv"):
    """The rows of estimates.csv, or of answers.csv; numbers as numbers, the count of a withheld row as nothing."""
    with open(data / name, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for name in NUMBERS:
            row[name] = number(row[name])
        row["n"] = None if row["status"] != "published" else float(row["n"])
    return rows


def classification(data):
    with open(data / "classification.csv", encoding="utf-8", newline="") as file:
        return {(row["timeline"], row["code"]): row for row in csv.DictReader(file)}


def clock(slot):
    minutes = (4 * 60 + int(slot) * 10) % 1440
    return f"{minutes // 60:02}:{minutes % 60:02}"


TIMELINES = ["main", "any", "with_whom", "location", "device", "derived", "shared"]


ANSWERS = ("Risposte ai questionari", "Answers to the questionnaires")


class Sheets:
    """What the sheets of a workbook should hold; names become codes again by the workbook's own sheet of codes."""

    def __init__(self, data, language, codes):
        self.data = data
        self.language = language
        self.names = classification(data)
        self.code_of = {(variable, label): code for variable, code, label, *_ in codes}
        self.expected = {}
        for row in estimates(data):
            self.expected.setdefault(row["indicator"], []).append(row)
        for rows in self.expected.values():
            rows.sort(key=lambda row: TIMELINES.index(row["timeline"]))
        self.compared = 0

    def compare(self, heading, found):
        """Rows of cells, empty ones None, against the rows of the measure that the heading names."""
        if heading in ANSWERS:
            return self.compare_answers(found)
        title, unit = heading.rsplit(" (", 1)
        rows = self.expected.pop(self.code_of["indicator", title])
        unit = self.code_of["unit", unit.rstrip(")")]
        if len(found) != len(rows):
            fail(f"{title} has {len(found)} rows instead of {len(rows)}")
        for cells, row in zip(found, rows):
            words = [
                self.code_of["timeline", cells[0]] == row["timeline"],
                cells[1] == row["activity"],
                cells[2] == self.names[row["timeline"], row["activity"]][f"label_{self.language}"],
                float(cells[3]) == int(row["level"]),
                self.code_of["sex", cells[4]] == row["sex"],
                self.code_of["age_group", cells[5]] == row["age_group"],
                self.code_of["target_group", cells[6]] == row["target_group"],
                self.code_of["day", cells[7]] == row["day"],
                cells[8] == (clock(row["slot"]) if row["slot"] else None),
                unit == row["unit"],
                cells[15] == row["flag"],
                cells[16] == row["status"],
            ]
            if not all(words):
                fail(f"{title}: {cells} is not {row}")
            for cell, name in zip(cells[9:15], NUMBERS + ["n"]):
                if not same(None if cell is None else float(cell), row[name]):
                    fail(f"{title}: {name} is {cell} instead of {row[name]}")
                self.compared += 1

    def compare_answers(self, found):
        """Rows of cells against answers.csv, in its order."""
        with open(self.data / "answers.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if len(found) != len(rows):
            fail(f"the answers have {len(found)} rows instead of {len(rows)}")
        for cells, row in zip(found, rows):
            words = [
                cells[0] == row["question"],
                self.code_of["sex", cells[4]] == row["sex"],
                self.code_of["age_group", cells[5]] == row["age_group"],
                self.code_of["target_group", cells[6]] == row["target_group"],
                (cells[13] in (None, "")) == (row["status"] == "published"),
            ]
            if not all(words):
                fail(f"answers: {cells} is not {row}")
            for cell, name in zip(cells[7:11], ["value", "standard_error", "ci_low", "ci_high"]):
                if not same(None if cell in (None, "") else float(cell), number(row[name])):
                    fail(f"answers: {name} is {cell} instead of {row[name]}")
                self.compared += 1

    def end(self):
        if self.expected:
            fail(f"no sheet for {list(self.expected)}")
        return self.compared


def workbook(data):
    """openpyxl reads every sheet of the Italian workbook back, and what both workbooks say of themselves."""
    import openpyxl

    for language, (about, codes) in {"en": ("Read me", "Codes"), "it": ("Leggimi", "Codici")}.items():
        book = openpyxl.load_workbook(data / f"estimates-{language}.xlsx", read_only=language != "it")
        if not book.properties.title or not book.properties.creator:
            fail("the workbook has no title or no author")
        custom = {prop.name: prop.value for prop in book.custom_doc_props.props}
        if custom.get("Language") != language:
            fail(f"the workbook does not say that it is in {language}: {custom}")
        if book.sheetnames[0] != about or book.sheetnames[-1] != codes:
            fail(f"the sheets are {book.sheetnames}")
    sheets = Sheets(data, "it", book["Codici"].iter_rows(min_row=2, max_col=3, values_only=True))
    for sheet in book.worksheets[1:-2]:
        if sheet.freeze_panes != "A4" or not sheet.auto_filter.ref:
            fail(f"{sheet.title} has no frozen header or no filter")
        if {cell.number_format for cell in sheet["J"][3:] if cell.value is not None} == {"General"}:
            fail(f"{sheet.title} has numbers without a format")
        sheets.compare(sheet["A1"].value, list(sheet.iter_rows(min_row=4, values_only=True)))
    return sheets.end()


def libre_office(data):
    """LibreOffice opens the English workbook and writes every sheet as CSV, all digits kept."""
    import subprocess
    import tempfile

    # Comma, quotes, UTF-8, from the first line; cells as they are, not as they look; every sheet a file.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    with tempfile.TemporaryDirectory() as folder:
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", form, "--outdir", folder]
        run = subprocess.run(command + [str(data / "estimates-en.xlsx")], capture_output=True, text=True, timeout=300, env={"HOME": folder, "PATH": "/usr/bin:/bin"})
        tables = {}
        for path in Path(folder).glob("estimates-en-*.csv"):
            with open(path, encoding="utf-8", newline="") as file:
                tables[path.stem.removeprefix("estimates-en-")] = [[cell or None for cell in line] for line in csv.reader(file)]
    if not {"Read me", "Method", "Codes"} <= set(tables):
        fail(f"LibreOffice wrote {sorted(tables)}: {run.stdout} {run.stderr}")
    sheets = Sheets(data, "en", tables["Codes"][1:])
    for name, lines in tables.items():
        if name not in ("Read me", "Method", "Codes"):
            sheets.compare(lines[0][0], lines[3:])
    return sheets.end()


class Cube:
    """A JSON-stat dataset as pyjstat has it."""

    def __init__(self, path):
        from jsonstat_validator import validate_jsonstat
        from pyjstat import pyjstat

        text = path.read_text(encoding="utf-8")
        validate_jsonstat(json.loads(text))
        self.name = path.name
        self.cube = pyjstat.Dataset.read(text)
        table = self.cube.write("dataframe", naming="id")
        columns = list(table.columns)
        self.ids = self.cube["id"]
        self.values = dict(zip(map(tuple, table[columns[:-1]].itertuples(index=False)), table[columns[-1]]))
        self.places = {
            name: {code: place for place, code in enumerate(self.cube["dimension"][name]["category"]["index"])}
            for name in self.ids
        }
        self.shown = 0

    def compare(self, codes, row):
        """The numbers and the mark at these codes by dimension, against a row; how many were compared."""
        key = [codes[name] for name in self.ids[:-1]]
        place = 0
        for name, code in zip(self.ids, key):
            place = place * self.cube["size"][self.ids.index(name)] + self.places[name][code]
        status = self.cube.get("status", {}).get(str(place * self.cube["size"][-1]))
        expected = row["status"] if row["status"] != "published" else {"A": None}.get(row["flag"], row["flag"])
        if status != expected:
            fail(f"{self.name} {key}: the status is {status} instead of {expected}")
        for name in NUMBERS + ["n"]:
            found = self.values.get(tuple(key + [name]))
            found = None if found is None or math.isnan(found) else float(found)
            if not same(found, row[name]):
                fail(f"{self.name} {key}: {name} is {found} instead of {row[name]}")
            self.shown += row[name] is not None
        return len(NUMBERS) + 1

    def end(self):
        if len(self.cube["value"]) != self.shown:
            fail(f"{self.name}: {len(self.cube['value'])} values where {self.shown} are published")


def collection(data, name):
    """What a collection lists, by address."""
    from jsonstat_validator import validate_jsonstat

    collection = json.loads((data / "json-stat" / name).read_text(encoding="utf-8"))
    listed = {item["href"]: item for item in collection["link"]["item"]}
    if len(listed) != len(collection["link"]["item"]):
        fail(f"{name} lists a table twice")
    # Addresses are relative to the collection, as a reader takes them; the validator wants whole ones.
    for href, item in listed.items():
        item["href"] = f"https://example.it/dati/json-stat/{href}"
    validate_jsonstat(collection)
    return listed


def group_of(row):
    return row["target_group"] if row["age_group"] == "all" else row["age_group"]


def json_stat(data):
    """jsonstat-validator judges the form; pyjstat reads the cubes back, cell by cell."""
    by_table = {}
    for row in estimates(data):
        by_table.setdefault((row["indicator"], row["timeline"]), []).append(row)
    compared = 0
    for language in LANGUAGES:
        listed = collection(data, f"index-{language}.json")
        tables = {f"{indicator}-{timeline}-{language}.json": rows for (indicator, timeline), rows in by_table.items()}
        classes = {name: item["class"] for name, item in listed.items()}
        if classes != {name: "dataset" for name in tables} | {f"answers-index-{language}.json": "collection"}:
            fail("the collection does not list the tables that there are")
        for name, rows in tables.items():
            cube = Cube(data / "json-stat" / name)
            for row in rows:
                slot = {"slot": clock(row["slot"])} if row["slot"] else {}
                compared += cube.compare({**row, "group": group_of(row), **slot}, row)
            cube.end()
    return compared


def json_stat_answers(data):
    """The same of the answers, and that questions and answers are in the words of questions.csv."""
    with open(data / "questions.csv", encoding="utf-8", newline="") as file:
        words = {(row["question"], row["answer"]): row for row in csv.DictReader(file)}
    compared = 0
    for language in LANGUAGES:
        by_table = {}
        for row in estimates(data, "answers.csv"):
            question = row["question"].split(".")
            if words[row["question"], row["answer"]]["about_it"]:
                del question[1]
            name = f"answers-{row['questionnaire']}-{'-'.join(question)}-{language}.json"
            by_table.setdefault(name, []).append(row)
        listed = collection(data, f"answers-index-{language}.json")
        if set(listed) != set(by_table) or {item["class"] for item in listed.values()} != {"dataset"}:
            fail(f"the collection lists {set(listed) ^ set(by_table)} or leaves it out")
        if {path.name for path in (data / "json-stat").glob(f"answers-*-{language}.json")} != set(by_table) | {f"answers-index-{language}.json"}:
            fail("there are tables that no question asks for")
        for name, rows in by_table.items():
            cube = Cube(data / "json-stat" / name)
            if ("answer" in cube.ids) != bool(rows[0]["answer"]):
                fail(f"{name} has the dimensions {cube.ids}")
            label = {axis: cube.cube["dimension"][axis]["category"]["label"] for axis in cube.ids}
            for row in rows:
                compared += cube.compare({**row, "group": group_of(row)}, row)
                told = words[row["question"], row["answer"]]
                about, question = told[f"about_{language}"], told[f"question_{language}"]
                found = label["question"][row["question"]]
                if found != about if about else not found.startswith(question):
                    fail(f"{name}: the question is called {found}")
                if row["answer"] and label["answer"][row["answer"]] != told[f"answer_{language}"]:
                    fail(f"{name}: {row['answer']} is called {label['answer'][row['answer']]}")
                if not cube.cube["label"].startswith(question):
                    fail(f"{name} is called {cube.cube['label']}")
            cube.end()
    return compared


# What the codes of the code lists of SDMX mean for a row: CL_OBS_STATUS, CL_CONF_STATUS.
OBSERVATION = {("published", "A"): "A", ("published", "E"): "U", ("published", "suppressed"): "Q"}
CONFIDENTIALITY = {"published": "F", "withheld": "A", "withheld_secondary": "D"}
AGES = {"10-14": "Y10T14", "15-24": "Y15T24", "25-44": "Y25T44", "45-64": "Y45T64", "65+": "Y_GE65", "all": "_T"}


ATTRIBUTES = ["UNIT_MEASURE", "STANDARD_ERROR", "CI_LOW", "CI_HIGH", "DEGREES_OF_FREEDOM", "N_PERSONS", "OBS_STATUS", "CONF_STATUS"]


def total(code):
    return "_T" if code == "all" else code


def flow(path, identifier, dimensions, attributes, rows, about, unit):
    """sdmx1 reads a message with a structure made here; `about` gives a row's dimensions between area and period."""
    import sdmx
    from sdmx.model import v30

    with open(path, encoding="utf-8", newline="") as file:
        identifiers = {row["STRUCTURE_ID"] for row in csv.DictReader(file)}
    if identifiers != {f"TEMPI:{identifier}(1.0)"}:
        fail(f"{path.name} is of {identifiers}")
    dimensions = ["REF_AREA", *dimensions, "TIME_PERIOD"]
    structure = v30.DataStructureDefinition(id=identifier, version="1.0")
    for name in dimensions:
        structure.dimensions.append(v30.Dimension(id=name))
    structure.measures.append(v30.Measure(id="OBS_VALUE"))
    for name in ATTRIBUTES + list(attributes):
        structure.attributes.append(v30.DataAttribute(id=name))
    message = sdmx.read_sdmx(path, structure=structure)
    found = {}
    for dataset in message.data:
        for observation in dataset.obs:
            key = tuple(observation.dimension[name].value for name in dimensions)
            if key in found:
                fail(f"{key} comes twice")
            told = {name: attribute.value for name, attribute in observation.attached_attribute.items()}
            found[key] = (observation.value, told)
    compared = 0
    areas = {key[0] for key in found}
    periods = {key[-1] for key in found}
    if len(areas) != 1 or len(periods) != 1:
        fail(f"areas {areas}, periods {periods}")
    area, period = areas.pop(), periods.pop()
    for row in rows:
        key = (area, *about(row), period)
        if key not in found:
            fail(f"{key} is missing")
        value, told = found.pop(key)
        numbers = [value] + [told.get(name) for name in ATTRIBUTES[1:6]]
        for text, name in zip(numbers, NUMBERS + ["n"]):
            if not same(number(text), row[name]):
                fail(f"{key}: {name} is {text} instead of {row[name]}")
            compared += 1
        status = "Q" if row["status"] != "published" else OBSERVATION["published", row["flag"]]
        if (told["OBS_STATUS"], told["CONF_STATUS"]) != (status, CONFIDENTIALITY[row["status"]]):
            fail(f"{key}: {told} for {row['flag']}, {row['status']}")
        if told["UNIT_MEASURE"] != unit(row) or any(told[name] != row[column] for name, column in attributes.items()):
            fail(f"{key}: {told} for {row}")
    if found:
        fail(f"{len(found)} observations that nobody published")
    return compared


def people(row):
    return total(row["sex"]), AGES[row["age_group"]], total(row["target_group"])


def sdmx(data):
    """The dataflow of the estimates."""
    dimensions = ["INDICATOR", "TIMELINE", "ACTIVITY", "SEX", "AGE", "TARGET_GROUP", "DAY_TYPE", "TIME_OF_DAY"]
    time = lambda row: f"T{clock(row['slot']).replace(':', '')}" if row["slot"] else "_Z"
    about = lambda row: (row["indicator"], row["timeline"], row["activity"], *people(row), row["day"], time(row))
    rows = estimates(data)
    return flow(data / "estimates-sdmx.csv", "TIME_USE", dimensions, {"ACTIVITY_LEVEL": "level"}, rows, about, lambda row: row["unit"])


def sdmx_answers(data):
    """The dataflow of the answers."""
    dimensions = ["INDICATOR", "QUESTIONNAIRE", "QUESTION", "ANSWER", "SEX", "AGE", "TARGET_GROUP"]
    about = lambda row: (row["measure"], row["questionnaire"], row["question"], row["answer"] or "_Z", *people(row))
    unit = lambda row: {"share": "percent", "mean": "unit_of_question"}[row["measure"]]
    return flow(data / "answers-sdmx.csv", "ANSWERS", dimensions, {}, estimates(data, "answers.csv"), about, unit)


def csvw(data):
    """csvw reads every table by its description: types, nulls, keys and references."""
    import warnings

    from csvw import TableGroup

    warnings.simplefilter("error")
    group = TableGroup.from_file(data / "csv-metadata.json")
    described = {table.url.string for table in group.tables}
    there = {str(path.relative_to(data)) for path in data.rglob("*.csv")}
    if described != there:
        fail(f"not described: {there - described}; not there: {described - there}")
    compared = 0
    for table in group.tables:
        rows = list(table.iterdicts(strict=True))
        with open(data / table.url.string, encoding="utf-8", newline="") as file:
            if len(rows) != sum(1 for _ in csv.reader(file)) - 1:
                fail(f"{table.url} has other rows")
        compared += len(rows)
        key = table.tableSchema.primaryKey
        if key:
            counts = Counter(tuple(row[name] for name in key) for row in rows)
            twice = [key for key, count in counts.items() if count > 1]
            if twice:
                fail(f"{table.url}: {twice[0]} comes twice")
    group.check_referential_integrity(strict=True)
    return compared


def dcat(data):
    """pyshacl judges the record by the shapes beside this file; lengths and checksums are those of the files."""
    import pyshacl
    from rdflib import Graph, Namespace

    base = f"https://example.it/risultati/dati/"
    graph = Graph()
    graph.parse(data / "catalogo.jsonld", format="json-ld", base=base + "catalogo.jsonld")
    shapes = Graph().parse(Path(__file__).parent / "shapes.ttl", format="turtle")
    conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes, inference="none", allow_warnings=False)
    if not conforms:
        fail(text)
    # Shapes that nothing can fail would say nothing.
    dcterms, dcat_, spdx = (Namespace(uri) for uri in ("http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#", "http://spdx.org/rdf/terms#"))
    for removed in [dcterms.license, dcterms.rightsHolder, dcterms.identifier, dcat_.theme, dcterms.accrualPeriodicity, dcat_.byteSize]:
        poorer = Graph()
        for triple in graph:
            if triple[1] != removed:
                poorer.add(triple)
        if pyshacl.validate(poorer, shacl_graph=shapes, inference="none")[0]:
            fail(f"the shapes do not miss {removed}")
    compared = 0
    for distribution in graph.subjects(dcat_.downloadURL):
        address = str(graph.value(distribution, dcat_.downloadURL))
        if "/dati/" not in address:
            fail(f"{address} is not in the folder of the data")
        content = (data / address.split("/dati/")[1]).read_bytes()
        if int(graph.value(distribution, dcat_.byteSize)) != len(content):
            fail(f"{address}: another length")
        checksum = graph.value(graph.value(distribution, spdx.checksum), spdx.checksumValue)
        if str(checksum).lower() != hashlib.sha256(content).hexdigest():
            fail(f"{address}: another checksum")
        compared += 1
    return compared


CHARACTERISTICS = ["sex", "age_group", "household_size", "employment"]


def codebook(folder):
    """The DDI codebook describes every column of every CSV, and its frequencies are those of the rows."""
    from xml.etree import ElementTree

    ddi = {"d": "ddi:codebook:2_5"}
    root = ElementTree.parse(folder / "codebook.xml").getroot()
    names = {file.get("ID"): file.findtext("d:fileTxt/d:fileName", namespaces=ddi) for file in root.findall("d:fileDscr", ddi)}
    if set(names.values()) != {path.name for path in folder.glob("*.csv")}:
        fail(f"the codebook describes {names}")
    for file, name in names.items():
        with open(folder / name, encoding="utf-8", newline="") as opened:
            reader = csv.DictReader(opened)
            rows, header = list(reader), reader.fieldnames
        variables = [one for one in root.findall("d:dataDscr/d:var", ddi) if one.get("files") == file]
        if [one.get("name") for one in variables] != header:
            fail(f"the codebook has other columns of {name}")
        for variable in variables:
            counts = Counter(row[variable.get("name")] for row in rows)
            counts.pop("", None)
            told = {
                category.findtext("d:catValu", namespaces=ddi): int(category.findtext("d:catStat", namespaces=ddi))
                for category in variable.findall("d:catgry", ddi)
            }
            if told and told != counts:
                fail(f"{name}, {variable.get('name')}: the codebook has {told}, the rows {counts}")
            if len(variable.findall("d:labl", ddi)) != 2:
                fail(f"{name}, {variable.get('name')} is not named in two languages")


def public_use(data):
    """Counts anew what the report says: classes, risk by scipy, unique days; and loads the design in svy."""
    import numpy
    import svy
    from scipy.special import hyp2f1

    folder = data / "puf"
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    with open(folder / "persons.csv", encoding="utf-8", newline="") as file:
        persons = list(csv.DictReader(file))
    classes = Counter()
    weights = Counter()
    for person in persons:
        key = tuple(person[name] for name in CHARACTERISTICS)
        classes[key] += 1
        weights[key] += float(person["weight"])
    risks = {}
    for key, f in classes.items():
        p = min(f / weights[key], 1.0)
        risks[key] = p / f * float(hyp2f1(1, 1, f + 1, 1 - p))
    expected = sum(risks[key] * f for key, f in classes.items())
    after = report["after"]
    for name, found in [("n_classes", len(classes)), ("smallest_class", min(classes.values())),
                        ("n_sample_uniques", sum(f == 1 for f in classes.values())),
                        ("largest_risk", max(risks.values())), ("expected_identifications", expected)]:
        if not math.isclose(found, after[name], rel_tol=1e-9):
            fail(f"{name} is {found}; the report says {after[name]}")
    if min(classes.values()) < report["rules"]["smallest_class"] or max(risks.values()) > report["rules"]["largest_risk"]:
        fail("the file breaks its own rules")
    forbidden = {"zone", "household_id", "month", "stratum", "cluster", "age"}
    days = {}
    with open(folder / "episodes.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if int(row["start_minute"]) % 30 or int(row["minutes"]) % 30:
                fail(f"{row} is not of half hours")
            days.setdefault(row["day_id"], []).extend([row["activity"]] * (int(row["minutes"]) // 30))
    if {len(day) for day in days.values()} != {48}:
        fail("a day is not whole")
    counts = Counter(map(tuple, days.values()))
    unique = sum(count == 1 for count in counts.values()) / len(days)
    if not math.isclose(unique, report["fingerprints"]["unique_days"], rel_tol=1e-12):
        fail(f"{unique} of the days are unique; the report says {report['fingerprints']['unique_days']}")
    with open(folder / "days.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if forbidden & set(rows[0]) or forbidden & set(persons[0]):
        fail("the file tells what it must not")
    replicates = [name for name in rows[0] if name.startswith("replicate_")]
    matrix = numpy.array([[float(row[name]) for name in replicates] for row in rows])
    # Who shares a pattern of zeros: whole groups of clusters, never a household.
    patterns = Counter(tuple(line == 0) for line in matrix)
    if len(patterns) != len(replicates) or min(patterns.values()) < report["weights"]["fewest_clusters"]:
        fail(f"{len(patterns)} patterns of replicates, the rarest of {min(patterns.values())} days")
    codebook(folder)
    # The three lines of the page of data.
    giornate = svy.read_csv(folder / "days.csv")
    disegno = svy.Sample(giornate, svy.Design(wgt="weight", rep_wgts=svy.JackknifeWgts(
        prefix="replicate_", n_reps=len(replicates), padding=len(str(len(replicates))), kind="jk1")))
    compared = 0
    for mean in report["means"]:
        estimate = disegno.estimation.mean(mean["column"], method="replication").estimates[0]
        if not (math.isclose(estimate.est, mean["value"], rel_tol=1e-9) and math.isclose(estimate.se, mean["standard_error"], rel_tol=1e-8)):
            fail(f"{mean}: svy has {estimate}")
        compared += 1
    return compared


CHECKS = {
    check.__name__: check
    for check in (workbook, libre_office, json_stat, json_stat_answers, sdmx, sdmx_answers, csvw, dcat, public_use)
}

if __name__ == "__main__":
    print(CHECKS[sys.argv[1]](Path(sys.argv[2]) / "dati"), "compared")
