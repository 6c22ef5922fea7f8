"""An outsider at work: within what interval can each unsafe number of a release be placed from what the release tells?

Nothing here is taken from the engine: the sums are built anew from the definitions (docs/METHODOLOGY.md, Secrecy), and the
programmes are solved by HiGHS. `secrecy_outsider` writes the three files and runs this; by hand:

    outsider.py FOLDER [AT_MOST [untold]]

FOLDER holds persons.csv (sex, groups, weight on each kind of day: what everybody is taken to know), days.csv (what the
average day is made of: kinds of day taken together, and their share of the week), told.csv (mean minutes by activity and
domain, with what became of each) and sums.csv (which activities add up to which). Prints one line; ends with 1 where a
number is placed too well. The outsider knows that no group spends more than the group around it (the
rest is not negative). With `untold` it also takes apart, one by one, the activities that the release has for everybody but
not for the group; the engine does not claim to hold against that (docs/METHODOLOGY.md, Secrecy, outside the model).
"""

import csv
import sys
from collections import defaultdict

import numpy as np
import scipy.sparse as sparse
from scipy.optimize import linprog

KINDS = ["weekday", "saturday", "sunday"]
SEXES = ["all", "F", "M", "X"]
DAY = 1440.0
RANGE = 0.3
MINIMUM = 3
ROUNDING = 1e-6


