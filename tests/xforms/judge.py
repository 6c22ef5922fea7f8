"""Judges what `tempi questionnaire export` wrote: `judge.py FOLDER` looks at every NAME.xlsx, NAME.xml and NAME.ddi.xml in it.

XLSForms are converted by pyxform into NAME.pyxform.xml; those and our own XForms are judged by ODK Validate; codebooks are held
against the order of elements, the identifiers and the references that DDI-Codebook 2.5 prescribes. Prints one line per file,
and ends with 1 when something is wrong.
"""

import pathlib
import subprocess
import sys

import pyxform.validators.odk_validate as odk_validate
from lxml import etree
from pyxform.xls2xform import convert

JAR = pathlib.Path(odk_validate.__file__).parent / "bin" / "ODK_Validate.jar"
DDI = "{ddi:codebook:2_5}"

# The children of each element that codebooks here use, in the order of the DDI-Codebook 2.5 schema.
ORDER = {
    "codeBook": ["docDscr", "stdyDscr", "fileDscr", "dataDscr", "otherMat"],
    "stdyDscr": ["citation", "stdyInfo", "method", "dataAccs", "othrStdyMat", "notes"],
    "citation": ["titlStmt", "rspStmt", "prodStmt", "distStmt"],
    "titlStmt": ["titl", "subTitl", "altTitl", "parTitl", "IDNo"],
    "stdyInfo": ["studyBudget", "subject", "abstract", "sumDscr", "notes"],
    "dataDscr": ["varGrp", "nCubeGrp", "var", "nCube", "notes"],
    "varGrp": ["labl", "txt", "concept", "defntn", "universe", "notes"],
    "var": [
        "location", "labl", "imputation", "security", "embargo", "respUnit", "anlysUnit", "qstn", "valrng", "invalrng",
        "undocCod", "universe", "TotlResp", "sumStat", "txt", "stdCatgry", "catgryGrp", "catgry", "codInstr", "verStmt",
        "concept", "derivation", "varFormat", "geoMap", "catLevel", "notes",
    ],
    "qstn": ["preQTxt", "qstnLit", "postQTxt", "forward", "backward", "ivuInstr"],
    "catgry": ["catValu", "labl", "txt", "catStat", "mrow"],
    "valrng": ["item", "range", "key", "notes"],
}


def odk(path):
    run = subprocess.run(["java", "-jar", str(JAR), str(path)], capture_output=True, text=True, check=False)
    return None if run.returncode == 0 and "valid" in run.stdout + run.stderr else run.stdout + run.stderr


def codebook(path):
    root = etree.parse(str(path)).getroot()
    wrong = []
    if root.tag != f"{DDI}codeBook" or root.get("version") != "2.5":
        wrong.append("the root is no codeBook of version 2.5")
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    wrong += [f"the ID {one} stands there twice" for one in sorted(set(ids)) if ids.count(one) > 1]
    for element in root.iter():
        name = etree.QName(element).localname
        if etree.QName(element).namespace != DDI[1:-1]:
            wrong.append(f"{name} is of another namespace")
        children = [etree.QName(child).localname for child in element]
        if name in ORDER:
            unknown = [child for child in children if child not in ORDER[name]]
            places = [ORDER[name].index(child) for child in children if child in ORDER[name]]
            if unknown or places != sorted(places):
                wrong.append(f"{name} holds {children}")
        elif children:
            wrong.append(f"{name} holds {children}, and holds texts only")
        for reference in (element.get("var") or "").split():
            if reference not in ids:
                wrong.append(f"{name} refers to {reference}, which is nowhere")
    variables = root.findall(f".//{DDI}var")
    for variable in variables:
        languages = {label.get("{http://www.w3.org/XML/1998/namespace}lang") for label in variable.findall(f"{DDI}labl")}
        if "it" not in languages or variable.find(f"{DDI}qstn/{DDI}qstnLit") is None:
            wrong.append(f"{variable.get('name')} has no Italian label or no question")
    return "\n".join(wrong) or (None if variables else "it has no variables")


def pyxform(path):
    result = convert(xlsform=str(path))
    path.with_suffix(".pyxform.xml").write_text(result.xform, encoding="utf-8")
    return "\n".join(result.warnings) or odk(path.with_suffix(".pyxform.xml"))


def main(folder):
    failed = False
    for path in sorted(folder.iterdir()):
        if path.name.endswith(".pyxform.xml"):
            continue
        if path.suffix == ".xlsx":
            wrong = pyxform(path)
        elif path.name.endswith(".ddi.xml"):
            wrong = codebook(path)
        elif path.suffix == ".xml":
            wrong = odk(path)
        else:
            continue
        print(f"{path.name}: {'good' if wrong is None else wrong}")
        failed |= wrong is not None
    sys.exit(int(failed))


main(pathlib.Path(sys.argv[1]))
