"""A job on two executors: five million rows, one that dies, and a bundle that fails there."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pyarrow as pa
import pyspark
import pytest
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as f

from churn_bundle.spark import job, score
from models import SAMPLE

ROWS = 5_000_000
ROWS_WITH_A_DEAD_EXECUTOR = 1_000_000
PARTITIONS = 16
EXECUTORS = 2
# One row in a thousand has more months than the contract allows.
BAD_EVERY = 1000
BAD_PLACE = 7
ROWS_A_PASS = 100_000


def customers(spark: SparkSession, rows: int) -> DataFrame:
    """Makes customers by integer arithmetic, so that NumPy makes the same ones."""
    place = f.col("id")
    tenure = f.when(place % BAD_EVERY == BAD_PLACE, f.lit(999)).otherwise(place % 121)
    return spark.range(rows, numPartitions=PARTITIONS).select(
        "id",
        tenure.alias("tenure_months"),
        (place * 7919 % 48_001 / 100).alias("monthly_charges"),
        (place * 104_729 % 1_000_000 / 100).alias("total_charges"),
        (place % 10 + 1).alias("num_products"),
        (place % 2).cast("int").alias("has_support_calls"),
    )


def expected(rows: int) -> Row:
    """Scores the same customers with NumPy and ONNX Runtime alone, and adds them up."""
    session = onnxruntime.InferenceSession(SAMPLE.path, providers=["CPUExecutionProvider"])
    thresholds = SAMPLE.manifest["thresholds"]
    sums = dict.fromkeys(("churners", "ten_thousandths", "high", "medium"), 0)
    for start in range(0, rows, ROWS_A_PASS):
        place = np.arange(start, min(start + ROWS_A_PASS, rows))
        place = place[place % BAD_EVERY != BAD_PLACE]
        columns = (
            place % 121,
            place * 7919 % 48_001 / 100,
            place * 104_729 % 1_000_000 / 100,
            place % 10 + 1,
            place % 2,
        )
        matrix = np.stack(columns, axis=1).astype(np.float32)
        (output,) = session.run(["probabilities"], {"features": matrix})
        probabilities = output[:, 1].astype(np.float64)
        sums["churners"] += int((probabilities >= thresholds["decision"]).sum())
        sums["ten_thousandths"] += int(np.floor(probabilities * 10_000 + 0.5).sum())
        sums["high"] += int((probabilities >= thresholds["high"]).sum())
        sums["medium"] += int((probabilities >= thresholds["medium"]).sum())
    refused = len(range(BAD_PLACE, rows, BAD_EVERY))
    return Row(
        rows=rows,
        ids=rows * (rows - 1) // 2,
        refused=refused,
        scored=rows - refused,
        churners=sums["churners"],
        ten_thousandths=sums["ten_thousandths"],
        high=sums["high"],
        medium=sums["medium"] - sums["high"],
    )


def added_up(scored: DataFrame) -> Row:
    """Counts and adds up the scores of all rows, by Spark."""
    ten_thousandths = f.round(f.col("churn_probability") * 10_000).cast("long")
    return scored.agg(
        f.count("*").alias("rows"),
        f.sum("id").alias("ids"),
        f.count("errors").alias("refused"),
        f.count("churn_probability").alias("scored"),
        f.sum(f.col("churn_prediction").cast("long")).alias("churners"),
        f.sum(ten_thousandths).alias("ten_thousandths"),
        f.sum((f.col("risk_tier") == "HIGH").cast("long")).alias("high"),
        f.sum((f.col("risk_tier") == "MEDIUM").cast("long")).alias("medium"),
    ).first()


def test_scores_five_million_rows_and_loses_none(spark: SparkSession) -> None:
    scored = score(customers(spark, ROWS), SAMPLE.path, keep=["id"])
    assert added_up(scored) == expected(ROWS)
    proofs = proofs_in_logs(spark)
    assert len({executor for executor, _process in proofs}) == EXECUTORS
    assert len(proofs) == len(set(proofs))


def proofs_in_logs(spark: SparkSession) -> list[tuple[str, str]]:
    """Gives executor and process of each line that says that the model was proven."""
    logs = Path(pyspark.__file__).parent / "work" / spark.sparkContext.applicationId
    return [
        (file.parent.name, line.split()[2])
        for file in logs.glob("*/stderr")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("churn-bundle: process ") and " proved churn_model 1.0.0 on " in line
    ]


def killing_an_executor(marker: Path) -> Callable[[Iterator[pa.RecordBatch]], Iterator]:
    """Lets batches through, and after the first one kills the executor that runs it, once."""

    # Within, since executors do not have this file.
    def pass_through(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield batch
            try:
                marker.touch(exist_ok=False)
            except FileExistsError:
                continue
            daemon = Path(f"/proc/{os.getppid()}/stat").read_text(encoding="ascii")
            executor = daemon.rpartition(")")[2].split()[1]
            os.kill(int(executor), signal.SIGKILL)

    return pass_through


def test_an_executor_that_dies_costs_no_row(spark: SparkSession, tmp_path: Path) -> None:
    given = customers(spark, ROWS_WITH_A_DEAD_EXECUTOR)
    marker = tmp_path / "killed"
    deadly = given.mapInArrow(killing_an_executor(marker), given.schema)
    found = added_up(score(deadly, SAMPLE.path, keep=["id"]))
    assert marker.exists()
    assert found == expected(ROWS_WITH_A_DEAD_EXECUTOR)


def test_a_model_that_answers_otherwise_on_the_executors_ends_the_job(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The driver finds it first; executors may have another processor or another onnxruntime.
    monkeypatch.setattr(job, "prove", lambda _model: 0.0)
    for name in ("churn_model.onnx", "model_version.txt"):
        (tmp_path / name).write_bytes((SAMPLE.path.parent / name).read_bytes())
    manifest = SAMPLE.path.with_suffix(".manifest.json").read_text(encoding="utf-8")
    first = SAMPLE.manifest["golden_rows"]["probabilities"][0]
    assert manifest.count(str(first)) == 1
    spoiled = manifest.replace(str(first), str(round(1 - first, 6)))
    (tmp_path / "churn_model.manifest.json").write_text(spoiled, encoding="utf-8")
    with pytest.raises(PySparkException) as raised:
        score(customers(spark, 1000), tmp_path).collect()
    words = str(raised.value)
    assert "does not answer as it did in training: expected" in words
    assert "for the golden row 0 " in words
