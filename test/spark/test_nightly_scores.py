"""The nightly run, by spark-submit, with the package sent along instead of installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as f

from churn_bundle.spark import score
from frames import answers, frame
from models import SAMPLE, TELCO, Model, drawn_customers
from service import ROOT

SCRIPT = ROOT / "models/training/examples/nightly_scores.py"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a file for ``--py-files``."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(ROOT / "models/training/churn_bundle", folder / "churn_bundle")
    return Path(shutil.make_archive(str(folder / "churn_bundle"), "zip", folder, "churn_bundle"))


def submit(package: Path, *options: object) -> subprocess.CompletedProcess:
    """Runs spark-submit as a night would."""
    command = [
        Path(sys.executable).with_name("spark-submit"),
        *("--master", "local[2]", "--conf", "spark.ui.enabled=false"),
        *("--py-files", package, SCRIPT),
        *options,
    ]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True)


@pytest.mark.parametrize(
    ("model", "suffix"), [(SAMPLE, ""), (TELCO, ".csv")], ids=["parquet", "csv"]
)
def test_a_night_is_scored(
    spark: SparkSession, package: Path, tmp_path: Path, model: Model, suffix: str
) -> None:
    customers = drawn_customers(model, 1000, seed=8)
    customers[17]["tenure_months"] = 999
    given = frame(spark, model, customers)
    place = tmp_path / f"customers{suffix}"
    if suffix:
        given.coalesce(1).write.option("header", True).csv(str(place))
    else:
        given.write.parquet(str(place))
    scores = tmp_path / "scores"
    # What a night that failed may have left.
    given.limit(3).write.parquet(str(scores))
    run = submit(
        package,
        *("--bundle", model.path.parent, "--customers", place),
        *("--scores", scores, "--keep", "place"),
    )
    assert run.returncode == 3, run.stderr
    assert run.stdout.startswith("scored 999 customers, of whom ")
    assert "refused 1: the column errors of" in run.stdout
    found = spark.read.parquet(str(scores)).withColumn("place", f.col("place").cast("long"))
    assert answers(found) == answers(score(given, model.path))


def test_a_night_without_a_bundle_ends_with_one_line(package: Path, tmp_path: Path) -> None:
    customers = tmp_path / "customers.csv"
    customers.write_text("tenure_months\n6\n", encoding="utf-8")
    run = submit(
        package,
        *("--bundle", tmp_path / "nothing.onnx", "--customers", customers),
        *("--scores", tmp_path / "scores"),
    )
    assert run.returncode == 1
    assert "nothing was scored: a bundle has one .onnx file, but" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    assert not (tmp_path / "scores").exists()