def read(name):
    with open(f"{sys.argv[1]}/{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class People:
    """Domains as sets of persons, and what they weigh; with what subtraction of groups leads to."""

    def __init__(self):
        persons = read("persons")
        self.of = defaultdict(set)
        for number, person in enumerate(persons):
            for group in person["groups"].split():
                self.of[group].add(number)
        self.sex = [person["sex"] for person in persons]
        self.weight_of = {kind: [float(person[kind]) for person in persons] for kind in KINDS}
        self.splits = []
        listed = sorted(self.of)
        for kind in ["age:", "zone:"]:
            parts = [group for group in listed if group.startswith(kind)]
            if len(parts) > 1:
                self.split("all", parts)
        for whole in listed:
            for part in listed:
                if part != whole and self.of[part] <= self.of[whole]:
                    self.split(whole, [part])

    def split(self, whole, parts):
        rest = self.of[whole] - set().union(*(self.of[part] for part in parts))
        name = next((group for group, members in self.of.items() if members == rest), f"{whole} less {' '.join(parts)}")
        if rest:
            self.of[name] = rest
        self.splits.append((whole, parts + ([name] if rest else [])))

    def members(self, group, sex):
        return [person for person in self.of[group] if sex in ("all", self.sex[person])]

    def weigh(self):
        self.weight, self.number = {}, {}
        for group in self.of:
            for sex in SEXES:
                members = self.members(group, sex)
                for kind in KINDS:
                    weights = [self.weight_of[kind][person] for person in members]
                    self.weight[group, sex, kind] = sum(weights)
                    self.number[group, sex, kind] = sum(weight > 0 for weight in weights)
                self.weight[group, sex, "average"] = sum(self.weight[group, sex, kind] for kind in KINDS)


class Outsider:
    def __init__(self):
        people = People()
        people.weigh()
        self.weight = people.weight
        told = {(row["line"], row["group"], row["sex"], row["day"]): row for row in read("told")}
        lines = sorted({line for line, *_ in told})
        self.place, self.known, self.high, self.truth = {}, [], [], []
        self.unsafe = []
        groups = sorted(people.of)
        listed = {group for _, group, *_ in told}
        is_of_untold = sys.argv[3:] == ["untold"]
        is_told_of = defaultdict(bool)
        for (line, *domain), row in told.items():
            is_told_of[tuple(domain)] |= row["status"] == "published"
        for line in lines:
            for group in groups:
                for sex in SEXES:
                    for day in KINDS + ["average"]:
                        key = (line, group, sex, day)
                        weight = people.weight[group, sex, day]
                        if weight == 0 or day == "average" and key not in told:
                            continue
                        row = told.get(key)
                        if row is None and group in listed and sex != "X" and not is_of_untold:
                            # Where nobody at all did it, nobody of the group did.
                            of_all = [told.get((line, "all", which, day)) for which in ("all", sex)]
                            if all(other is None or float(other["minutes"]) > 0 for other in of_all):
                                continue
                            row = {"minutes": "0", "status": "published", "n": "0"}
                        value = float(row["minutes"]) * weight if row else None
                        # That there is nobody is no secret.
                        is_known = row is not None and (row["status"] == "published" or value == 0)
                        self.place[key] = len(self.known)
                        self.known.append(value if is_known else None)
                        self.truth.append(value)
                        self.high.append(max(DAY * weight, value or 0.0))
                        if row is not None and row["status"] == "withheld" and 0 < int(row["n"]) < MINIMUM and value > 0:
                            self.unsafe.append(key)
        self.equations = []
        pools = [(row["kinds"].split("|"), float(row["share"])) for row in read("days")]
        for line in lines:
            for group in groups:
                for day in KINDS:
                    self.add([((line, group, sex, day), 1) for sex in ("F", "M", "X")], (line, group, "all", day))
                for sex in SEXES:
                    self.add_average(line, group, sex, pools)
            for whole, parts in people.splits:
                for sex in SEXES:
                    for day in KINDS:
                        self.add([((line, part, sex, day), 1) for part in parts], (line, whole, sex, day))
        for sum_ in read("sums"):
            parts = sum_["parts"].split("|")
            for group in groups:
                for sex in SEXES:
                    for day in KINDS:
                        terms = [((part, group, sex, day), 1) for part in parts]
                        if sum_["total"]:
                            self.add(terms, (sum_["total"], group, sex, day))
                        # Who is told nothing of a domain does not know how many days it has either.
                        elif is_told_of[group, sex, day] and all(key in self.place for key, _ in terms):
                            known = DAY * people.weight[group, sex, day]
                            self.equations.append(([(self.place[key], 1) for key, _ in terms], known))

    def add_average(self, line, group, sex, pools):
        whole = self.weight[group, sex, "average"]
        parts = []
        for kinds, share in pools:
            days = [(line, group, sex, kind) for kind in kinds if self.weight[group, sex, kind] > 0]
            if not days or any(key not in self.place for key in days):
                return
            pool = sum(self.weight[key[1:]] for key in days)
            parts += [(key, share * whole / pool) for key in days]
        self.add(parts, (line, group, sex, "average"))

    def add(self, parts, total):
        parts = [(key, factor) for key, factor in parts if self.weight[key[1:]] > 0]
        keys = [key for key, _ in parts] + [total]
        if all(key in self.place for key in keys):
            terms = [(self.place[key], factor) for key, factor in parts]
            self.equations.append((terms + [(self.place[total], -1)], 0.0))

    def interval(self, key, known):
        """The lowest and the highest value that agree with what is known."""
        unknown = [place for place, value in enumerate(known) if value is None]
        column = {place: at for at, place in enumerate(unknown)}
        centre = column[self.place[key]]
        scale = self.truth[self.place[key]]
        rows, columns, factors, right = [], [], [], []
        for terms, total in self.equations:
            free = [(column[place], factor) for place, factor in terms if known[place] is None]
            if free:
                rows += [len(right)] * len(free)
                columns += [place for place, _ in free]
                factors += [factor for _, factor in free]
                total -= sum(factor * known[place] for place, factor in terms if known[place] is not None)
                right.append(total / scale)
        matrix = sparse.csr_matrix((factors, (rows, columns)), shape=(len(right), len(unknown)))
        bounds = np.array([(0.0, self.high[place] / scale) for place in unknown])
        ends = []
        for sign in (1, -1):
            gain = np.zeros(len(unknown))
            gain[centre] = sign
            # Twice as far as is asked for is far enough, and keeps the numbers of one size.
            near = bounds.copy()
            near[centre] = [0.0, min(near[centre][1], 2.0)]
            found = linprog(gain, A_eq=matrix, b_eq=np.array(right), bounds=near, method="highs")
            if found.status != 0:
                sys.exit(f"{key}: {found.message}")
            ends.append(sign * found.fun * scale)
        return ends

    def is_kept_away(self, key):
        value = self.truth[self.place[key]]
        low, high = self.interval(key, self.known)
        is_far = lambda low, high: (
            low <= value * (1 - RANGE) + ROUNDING * value, high >= value * (1 + RANGE) - ROUNDING * value
        )
        below, above = is_far(low, high)
        if below and above:
            return True, low, high
        # As far as everybody knew beforehand is as far as anybody can be kept.
        nothing = [0.0 if truth == 0 else None for truth in self.truth]
        lowest, highest = self.interval(key, nothing)
        below |= low <= lowest + ROUNDING * value
        above |= high >= highest - ROUNDING * value
        return below and above, low, high


def main():
    outsider = Outsider()
    unsafe = outsider.unsafe
    at_most = int(sys.argv[2]) if len(sys.argv) > 2 else len(unsafe)
    step = max(1, -(-len(unsafe) // at_most)) if at_most else 1
    chosen = unsafe[::step]
    n_narrow = 0
    for key in chosen:
        is_away, low, high = outsider.is_kept_away(key)
        if not is_away:
            n_narrow += 1
            print("placed too well:", key, low, outsider.truth[outsider.place[key]], high, file=sys.stderr)
    print(f"{len(chosen)} of {len(unsafe)} unsafe numbers tried, {n_narrow} placed too well")
    sys.exit(1 if n_narrow else 0)


main()
