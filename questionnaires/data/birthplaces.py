#!/usr/bin/env python3
"""Writes birthplaces.csv: every place that a fiscal code can name, with the days on which it existed.

    pip install python-codicefiscale==0.12.1
    npm pack @marketto/belfiore-connector-embedded@1.2.1      (only for the territories named below)
    python3 birthplaces.py > birthplaces.csv

The municipalities are the archive of the national register of residents (ANPR, Ministero dell'Interno, CC BY 4.0), as
python-codicefiscale 0.12.1 (MIT) carries it; the states are that package's list. Compared with
@marketto/belfiore-connector-embedded 1.2.1 (MIT; the same archive, and Istat's list of states, CC BY 3.0): that one has no
municipality which is not here and lacks 23, and has nine territories of Istat's list which are missing there and are added.
"""
import datetime
import json
import os
import sys

import codicefiscale

FOUNDATION = "1861-03-17"  # the archive begins with the Kingdom of Italy
TERRITORIES = {  # Istat's names; in use, beginning unknown
    "Z113": "Gibilterra",
    "Z122": "Isola di Man",
    "Z339": "Sahara occidentale",
    "Z402": "Groenlandia",
    "Z529": "Anguilla",
    "Z531": "Montserrat",
    "Z609": "Isole Falkland (Malvine)",
    "Z716": "Nuova Caledonia",
    "Z722": "Isole Pitcairn",
}

HEADER = """\
# Places that a fiscal code can name: Italian municipalities, living and suppressed, and foreign states (Z).
# Written by birthplaces.py, which says more. Sources: Ministero dell'Interno, archive of municipalities of the national register
# of residents (ANPR), CC BY 4.0, and a list of states, both as carried by python-codicefiscale 0.12.1 (MIT, Fabio Caccamo); nine
# territories of Istat's list of foreign states (CC BY 3.0), as carried by @marketto/belfiore-connector-embedded 1.2.1 (MIT).
# Changed: rows of one place that follow each other without a gap are joined; 28 rows without a code are left out.
# code: blank when it is that of the line before. from: first day, blank when the source knows no beginning.
# until: last day, blank when the next line of the same code follows on the next day; `-` when the place exists.
code,from,until,name"""


def load(name):
    folder = os.path.dirname(codicefiscale.__file__)
    with open(os.path.join(folder, "data", name), encoding="utf-8") as file:
        return json.load(file)


def next_day(text):
    return (datetime.date.fromisoformat(text) + datetime.timedelta(days=1)).isoformat()


def main():
    rows = load("municipalities.json") + load("deleted-countries.json") + load("countries.json")
    places = {}
    for row in rows:
        if len(row["code"]) != 4:
            continue
        begin, end = row["date_created"][:10], row["date_deleted"][:10]
        if begin in (FOUNDATION, "1900-01-01"):
            begin = ""
        places.setdefault(row["code"], set()).add((begin, end or "9999-12-31", row["name"]))
    for code, name in TERRITORIES.items():
        assert code not in places
        places[code] = {("", "9999-12-31", name)}
    print(HEADER)
    for code, spans in sorted(places.items()):
        joined = []
        for begin, end, name in sorted(spans):
            if joined and joined[-1][2] == name and joined[-1][1] < "9999" and next_day(joined[-1][1]) == begin:
                joined[-1][1] = end
            else:
                joined.append([begin, end, name])
        for position, (begin, end, name) in enumerate(joined):
            follows = position + 1 < len(joined) and end < "9999" and next_day(end) == joined[position + 1][0]
            until = "-" if end > "9999" else "" if follows else end.replace("-", "")
            shown = code if position == 0 else ""
            assert "," not in name and '"' not in name
            print(f"{shown},{begin.replace('-', '')},{until},{name}")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    main()
