"""The nightly run, by spark-submit, with the package sent along instead of installed."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as f

from churn_bundle.spark import score
from frames import answers, frame
from models import SAMPLE, TELCO, Model, drawn_customers
from nightly_scores import read_customers
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


@pytest.mark.parametrize(
    "text",
    [
        'id,note,charge\n"Smith ""Bob"", Jr",x,3\n4,y,6\n',
        'id,note,charge\n"C:\\",x,3\n4\\,"y",6\n',
        'id,note,charge\n1,"two\nlines",3\n4,"a, b",6\n',
        '\ufeffid,note,charge\r\n1,6" pipe,3\r\n\r\n4,,"6"\r\n',
    ],
    ids=["quotes", "backslashes", "line ends", "CRLF"],
)
def test_csv_is_read_as_python_reads_it(spark: SparkSession, tmp_path: Path, text: str) -> None:
    place = tmp_path / "customers.csv"
    place.write_bytes(text.encode())
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    _, *expected = (row for row in csv.reader(lines) if row)
    found = read_customers(spark, str(place)).fillna("").collect()
    assert [list(row) for row in found] == expected


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("id,note,charge\n4,y\n", "Malformed CSV record: 4,y "),
        ("id,note,charge\n4,y,6,7\n", "Malformed CSV record: 4,y,6,7"),
        ('id,note,charge\n4,"y,6\n7,z,9\n', "Malformed CSV record"),
        ('id,note,charge\n4,"y,6\n7,"z",9\n', "Unescaped quote"),
        ('id,note,charge\n4,y,"6\n7,z,9\n8,z,9\n', r"2\.csv: the last column, charge, holds"),
        ("id,note,charge\n4,y,6\n7,z,9\r\n", r"2\.csv: the last column, charge, holds"),
        ("id,charge,note\n4,6,y\n", "CSV header does not conform to the schema"),
    ],
    ids=["short", "long", "open", "closed late", "open at last", "CRLF in the midst", "swapped"],
)
def test_broken_csv_is_an_error_whatever_columns_are_asked_for(
    spark: SparkSession, tmp_path: Path, file: str, words: str
) -> None:
    place = tmp_path / "customers.csv"
    place.mkdir()
    (place / "1.csv").write_text("id,note,charge\n" + "1,x,3\n", encoding="utf-8")
    (place / "2.csv").write_bytes(file.encode())
    for columns in (["id", "note", "charge"], ["id"]):
        with pytest.raises((PySparkException, Py4JError), match=words):
            read_customers(spark, str(place)).select(*columns).collect()


def test_a_night_of_broken_csv_scores_nothing_and_says_which_file(
    package: Path, tmp_path: Path
) -> None:
    customers = tmp_path / "customers.csv"
    customers.mkdir()
    columns = SAMPLE.features
    example = SAMPLE.manifest["examples"][0]["customer"]
    for file, names in (("1.csv", columns), ("2.csv", columns[::-1])):
        rows = [names, [str(example[name]) for name in names]]
        text = "".join(f"{','.join(row)}\n" for row in rows)
        (customers / file).write_text(text, encoding="utf-8")
    run = submit(
        package,
        *("--bundle", SAMPLE.path, "--customers", customers, "--scores", tmp_path / "scores"),
    )
    assert run.returncode == 1
    (line,) = (line for line in run.stdout.splitlines() if line.startswith("nothing was scored: "))
    assert "CSV header does not conform to the schema" in line
    assert ".csv" in line
    assert "Traceback" not in run.stdout + run.stderr
    assert not list((tmp_path / "scores").glob("*.parquet"))
