"""Looks into PDFs for what PDF/UA-1 and PDF/A-3 ask and a program can see, and prints what it found as JSON.

    pdf.py FILE...
    pdf.py --spoil FILE      # whether the defects that it looks for are told when they are there

For each file: what is wrong (an empty list where nothing is), and facts that tests compare. It reads the file with qpdf through
pikepdf and knows nothing of how it was made. docs/accessibility.md says what this covers and what it does not.
"""

import hashlib
import json
import sys
import tempfile

import pikepdf

HEADINGS = ["/H1", "/H2", "/H3", "/H4", "/H5", "/H6"]
TEXT = {"Tj", "TJ", "'", '"'}
PAINT = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do"}


class Reading:
    def __init__(self, path):
        self.pdf = pikepdf.open(path)
        self.root = self.pdf.Root
        self.wrong = []
        self.facts = {"pages": len(self.pdf.pages)}

    def expect(self, holds, message):
        if not holds:
            self.wrong.append(message)

    # What the document says of itself.

    def catalog(self):
        root = self.root
        self.expect(bool(root.get("/MarkInfo", {}).get("/Marked", False)), "not marked as tagged")
        self.expect("/StructTreeRoot" in root, "no structure tree")
        self.facts["language"] = str(root.get("/Lang", ""))
        self.expect(bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)), "the title is not displayed")
        self.expect(not self.pdf.is_encrypted, "encrypted")
        self.expect("/ID" in self.pdf.trailer, "no identifier")
        for forbidden in ["/AA", "/OpenAction", "/AcroForm"]:
            self.expect(forbidden not in root, f"{forbidden} in the catalogue")
        self.expect("/JavaScript" not in root.get("/Names", {}), "a script")
        outline = root.get("/Outlines", {}).get("/First")
        n_outlines = 0
        while outline is not None:
            n_outlines += 1
            outline = outline.get("/Next")
        self.facts["outlines"] = n_outlines
        self.expect(n_outlines > 0, "no outlines")

    def metadata(self):
        with self.pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            self.expect(xmp.get("pdfuaid:part") == "1", "XMP does not say PDF/UA-1")
            self.expect(xmp.get("pdfaid:part") == "3", "XMP does not say PDF/A-3")
            self.expect(xmp.get("pdfaid:conformance") == "A", "XMP does not say conformance A")
            title = xmp.get("dc:title")
            self.facts["authors"] = [str(author) for author in xmp.get("dc:creator", [])]
        self.facts["title"] = title
        self.expect(bool(title), "no title")
        self.expect(str(self.pdf.docinfo.get("/Title", "")) == title, "two titles")
        intents = self.root.get("/OutputIntents", [])
        self.expect(
            any(intent.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in intent for intent in intents),
            "no output intent of PDF/A",
        )

    # The structure.

    def structure(self):
        tree = self.root.StructTreeRoot
        self.roles = {str(key): str(value) for key, value in tree.get("/RoleMap", {}).items()}
        self.headings, self.figures, self.tables, self.kinds = [], 0, 0, {}
        # Marked contents that the tree holds, by page.
        self.held = {}
        self.walk(tree.get("/K"), None, [])
        last = 0
        for level in self.headings:
            self.expect(level <= last + 1, f"a heading of level {level} after one of level {last}")
            last = level
        self.facts |= {"headings": self.headings, "figures": self.figures, "tables": self.tables, "kinds": self.kinds}

    def standard(self, element):
        kind = str(element.get("/S", ""))
        seen = set()
        while kind in self.roles and kind not in seen:
            seen.add(kind)
            kind = self.roles[kind]
        return kind

    def walk(self, node, page, path):
        if node is None:
            return
        if isinstance(node, pikepdf.Array):
            for child in node:
                self.walk(child, page, path)
            return
        if not isinstance(node, pikepdf.Dictionary):
            self.hold(page, int(node))
            return
        page = node.get("/Pg", page)
        if node.get("/Type") == "/MCR":
            self.hold(page, int(node.MCID))
            return
        if node.get("/Type") == "/OBJR":
            return
        kind = self.standard(node)
        self.kinds[kind.lstrip("/")] = self.kinds.get(kind.lstrip("/"), 0) + 1
        if kind in HEADINGS:
            self.headings.append(HEADINGS.index(kind) + 1)
        if kind == "/Figure":
            self.figures += 1
            self.expect(bool(str(node.get("/Alt", "")).strip()), "a figure without alternative text")
        if kind == "/Table":
            self.tables += 1
            self.table(node)
        parents = {"/TR": {"/Table", "/THead", "/TBody", "/TFoot"}, "/TH": {"/TR"}, "/TD": {"/TR"}, "/LI": {"/L"}}
        if kind in parents:
            self.expect(bool(path) and path[-1] in parents[kind], f"{kind} below {path[-1:]}")
        self.walk(node.get("/K"), page, path + [kind])

    def hold(self, page, number):
        key = page.objgen if page is not None else None
        numbers = self.held.setdefault(key, set())
        self.expect(number not in numbers, f"marked content {number} stands twice in the structure")
        numbers.add(number)

    def table(self, table):
        scopes, n_cells = [], []

        def cells(node, found):
            if isinstance(node, pikepdf.Array):
                for child in node:
                    cells(child, found)
            elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
                kind = self.standard(node)
                if kind in ("/TH", "/TD"):
                    found.append((kind, node))
                else:
                    if kind == "/TR":
                        row = []
                        cells(node.get("/K"), row)
                        n_cells.append(len(row))
                        found.extend(row)
                    else:
                        cells(node.get("/K"), found)

        found = []
        cells(table.get("/K"), found)
        for kind, cell in found:
            if kind == "/TH":
                attributes = cell.get("/A", [])
                attributes = [attributes] if isinstance(attributes, pikepdf.Dictionary) else list(attributes)
                scope = [str(one.get("/Scope")) for one in attributes if isinstance(one, pikepdf.Dictionary) and "/Scope" in one]
                self.expect(bool(scope), "a header cell without scope")
                scopes.extend(scope)
        self.expect("/Column" in scopes, "a table without headers of columns")
        self.expect("/Row" in scopes, "a table without headers of rows")

    # The pages.

    def pages(self):
        fonts = {}
        for number, page in enumerate(self.pdf.pages, 1):
            self.expect(page.obj.get("/Tabs") == "/S" or "/Annots" not in page.obj, f"page {number}: tabs do not follow the structure")
            marked, bare, texts = self.marks(page)
            self.expect(bare == 0, f"page {number}: {bare} contents are neither tagged nor an artifact")
            self.expect(texts > 3, f"page {number} is empty")
            held = self.held.get(page.obj.objgen, set())
            self.expect(marked == held, f"page {number}: marked contents and structure differ: {sorted(marked ^ held)[:5]}")
            for annotation in page.obj.get("/Annots", []):
                self.expect("/StructParent" in annotation, f"page {number}: an annotation outside the structure")
                self.expect(bool(str(annotation.get("/Contents", ""))), f"page {number}: a link without description")
            self.fonts(page.obj.get("/Resources", {}), fonts)
        self.facts["fonts"] = sorted(fonts)

    def marks(self, page):
        stack, marked, bare, texts = [], set(), 0, 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name == "BDC":
                properties = operands[1]
                if isinstance(properties, pikepdf.Name):
                    properties = page.obj.Resources.Properties[properties]
                if "/MCID" in properties:
                    marked.add(int(properties.MCID))
                stack.append("/MCID" in properties or operands[0] == "/Artifact")
            elif name == "BMC":
                stack.append(operands[0] == "/Artifact")
            elif name == "EMC":
                stack.pop()
            elif name in TEXT or name in PAINT:
                texts += name in TEXT
                bare += not any(stack)
        return marked, bare, texts

    def fonts(self, resources, fonts):
        for font in resources.get("/Font", {}).values():
            name = str(font.BaseFont).lstrip("/").split("+")[-1]
            self.expect("/ToUnicode" in font, f"{name}: letters without their characters")
            for descendant in font.get("/DescendantFonts", [font]):
                descriptor = descendant.get("/FontDescriptor", {})
                files = [key for key in ("/FontFile", "/FontFile2", "/FontFile3") if key in descriptor]
                self.expect(bool(files), f"{name} is not embedded")
            fonts[name] = True
        for form in resources.get("/XObject", {}).values():
            if form.get("/Subtype") == "/Form" and "/Resources" in form:
                self.fonts(form.Resources, fonts)

    # The files attached.

    def attachments(self):
        associated = {spec.objgen for spec in self.root.get("/AF", [])}
        found = {}
        tree = self.root.get("/Names", {}).get("/EmbeddedFiles")
        names = pikepdf.NameTree(tree) if tree is not None else {}
        for _, spec in names.items():
            name = str(spec.get("/UF", ""))
            relationship = str(spec.get("/AFRelationship", "")).lstrip("/")
            self.expect(name != "" and "/F" in spec, "an attachment without name")
            self.expect(relationship in ("Data", "Supplement"), f"{name} has the relationship `{relationship}`")
            self.expect(bool(str(spec.get("/Desc", ""))), f"{name} has no description")
            self.expect(spec.objgen in associated, f"{name} is associated with nothing")
            stream = spec.EF.F
            self.expect("/Subtype" in stream, f"{name} has no media type")
            self.expect("/ModDate" in stream.get("/Params", {}), f"{name} has no date")
            found[name] = {"relationship": relationship, "sha256": hashlib.sha256(stream.read_bytes()).hexdigest()}
        self.facts["attachments"] = found
        self.expect(bool(found), "no data attached")


