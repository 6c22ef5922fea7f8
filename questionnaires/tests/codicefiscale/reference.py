#!/usr/bin/env python3
"""Prints what python-codicefiscale (MIT, Fabio Caccamo) says of places, homocodes, codes and names.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python reference.py | gzip -9n > reference.txt.gz

With --all-days the first and last day of every place are asked too; the file kept here has a day in the middle of each.
Deterministic: one seed, and the package's "today" is 22 November 2026. Lines, fields separated by tabs:

    place   code  date  name, or - where the package refuses
    homocodes  fifteen characters with digits  128 check characters, in the order of FiscalCode::homocodes
    code    code  sex  date of birth  name of the place  is a homocode (0, 1); - for the last four where it refuses
    name    name  letters of a surname  letters of a first name
"""
import datetime
import random
import sys

from codicefiscale import codicefiscale as reference
from codicefiscale.data import get_data

TODAY = datetime.datetime(2026, 11, 22)
INDICES = [14, 13, 12, 10, 9, 7, 6]
SURNAMES = ["D'Amico", "De Luca", "Fo", "Aia", "Müller", "Núñez", "Strauß", "Łukasz", "Đoković", "Ångström", "Bjørn",
            "Œuvre", "Çelik", "Şahin", "Žižek", "Nguyễn", "O'Neill", "Xu", "A", "Y", "Lo Presti", "Dell'Orto",
            "Garcia-Lopez", "Þór", "Ðuro", "Æsop"]


class AnyDate(type):
    def __instancecheck__(cls, value):
        return isinstance(value, datetime.datetime)


class Today(datetime.datetime, metaclass=AnyDate):
    @classmethod
    def now(cls, tz=None):
        return TODAY


def places(every_day):
    lines = set()
    for row in get_data("municipalities.json") + get_data("deleted-countries.json") + get_data("countries.json"):
        if len(row["code"]) != 4:
            continue
        begin = datetime.date.fromisoformat(row["date_created"][:10])
        end = datetime.date.fromisoformat(row["date_deleted"][:10]) if row["date_deleted"] else TODAY.date()
        middle = begin + (end - begin) // 2
        for date in (begin, middle, end) if every_day else (middle,):
            found = reference._get_birthplace(row["code"], date.isoformat())
            lines.add((row["code"], date.isoformat(), found["name"] if found else "-"))
    return sorted(lines)


def random_base(random, codes):
    letters = "".join(random.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(6))
    day = random.randint(1, 28) + random.choice([0, 40])
    return f"{letters}{random.randint(0, 99):02}{random.choice('ABCDEHLMPRST')}{day:02}{random.choice(codes)}"


def homocode(base, pattern):
    characters = list(base)
    for bit, index in enumerate(INDICES):
        if pattern >> bit & 1:
            characters[index] = reference._OMOCODIA[characters[index]]
    return "".join(characters)


def main():
    reference.datetime = Today
    for line in places("--all-days" in sys.argv):
        print("place", *line, sep="\t")
    rng = random.Random(20261122)
    codes = sorted(code.upper() for code in reference._get_data()["codes"] if len(code) == 4)
    for _ in range(100):
        base = random_base(rng, codes)
        checks = "".join(reference.encode_cin(homocode(base, pattern)) for pattern in range(128))
        print("homocodes", base, checks, sep="\t")
    for _ in range(3000):
        first = homocode(random_base(rng, codes), rng.choice([0, rng.randrange(128)]))
        code = first + reference.encode_cin(first)
        try:
            decoded = reference.decode(code)
            told = (decoded["gender"], decoded["birthdate"].date().isoformat(), decoded["birthplace"]["name"],
                    int(reference.is_omocode(code)))
        except ValueError:
            told = ("-", "-", "-", "-")
        print("code", code, *told, sep="\t")
    names = get_data("names.json")
    for name in sorted(set(names["M"]) | set(names["F"]) | set(SURNAMES)):
        print("name", name, reference.encode_lastname(name), reference.encode_firstname(name), sep="\t")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    main()
