"""Measures how many rows a core scores on Spark, and what of that is not the model.

    python bench/spark/rows_per_core.py

Needs test/spark/requirements.txt and the package in models/training. Customers are made by the JVM
and scores are thrown away, so no file is read or written. A row's cost is the CPU time of the JVM
and its Python processes together, so other work on the machine does not count; the rows a second
by the clock are those of one task at a time (``local[1]``), whose two processes overlap.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f

from churn_bundle.spark import score
from churn_bundle.spark.bundle import read_bundle
from churn_bundle.spark.bundle_source import read_files
from churn_bundle.spark.churn_model import ChurnModel
from churn_bundle.spark.proof import columns_of

ROOT = Path(__file__).resolve().parents[2]
MODELS = {
    "5 numbers": ROOT / "models/churn_model.onnx",
    "19 mixed features": ROOT / "models/telco/telco_model.onnx",
}
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
ROWS_A_PASS = 10_000
PASSES = 30


class Cost(NamedTuple):
    """What a job took."""

    cpu_s: float
    clock_s: float


def processes() -> dict[int, tuple[int, float]]:
    """Gives parent and CPU seconds, with those of ended children, of all processes."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # It has ended.
            continue
        ticks = sum(int(field) for field in fields[11:15])
        found[int(folder.name)] = int(fields[1]), ticks / TICKS_A_SECOND
    return found


def cpu_seconds() -> float:
    """Gives the CPU time of this process and of all that it started."""
    all_processes = processes()
    family, grown = {os.getpid()}, True
    while grown:
        children = {pid for pid, (parent, _) in all_processes.items() if parent in family} - family
        family |= children
        grown = bool(children)
    return sum(all_processes[pid][1] for pid in family)


def measure(work: Callable[[], object]) -> Cost:
    """Does the work once."""
    cpu, clock = cpu_seconds(), time.perf_counter()
    work()
    return Cost(cpu_seconds() - cpu, time.perf_counter() - clock)


def value(feature: dict, place: int) -> Column:
    """Makes a value that the contract accepts from a row's number."""
    number = f.col("id") * (7919 + 2 * place)
    if feature["type"] == "boolean":
        return number % 7 < 3
    if feature["type"] == "category":
        categories = f.array(*(f.lit(each) for each in feature["categories"]))
        return f.element_at(categories, (number % len(feature["categories"]) + 1).cast("int"))
    bounds = feature["bounds"]
    low, high = bounds["minimum"], bounds.get("maximum", 10_000)
    if feature["type"] == "integer":
        return number % (high - low + 1) + low
    return number % (100 * (high - low)) / 100 + low


def customers(spark: SparkSession, onnx: Path, rows: int) -> DataFrame:
    """Makes customers of a bundle's contract."""
    manifest = json.loads(onnx.with_suffix(".manifest.json").read_text(encoding="utf-8"))
    columns = [
        value(feature, place).alias(feature["name"])
        for place, feature in enumerate(manifest["features"])
    ]
    return spark.range(rows, numPartitions=4).select("id", *columns)


def pass_cost_us(spark: SparkSession, onnx: Path) -> float:
    """Gives the model's own pass over a batch, in microseconds a row."""
    model = ChurnModel(read_bundle(read_files(spark, onnx)))
    rows = (model.bundle.known_rows * ROWS_A_PASS)[:ROWS_A_PASS]
    columns = columns_of(model.bundle, rows)
    model.probabilities(columns, ROWS_A_PASS)
    shortest = np.inf
    for _pass in range(PASSES):
        started = time.process_time()
        model.probabilities(columns, ROWS_A_PASS)
        shortest = min(shortest, time.process_time() - started)
    return shortest / ROWS_A_PASS * 1e6


def throw_away(table: DataFrame) -> None:
    """Has Spark compute all rows."""
    table.write.format("noop").mode("overwrite").save()


def main() -> int:
    """Prints a line for each model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5_000_000)
    rows = parser.parse_args().rows
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.driver.memory", "2g").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    print(
        "| Model | us of CPU a row | of it the pass | making the rows | rows/s a core | by clock |"
    )
    for name, onnx in MODELS.items():
        throw_away(score(customers(spark, onnx, rows // 10), onnx, keep=["id"]))
        made = measure(lambda onnx=onnx: throw_away(customers(spark, onnx, rows)))
        given = customers(spark, onnx, rows)
        scored = measure(lambda onnx=onnx, given=given: throw_away(score(given, onnx, ["id"])))
        cost_us = (scored.cpu_s - made.cpu_s) / rows * 1e6
        print(
            f"| {name} | {cost_us:.2f} | {pass_cost_us(spark, onnx):.2f} "
            f"| {made.cpu_s / rows * 1e6:.2f} | {1e6 / cost_us:,.0f} "
            f"| {rows / scored.clock_s:,.0f} |",
            flush=True,
        )
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
