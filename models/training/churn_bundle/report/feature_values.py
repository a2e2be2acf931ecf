"""Takes the features out of the log's JSON into the table ``feature_values``, a column for each."""

import json

import duckdb

from churn_bundle.report.bundle_reference import BundleReference
from churn_bundle.report.workspace import one_row

NUMBERS = {"BIGINT", "UBIGINT", "HUGEINT", "DOUBLE"}


def logged_features(connection: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """Finds the features that the log has, and of each whether it is a number."""
    (structure,) = one_row(connection, "SELECT json_group_structure(features) FROM scores")
    kinds = json.loads(structure) if structure else {}
    return {name: kind in NUMBERS for name, kind in kinds.items()} if type(kinds) is dict else {}


def stated_features(bundle: BundleReference) -> dict[str, bool]:
    """Gives the features of a manifest, and of each whether it is a number."""
    return {feature.name: feature.edges is not None for feature in bundle.features}


def load_features(connection: duckdb.DuckDBPyConnection, features: dict[str, bool]) -> list[str]:
    """Makes the table of values, float or text, missing ones NULL; gives the columns' names.

    The columns are numbered, since a feature may bear any name.
    """
    # Paths as JSON pointers, whose two special characters are escaped.
    pointers = ["/" + name.replace("~", "~0").replace("/", "~1") for name in features]
    names = [f"f{place}" for place in range(len(features))]
    selected = [
        f"try_cast(texts[{place}] AS DOUBLE) AS {name}"
        if is_number
        else f"texts[{place}] AS {name}"
        for place, (name, is_number) in enumerate(zip(names, features.values(), strict=True), 1)
    ]
    connection.execute(
        f"CREATE TABLE feature_values AS SELECT {', '.join(['week', 'probability', *selected])} "
        "FROM (SELECT week, probability, json_extract_string(features, $pointers) AS texts "
        "FROM scores)",
        {"pointers": pointers},
    )
    return names
