"""Spark Connect, whose client has no JVM and no SparkContext, scores too."""

import json
import os
import subprocess
import sys

import pytest

from models import SAMPLE

# In a process of its own: one has either a session of Spark Connect or one of the other kind.
SCRIPT = """
import json
import sys

from pyspark.sql import SparkSession

from churn_bundle.spark import score

spark = SparkSession.builder.remote("local[2]").getOrCreate()
customers = spark.createDataFrame(json.loads(sys.argv[2]))
rows = score(customers, sys.argv[1], keep=["tenure_months"]).collect()
print(json.dumps({row.tenure_months: row.churn_probability for row in rows}))
"""


def test_a_client_of_spark_connect_scores() -> None:
    examples = SAMPLE.manifest["examples"]
    customers = [
        {name: float(value) for name, value in example["customer"].items()} for example in examples
    ]
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(SAMPLE.path), json.dumps(customers)],
        env={**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.splitlines()[-1]) == {
        str(float(example["customer"]["tenure_months"])): pytest.approx(
            example["probability"], abs=0.00006
        )
        for example in examples
    }
