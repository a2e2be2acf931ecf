"""Says before a job starts whether a DataFrame's columns are such as the contract wants."""

from collections import Counter
from collections.abc import Sequence

from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    ByteType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    ShortType,
    StringType,
    StructField,
    StructType,
)

from churn_bundle.errors import ScoringError
from churn_bundle.spark.field_check import FieldError
from churn_bundle.spark.served_feature import ServedFeature

SCORES = StructType(
    [
        StructField("churn_probability", DoubleType()),
        StructField("churn_prediction", BooleanType()),
        StructField("risk_tier", StringType()),
        StructField("model_version", StringType()),
        StructField(
            "errors",
            ArrayType(StructType([StructField(name, StringType()) for name in FieldError._fields])),
        ),
    ]
)

INTEGERS = (ByteType, ShortType, IntegerType, LongType)
# Texts of numbers and booleans are parsed, since a CSV file that is read without a schema has them.
TAKEN = {
    "integer": (*INTEGERS, FloatType, DoubleType, DecimalType, StringType),
    "number": (*INTEGERS, FloatType, DoubleType, DecimalType, StringType),
    "boolean": (BooleanType, *INTEGERS, StringType),
    "category": (StringType,),
}
CASTS = {"integer": "long", "number": "double", "boolean": "boolean", "category": "string"}


def check_columns(schema: StructType, features: Sequence[ServedFeature]) -> None:
    """Raises a ScoringError that says all that is wrong with the columns of the features."""
    types = {field.name: field.dataType for field in schema}
    counts = Counter(schema.names)
    faults = []
    for feature in features:
        if feature.name not in types:
            faults.append(missing(feature, schema.names))
        elif counts[feature.name] > 1:
            faults.append(f"the column {feature.name} is there {counts[feature.name]} times")
        elif not isinstance(types[feature.name], TAKEN[feature.type]):
            faults.append(wrong_type(feature, types[feature.name]))
    if faults:
        raise ScoringError(f"the DataFrame is not what the model takes: {'; '.join(faults)}")


def missing(feature: ServedFeature, names: Sequence[str]) -> str:
    """Says that a column is missing, and what to do about it."""
    others = [name for name in names if name.lower() == feature.name.lower()]
    cast = CASTS[feature.type]
    if others:
        way_out = f"there is {others[0]}: rename it with .withColumnRenamed"
    elif feature.nullable:
        way_out = f'if nobody knows it, add lit(None).cast("{cast}") under this name'
    else:
        way_out = f"it is the feature of type {feature.type}"
    return f"the column {feature.name} is missing ({way_out})"


def wrong_type(feature: ServedFeature, found: DataType) -> str:
    """Says that a column has another type, and how to cast it."""
    return (
        f"the column {feature.name} is of type {found.simpleString()}, and the model takes "
        f"{feature.type}: cast it with .withColumn({feature.name!r}, "
        f"col({feature.name!r}).cast({CASTS[feature.type]!r}))"
    )


def kept_columns(schema: StructType, keep: Sequence[str] | None) -> list[str]:
    """Gives the columns that come back beside the scores.

    Raises:
        ScoringError: if one is not there, or there twice, or has the name of a score.
    """
    kept = schema.names if keep is None else list(dict.fromkeys(keep))
    counts = Counter(schema.names)
    taken = {name.lower() for name in SCORES.names}
    for name in kept:
        if counts[name] != 1:
            found = f"there {counts[name]} times" if counts[name] else "not there"
            raise ScoringError(f"the column {name} is to be kept, but is {found}")
        if name.lower() in taken:
            raise ScoringError(
                f"the column {name} would be there twice, since scores have that name: rename it, "
                "or leave it out with keep=[...]"
            )
    return list(kept)
