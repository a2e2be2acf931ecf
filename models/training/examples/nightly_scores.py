"""Scores all customers on a Spark cluster: once a night, or when a model is new.

    spark-submit models/training/examples/nightly_scores.py \
        --bundle s3a://models/churn/1.0.0 \
        --customers s3a://crm/customers/2026-11-26 \
        --scores s3a://crm/scores/2026-11-26 \
        --keep customer_id

Reads Parquet, or CSV with a header if the name says so, and writes Parquet. A customer that is
refused is in the result too, with its errors. What an earlier run wrote to the same place is
replaced, so a failed night is run again with the same command.

Exit codes: 0 all customers are scored; 1 nothing was scored, and the last line says why; 2 the
command line is wrong; 3 some customers are refused, and all others scored.
"""

import argparse
import sys

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from churn_bundle.errors import ScoringError
from churn_bundle.spark import score

SOME_REFUSED = 3


def read_customers(spark: SparkSession, place: str) -> DataFrame:
    """Reads a file or a folder."""
    if place.endswith((".csv", ".csv.gz")):
        return spark.read.option("header", True).csv(place)
    return spark.read.parquet(place)


def main() -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", required=True, help="folder of the bundle, or its ONNX file")
    parser.add_argument("--customers", required=True, help="Parquet, or CSV with a header")
    parser.add_argument("--scores", required=True, help="folder to write; replaced if it is there")
    parser.add_argument("--keep", nargs="*", help="columns to copy (default: all)")
    options = parser.parse_args()
    spark = SparkSession.builder.appName("churn scores").getOrCreate()
    try:
        scored = score(read_customers(spark, options.customers), options.bundle, options.keep)
    except ScoringError as error:
        print(f"nothing was scored: {error}", file=sys.stderr)
        return 1
    scored.write.mode("overwrite").parquet(options.scores)
    counts = spark.read.parquet(options.scores).agg(
        f.count("*").alias("customers"),
        f.count("errors").alias("refused"),
        f.count_if(f.col("churn_prediction")).alias("churners"),
    )
    found = counts.first()
    print(
        f"scored {found.customers - found.refused:,} customers, of whom {found.churners:,} churn; "
        f"refused {found.refused:,}: the column errors of {options.scores} says why"
    )
    return SOME_REFUSED if found.refused else 0


if __name__ == "__main__":
    sys.exit(main())
