"""What is wrong with a bundle or with the columns is said before a job starts."""

import json
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from churn_bundle.errors import ScoringError
from churn_bundle.spark import score
from churn_bundle.spark.bundle_source import chosen, files_by_spark, files_on_disk, read_files
from frames import frame
from models import SAMPLE, TELCO, drawn_customers


@pytest.fixture
def customers(spark: SparkSession) -> DataFrame:
    return frame(spark, SAMPLE, drawn_customers(SAMPLE, 10, seed=1))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A copy of the sample bundle, for a test to spoil."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    for file in SAMPLE.path.parent.iterdir():
        if file.is_file() and file.name != "README.md":
            shutil.copy(file, folder)
    return folder


def change_manifest(bundle: Path, **changes: object) -> None:
    file = bundle / "churn_model.manifest.json"
    file.write_text(json.dumps(SAMPLE.manifest | changes), encoding="utf-8")


def test_names_each_column_that_is_missing_or_of_another_type(customers: DataFrame) -> None:
    given = (
        customers.drop("total_charges")
        .withColumnRenamed("num_products", "Num_Products")
        .withColumn("monthly_charges", f.current_timestamp())
        .withColumn("has_support_calls", f.lit(True))
    )
    with pytest.raises(ScoringError) as raised:
        score(given, SAMPLE.path)
    words = str(raised.value)
    assert "the column total_charges is missing (it is the feature of type number)" in words
    assert "there is Num_Products: rename it with .withColumnRenamed" in words
    assert "monthly_charges is of type timestamp, and the model takes number" in words
    assert "col('has_support_calls').cast('long')" in words
    assert "tenure_months" not in words


def test_says_how_to_add_a_column_that_may_be_missing(spark: SparkSession) -> None:
    given = frame(spark, TELCO, drawn_customers(TELCO, 10, seed=1)).drop("payment_method")
    with pytest.raises(
        ScoringError, match=r'payment_method is missing .*lit\(None\)\.cast\("string"\)'
    ):
        score(given, TELCO.path)


def test_keeps_the_columns_that_are_asked_for(customers: DataFrame) -> None:
    named = customers.withColumn("a.b`c", f.col("place") * 2)
    row = score(named, SAMPLE.path, keep=["a.b`c", "tenure_months"]).first()
    assert list(row.asDict())[:3] == ["a.b`c", "tenure_months", "churn_probability"]
    assert score(customers, SAMPLE.path).columns[: len(customers.columns)] == customers.columns


@pytest.mark.parametrize(
    ("keep", "words"),
    [(["nobody"], "nobody is to be kept, but is not there"), (None, "risk_tier would be there tw")],
)
def test_refuses_columns_that_cannot_be_kept(
    customers: DataFrame, keep: list[str] | None, words: str
) -> None:
    with pytest.raises(ScoringError, match=words):
        score(customers.withColumn("risk_tier", f.lit("")), SAMPLE.path, keep)


def test_refuses_a_graph_of_other_bytes(customers: DataFrame, bundle: Path) -> None:
    graph = bundle / "churn_model.onnx"
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)
    with pytest.raises(ScoringError, match=r"not the one that its manifest describes: .*found"):
        score(customers, bundle)


def test_refuses_a_model_that_answers_otherwise_than_in_training(
    customers: DataFrame, bundle: Path
) -> None:
    golden = SAMPLE.manifest["golden_rows"]
    probabilities = [1 - golden["probabilities"][0], *golden["probabilities"][1:]]
    change_manifest(bundle, golden_rows={**golden, "probabilities": probabilities})
    with pytest.raises(ScoringError, match=r"expected .* for the golden row 0 .*tenure_months"):
        score(customers, bundle)


def test_refuses_an_order_of_features_that_is_not_that_of_training(
    customers: DataFrame, bundle: Path
) -> None:
    (tensor,) = SAMPLE.manifest["inputs"]
    change_manifest(bundle, inputs=[{**tensor, "features": tensor["features"][::-1]}])
    with pytest.raises(ScoringError, match="the order of its features is not that of"):
        score(customers, bundle)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"golden_rows": None}, "TypeError"),
        ({"version": "9.9.9"}, "model_version.txt of .* says '1.0.0', but the manifest '9.9.9'"),
        ({"format_version": 1}, "none of format 2"),
    ],
)
def test_refuses_a_manifest(
    customers: DataFrame, bundle: Path, change: dict[str, object], words: str
) -> None:
    change_manifest(bundle, **change)
    with pytest.raises(ScoringError, match=words):
        score(customers, bundle)


def test_refuses_a_bundle_without_golden_rows(customers: DataFrame, bundle: Path) -> None:
    manifest = {key: value for key, value in SAMPLE.manifest.items() if key != "golden_rows"}
    (bundle / "churn_model.manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ScoringError, match="no golden rows"):
        score(customers, bundle)


def test_refuses_a_folder_that_is_not_that_of_a_bundle(customers: DataFrame, bundle: Path) -> None:
    shutil.copy(bundle / "churn_model.onnx", bundle / "other.onnx")
    with pytest.raises(ScoringError, match=r"has 2: churn_model.onnx, other.onnx"):
        score(customers, bundle)
    with pytest.raises(ScoringError, match=r"has no other\.manifest\.json"):
        score(customers, bundle / "other.onnx")
    with pytest.raises(ScoringError, match="cannot read the bundle"):
        score(customers, bundle / "not" / "there.onnx")


def test_reads_a_bundle_from_the_web(spark: SparkSession, bundle: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=bundle)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            found = read_files(spark, f"{url}/churn_model.onnx")
            assert found[1:] == read_files(spark, bundle)[1:]
            with pytest.raises(ScoringError, match="the web lists no folders"):
                read_files(spark, url)
            with pytest.raises(ScoringError, match="has none"):
                read_files(spark, f"{url}/other.onnx")
        finally:
            server.shutdown()


def test_reads_a_bundle_from_where_spark_reads(spark: SparkSession, bundle: Path) -> None:
    expected = read_files(spark, bundle)
    for url in (bundle.as_uri(), (bundle / "churn_model.onnx").as_uri()):
        assert chosen(expected.where, files_by_spark(spark, url)) == expected
    with pytest.raises(ScoringError, match="Spark cannot read the bundle"):
        files_by_spark(spark, (bundle / "nothing").as_uri())


def test_spark_reads_the_files_of_the_folder_and_none_of_folders_in_it(
    spark: SparkSession, bundle: Path
) -> None:
    for folder in ("previous", "a previous"):
        (bundle / folder).mkdir()
        for file in ("churn_model.onnx", "churn_model.manifest.json", "model_version.txt"):
            (bundle / folder / file).write_text("older", encoding="utf-8")
    (bundle / "previous/other.onnx").write_text("older", encoding="utf-8")
    expected = files_on_disk(bundle)
    for url in (bundle.as_uri(), f"{bundle.as_uri()}/", (bundle / "churn_model.onnx").as_uri()):
        assert files_by_spark(spark, url) == expected
    (bundle / "model_version.txt").unlink()
    assert files_by_spark(spark, bundle.as_uri()) == files_on_disk(bundle)


def test_spark_does_not_read_files_that_are_of_no_bundle(spark: SparkSession, bundle: Path) -> None:
    # Spark refuses to read a file of 2 GiB; this one takes no room on the disk.
    with (bundle / "customers.parquet").open("wb") as file:
        file.truncate(2**31)
    assert files_by_spark(spark, bundle.as_uri()) == files_on_disk(bundle)
