"""Texts of numbers and booleans are read as src/bundle/text-value.ts reads them."""

import numpy as np
import pyarrow as pa
import pytest

from churn_bundle.spark.served_feature import ServedFeature
from churn_bundle.spark.text_value import numbers_of_texts, numbers_one_by_one, value_of_text

NUMBER = ServedFeature("charge", "number", nullable=False, maximum=100)
BOOLEAN = ServedFeature("senior", "boolean", nullable=False)
NUMBERS = {"12": 12, "12.0": 12, " -1.5e3 ": -1500, ".5": 0.5, "+7": 7, "1.": 1, "1E-3": 0.001}
STRAYS = ["0x10", "Infinity", "NaN", "1_000", "1,5", "1e", " ", "12 months", "++1", "\u0661"]
# Arrow refuses the first one as out of range, and rounds none of the others by itself.
HARD = ["1e999", "-1e999", "0.1", "79.99", "9007199254740993", "2.2250738585072011e-308"]


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_reads_numbers(text: str, value: float) -> None:
    assert value_of_text(NUMBER, text) == value


def test_takes_other_texts_for_no_number() -> None:
    values, strays = numbers_of_texts(NUMBER, pa.array(STRAYS))
    assert strays.all()
    assert np.isnan(values).all()
    assert [value_of_text(NUMBER, text) for text in STRAYS] == STRAYS


@pytest.mark.parametrize("texts", [[*NUMBERS, *STRAYS], HARD, ["7", "\u00a08\ufeff", "", None]])
def test_reads_many_at_once_as_one_by_one(texts: list[str | None]) -> None:
    column = pa.array(texts, pa.string())
    assert_same(numbers_of_texts(NUMBER, column), numbers_one_by_one(NUMBER, column))


def test_reads_booleans() -> None:
    column = pa.array(["true", "TRUE", "1", "False", "0", "yes", " 1", "", None])
    values, strays = numbers_of_texts(BOOLEAN, column)
    assert values[:5].tolist() == [1, 1, 1, 0, 0]
    assert strays.tolist() == [False] * 5 + [True, True, False, False]
    assert_same((values, strays), numbers_one_by_one(BOOLEAN, column))


def test_bytes_that_are_no_text_are_strays() -> None:
    column = pa.array([b"\xff1", b"2"]).view(pa.string())
    values, strays = numbers_of_texts(NUMBER, column)
    assert strays.tolist() == [True, False]
    assert values[1] == 2


def assert_same(found: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> None:
    np.testing.assert_array_equal(found[0], other[0])
    np.testing.assert_array_equal(found[1], other[1])
