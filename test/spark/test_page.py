"""The example of docs/bulk.md runs as it stands there."""

import re
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as f

from frames import frame
from models import TELCO, drawn_customers
from service import ROOT

PAGE = ROOT / "docs/bulk.md"


def test_the_example_of_the_page(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    customers = frame(spark, TELCO, drawn_customers(TELCO, 100, seed=2))
    place = tmp_path / "my-customers"
    customers.withColumn("customer_id", f.col("place")).write.parquet(str(place))
    monkeypatch.chdir(ROOT)
    exec(example.replace("/tmp/my-", f"{tmp_path}/my-"), {"spark": spark})
    scores = spark.read.parquet(str(tmp_path / "my-scores"))
    assert scores.where("errors IS NULL AND churn_probability BETWEEN 0 AND 1").count() == 100
    assert scores.columns[0] == "customer_id"
