"""Spark gives each customer the score, or the errors, that the service gives."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from pyspark.sql import SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import DoubleType

from churn_bundle.spark import score
from frames import answers, frame
from models import MODELS, SAMPLE, TELCO, Customer, Model, drawn_customers, golden_customers
from service import running_service

DRAWN = 5000
BATCH = 100
REFUSED = 422


@pytest.fixture(scope="module", params=MODELS, ids=["sample", "telco"])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[Model, str]]:
    """A model, and the URL of the service that serves it."""
    with running_service(MODEL_PATH=request.param.onnx) as url:
        yield request.param, url


def answers_of_service(url: str, customers: list[Customer]) -> list[dict[str, Any]]:
    """Asks for customers that the API accepts, in batches."""
    found = []
    with requests.Session() as session:
        for start in range(0, len(customers), BATCH):
            batch = {"customers": customers[start : start + BATCH]}
            response = session.post(f"{url}/predict/batch", json=batch, timeout=30)
            assert response.status_code == 200, response.text
            found += response.json()["predictions"]
    return found


def answer_of_service(url: str, customer: Customer) -> dict[str, Any]:
    """Asks for one customer; one that is refused gets its errors."""
    response = requests.post(f"{url}/predict", json=customer, timeout=30)
    body = response.json()
    return {"errors": body["errors"]} if response.status_code == REFUSED else body


def test_golden_rows_and_thousands_of_customers_get_the_scores_of_the_service(
    spark: SparkSession, served: tuple[Model, str]
) -> None:
    model, url = served
    customers = drawn_customers(model, DRAWN, seed=11)
    found = answers(score(frame(spark, model, customers), model.path.parent))
    assert found == answers_of_service(url, customers)


def test_each_golden_row_gets_the_score_of_the_service(
    spark: SparkSession, served: tuple[Model, str]
) -> None:
    model, url = served
    customers = golden_customers(model)
    found = answers(score(frame(spark, model, customers), model.path))
    assert found == [answer_of_service(url, customer) for customer in customers]


NUMBERS = [-1, 0, 0.5, 1, 6, 120, 121, 500.01, 1e21, 1e-7, -3.5e38, 3.5e38, 2**53]
TEXTS = ["", "Yes", "yes", "x" * 257, "\N{GRINNING FACE}" * 30, "a\0b", 'say "no"\n', "none", "nan"]


def spoiled(model: Model) -> Iterator[Customer]:
    """Customers with one or two values that the API may refuse, in columns of the right type."""
    example = model.manifest["examples"][0]["customer"]
    for feature in model.manifest["features"]:
        values: list[Any] = {"category": TEXTS, "boolean": [True, False]}.get(
            feature["type"], NUMBERS
        )
        for value in [*values, None]:
            customer = copy.deepcopy(example)
            customer[feature["name"]] = value
            yield customer
    yield dict.fromkeys(example)


def test_bad_values_are_refused_in_the_words_of_the_service(
    spark: SparkSession, served: tuple[Model, str]
) -> None:
    model, url = served
    customers = list(spoiled(model))
    found = answers(score(frame(spark, model, customers, integers=DoubleType()), model.path))
    assert found == [answer_of_service(url, customer) for customer in customers]
    assert sum("errors" in answer for answer in found) > len(customers) / 3


def test_texts_of_a_csv_file_are_read_as_numbers_and_booleans(spark: SparkSession) -> None:
    customers = drawn_customers(TELCO, 500, seed=5)
    expected = answers(score(frame(spark, TELCO, customers), TELCO.path))
    texts = frame(spark, TELCO, customers)
    as_texts = [f.col(name).cast("string").alias(name) for name in TELCO.features]
    assert answers(score(texts.select("place", *as_texts), TELCO.path)) == expected


@pytest.mark.parametrize("type_", ["float", "decimal(10,2)", "int", "string"])
def test_numbers_of_other_types_get_the_same_score(spark: SparkSession, type_: str) -> None:
    customers = [{**each, "monthly_charges": 64.0} for each in drawn_customers(SAMPLE, 50, seed=3)]
    given = frame(spark, SAMPLE, customers)
    expected = answers(score(given, SAMPLE.path))
    cast = given.withColumn("monthly_charges", f.col("monthly_charges").cast(type_))
    assert answers(score(cast, SAMPLE.path)) == expected
