"""What runs on the driver: checks the bundle and the columns, and plans the job."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql.functions import col
from pyspark.sql.types import StructType

from churn_bundle.spark.bundle import read_bundle
from churn_bundle.spark.bundle_source import read_files
from churn_bundle.spark.churn_model import ChurnModel
from churn_bundle.spark.column_types import SCORES, check_columns, kept_columns
from churn_bundle.spark.executor import Work, score_batches
from churn_bundle.spark.proof import prove
from churn_bundle.spark.shipment import ship


def score(df: DataFrame, bundle: str | Path, keep: Sequence[str] | None = None) -> DataFrame:
    """Scores customers as the service does, to the last digit.

    The bundle and the columns are checked at once; Spark scores when the result is used. A row that
    the service would refuse has no score, and ``errors`` says why in the service's words.

    Args:
        df: has a column for each feature of the bundle, by its name. Texts that hold numbers or
            booleans, as a CSV file without a schema gives them, are parsed.
        bundle: folder of a bundle, or its ONNX file: a path on the driver, or a URL.
        keep: columns that come back beside the scores. By default all; fewer are faster.

    Returns:
        The kept columns and ``churn_probability`` (double, 4 decimals), ``churn_prediction``
        (boolean), ``risk_tier`` (LOW, MEDIUM or HIGH), ``model_version``, and ``errors``: an array
        of ``pointer``, ``code`` and ``detail``, null if the row is scored.

    Raises:
        ScoringError: if the bundle is corrupt, or a column is missing or of another type.
    """
    spark = df.sparkSession
    files = read_files(spark, bundle)
    model = ChurnModel(read_bundle(files))
    prove(model)
    features = [feature.name for feature in model.bundle.features]
    check_columns(df.schema, model.bundle.features)
    kept = kept_columns(df.schema, keep)
    names = list(dict.fromkeys([*kept, *features]))
    fields = {field.name: field for field in df.schema}
    schema = StructType([*(fields[name] for name in kept), *SCORES])
    work = Work(
        parcel=ship(spark, files),
        where=files.where,
        kept=len(kept),
        places={name: names.index(name) for name in features},
        names=schema.names,
    )
    run = partial(score_batches, work=work)
    return numbered(df, names).mapInArrow(run, schema)


def numbered(df: DataFrame, names: Sequence[str]) -> DataFrame:
    """Selects columns under plain names: Spark would split ``a.b`` on its way to Python."""
    quoted = (f"`{name.replace('`', '``')}`" for name in names)
    return df.select([col(name).alias(f"c{place}") for place, name in enumerate(quoted)])