def read(path):
    reading = Reading(path)
    for check in [reading.catalog, reading.metadata, reading.structure, reading.pages, reading.attachments]:
        check()
    return {"wrong": reading.wrong, **reading.facts}


def elements(pdf, kind):
    """Every structure element of this kind."""
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == kind:
            yield thing


def spoil_metadata(pdf):
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        del xmp["pdfuaid:part"]


def spoil_page(pdf):
    page = pdf.pages[-1]
    page.contents_add(b"0 0 10 10 re f", prepend=False)


def first_font(pdf):
    return next(iter(pdf.pages[-1].Resources.Font.values()))


# One defect each, and the words by which it must be told.
SPOILERS = {
    "not marked": lambda pdf: pdf.Root.__delitem__("/MarkInfo"),
    "title is not displayed": lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
    "XMP does not say PDF/UA-1": spoil_metadata,
    "no output intent": lambda pdf: pdf.Root.__delitem__("/OutputIntents"),
    "without alternative text": lambda pdf: next(elements(pdf, "/Figure")).__delitem__("/Alt"),
    "header cell without scope": lambda pdf: next(elements(pdf, "/TH")).__delitem__("/A"),
    "neither tagged nor an artifact": spoil_page,
    "letters without their characters": lambda pdf: first_font(pdf).__delitem__("/ToUnicode"),
    "is not embedded": lambda pdf: first_font(pdf).DescendantFonts[0].FontDescriptor.__delitem__("/FontFile2"),
    "is associated with nothing": lambda pdf: pdf.Root.__delitem__("/AF"),
    "a heading of level 3": lambda pdf: next(elements(pdf, "/H1")).__setitem__("/S", pikepdf.Name.H3),
}


def unnoticed(path):
    """The defects that a spoiled copy of the file may have without being told."""
    missed = []
    for words, spoil in SPOILERS.items():
        with pikepdf.open(path) as pdf, tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
            spoil(pdf)
            pdf.save(copy.name)
            if not any(words in message for message in read(copy.name)["wrong"]):
                missed.append(words)
    return missed


if sys.argv[1] == "--spoil":
    print(json.dumps({"spoiled": len(SPOILERS), "unnoticed": unnoticed(sys.argv[2])}))
else:
    print(json.dumps({path.rsplit("/", 1)[-1]: read(path) for path in sys.argv[1:]}, ensure_ascii=False))
