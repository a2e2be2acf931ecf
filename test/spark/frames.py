"""Makes DataFrames of customers, and reads scores as the service's answers."""

from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import (
    BooleanType,
    DataType,
    DoubleType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from models import Customer, Model

LONG = LongType()
TYPES: dict[str, DataType] = {
    "integer": LONG,
    "number": DoubleType(),
    "boolean": BooleanType(),
    "category": StringType(),
}
SCORES = ["churn_probability", "churn_prediction", "risk_tier", "model_version"]
PARTITIONS = 6


def frame(
    spark: SparkSession, of: Model, customers: list[Customer], integers: DataType = LONG
) -> DataFrame:
    """Makes a DataFrame of the features' types, with the customers' places as ``place``."""
    types = {**TYPES, "integer": integers}
    fields = [StructField(each["name"], types[each["type"]]) for each in of.manifest["features"]]
    schema = StructType([StructField("place", LONG), *fields])
    rows = [
        (place, *(given(customer[field.name], field.dataType) for field in fields))
        for place, customer in enumerate(customers)
    ]
    return spark.createDataFrame(rows, schema).repartition(PARTITIONS)


def given(value: Any, type_: DataType) -> Any:  # noqa: ANN401
    """Makes a float of a number for a column of doubles, which Spark takes nothing else for."""
    return float(value) if isinstance(type_, DoubleType) and value is not None else value


def answers(scored: DataFrame) -> list[dict[str, Any]]:
    """Gives the scores of each row in the order of ``place``; of a refused one, its errors."""
    rows = scored.orderBy("place").collect()
    return [
        {"errors": [error.asDict() for error in row["errors"]]}
        if row["errors"] is not None
        else {name: row[name] for name in SCORES}
        for row in rows
    ]
