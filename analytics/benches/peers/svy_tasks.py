"""The tasks of the benchmark in Python svy. Reads FOLDER/diaries.csv, writes FOLDER/svy.csv (every number with its standard
error, to be compared) and FOLDER/svy_times.csv (the best of several runs, seconds; reading and the design left out).

    python svy_tasks.py FOLDER TASK...
"""

import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import svy

folder, wanted = Path(sys.argv[1]), sys.argv[2:]
results, times = [], []


def best_of(n, task, run):
    if task not in wanted:
        return None
    seconds = []
    for _ in range(n):
        start = time.perf_counter()
        found = run()
        seconds.append(time.perf_counter() - start)
    times.append((task, min(seconds)))
    return found


def add(task, variable, estimates, by):
    table = estimates.to_polars()
    for row in table.iter_rows(named=True):
        results.append((task, row[by], variable, row["est"], row["se"]))


text = {name: pl.String for name in ["slots", "stratum", "cluster", "sex", "zone", "age", "education"]}
diaries = pl.read_csv(folder / "diaries.csv", schema_overrides=text)
minutes = [f"minutes_{activity}" for activity in range(10)]
design = svy.Design(stratum="stratum", psu="cluster", wgt="weight")
sample = svy.Sample(diaries.drop("slots"), design)

found = best_of(3, "domains", lambda: sample.estimation.mean(minutes, by="domain"))
if found is not None:
    for activity, estimates in enumerate(found):
        add("domains", str(activity), estimates, "domain")

if "tempogram" in wanted:
    digits = np.frombuffer("".join(diaries["slots"]).encode(), dtype=np.uint8).reshape(-1, 144) - ord("0")
    names = [(slot, activity, f"t{slot}_{activity}") for slot in range(144) for activity in range(10)]
    shares = pl.DataFrame({name: (digits[:, slot] == activity).astype(np.float64) for slot, activity, name in names})
    wide = svy.Sample(pl.concat([diaries.select("stratum", "cluster", "weight", "sex"), shares], how="horizontal"), design)
    found = best_of(2, "tempogram", lambda: wide.estimation.mean([name for _, _, name in names], by="sex"))
    for (slot, activity, _), estimates in zip(names, found):
        add("tempogram", f"{slot}/{activity}", estimates, "sex")

controls = {}
for name in ["sex", "zone", "age", "education"]:
    margin = pl.read_csv(folder / f"margin_{name}.csv", schema_overrides={name: pl.String})
    controls[name] = dict(zip(margin[name], margin["Freq"]))
found = best_of(3, "raking", lambda: sample.weighting.rake(controls=controls, tol=1e-12))
if found is not None:
    for place, weight in enumerate(found.data["rk_wgt"]):
        results.append(("raking", place, "weight", weight, 0.0))

if "replicates" in wanted:
    of_clusters = np.loadtxt(folder / "replicates.csv", delimiter=",")
    factors = of_clusters[diaries["cluster"].str.slice(1).cast(pl.Int64).to_numpy()]
    weights = diaries["weight"].to_numpy()[:, None] * factors
    columns = {f"replicate{number + 1}": weights[:, number] for number in range(weights.shape[1])}
    # Replicates around the whole sample's estimate, each counting 1 / 160: what R is told with `scale` and `mse`.
    replicates = svy.BootstrapWgts(prefix="replicate", n_reps=weights.shape[1])
    tenths = diaries.select("weight", *minutes, tenth=pl.col("domain") % 10).with_columns(**columns)
    replicated = svy.Sample(tenths, svy.Design(wgt="weight", rep_wgts=replicates))
    found = best_of(2, "replicates", lambda: replicated.estimation.mean(
        minutes, by="tenth", method="replication", variance_center="estimate"
    ))
    for activity, estimates in enumerate(found):
        add("replicates", str(activity), estimates, "tenth")

pl.DataFrame(results, schema=["task", "domain", "variable", "value", "error"], orient="row", strict=False).with_columns(
    pl.col("domain").cast(pl.String)
).write_csv(folder / "svy.csv")
pl.DataFrame(times, schema=["task", "seconds"], orient="row").write_csv(folder / "svy_times.csv")
