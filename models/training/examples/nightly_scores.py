"""Scores all customers on a Spark cluster: once a night, or when a model is new.

    spark-submit models/training/examples/nightly_scores.py \
        --bundle s3a://models/churn/1.0.0 \
        --customers s3a://crm/customers/2026-11-26 \
        --scores s3a://crm/scores/2026-11-26 \
        --keep customer_id

Reads Parquet, or CSV with a header if the name says so, and writes Parquet. A customer that is
refused is in the result too, with its errors. What an earlier run wrote to the same place is
replaced, so a failed night is run again with the same command.

A CSV file that is broken, such as by a row with too few cells, ends the night: which customer the
cells belong to is not known any more.

Exit codes: 0 all customers are scored; 1 nothing was scored, and the last line says why; 2 the
command line is wrong; 3 some customers are refused, and all others scored.
"""

import argparse
import sys

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from churn_bundle.errors import ScoringError
from churn_bundle.spark import score

SOME_REFUSED = 3

# Spark's defaults are another CSV than that of RFC 4180, and fill what is broken with nulls.
CSV_OPTIONS = {
    "header": True,
    # Each file's header is compared, instead of the first one being taken for that of all.
    "enforceSchema": False,
    # A quoted cell may hold line ends.
    "multiLine": True,
    # A quote in a quoted cell is doubled, and a backslash is a character like any other.
    "escape": '"',
    "unescapedQuoteHandling": "RAISE_ERROR",
    # A row with too few or too many cells is an error.
    "mode": "FAILFAST",
}


def read_customers(spark: SparkSession, place: str) -> DataFrame:
    """Reads a file or a folder."""
    if place.endswith((".csv", ".csv.gz")):
        return without_line_ends_at_last(spark.read.options(**CSV_OPTIONS).csv(place))
    return spark.read.parquet(place)


def without_line_ends_at_last(customers: DataFrame) -> DataFrame:
    """Makes a line end in the last cell of a row an error.

    A quote that never closes takes the rest of the file for its cell. In the last column Spark does
    not notice, and the customers of all other rows would be left out.
    """
    name = customers.columns[-1]
    fault = f": the last column, {name}, holds a line end: close its quotes, or put it elsewhere"
    error = f.raise_error(f.concat(f.input_file_name(), f.lit(fault)))
    # A condition and no column, since Spark leaves out the columns that nobody asks for.
    last = customers[f"`{name.replace('`', '``')}`"]
    return customers.where(f.when(last.rlike("[\r\n]"), error).otherwise(True))


def causes(error: Exception) -> str:
    """Gives what an error of Spark says, without the stacks of Java."""
    lines = str(error).splitlines()
    return " ".join(line.strip() for line in lines if line and not line.startswith(("\t", " ")))


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
        scored.write.mode("overwrite").parquet(options.scores)
    except ScoringError as error:
        print(f"nothing was scored: {error}", file=sys.stderr)
        return 1
    except (PySparkException, Py4JError) as error:
        print(f"nothing was scored: {causes(error)}", file=sys.stderr)
        return 1
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
