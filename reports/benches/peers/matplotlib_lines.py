"""The rhythm of paid work, women and men with their bands and the difference below, as matplotlib draws it: SVG and PNG.

    pip install matplotlib
    python3 reports/benches/peers/matplotlib_lines.py ESTIMATES

Prints seconds per figure, the median of five, without starting Python and importing; letters are outlines in both.
"""

import csv
import io
import statistics
import sys
import time

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

curves = {"F": [], "M": [], "gap": []}
with open(f"{sys.argv[1]}/estimates.csv", newline="") as file:
    for row in csv.DictReader(file):
        if (row["timeline"], row["activity"], row["day"]) != ("main", "1", "average") or not row["slot"]:
            continue
        if row["age_group"] != "all" or row["target_group"] != "all" or not row["value"]:
            continue
        name = "gap" if row["indicator"] == "share_gap_at_slot" else row["sex"]
        if name in curves:
            curves[name].append([float(row[column]) for column in ("slot", "value", "ci_low", "ci_high")])


def draw():
    figure, (upper, lower) = pyplot.subplots(2, 1, figsize=(8.8, 5.6), height_ratios=[2, 1])
    for axes, names in ((upper, "FM"), (lower, ["gap"])):
        for name in names:
            slot, value, low, high = zip(*curves[name])
            axes.fill_between(slot, low, high, alpha=0.25)
            axes.plot(slot, value, label=name)
        axes.legend()
    upper.set_title("Lavoro retribuito: alle 14:40 gli uomini superano le donne di 20,2 punti")
    figure.savefig(io.BytesIO(), format="svg")
    figure.savefig(io.BytesIO(), format="png", dpi=200)
    pyplot.close(figure)


draw()
seconds = []
for _ in range(5):
    begin = time.perf_counter()
    draw()
    seconds.append(time.perf_counter() - begin)
print(f"matplotlib {matplotlib.__version__}: {statistics.median(seconds):.3f} s per figure (SVG and PNG)")
