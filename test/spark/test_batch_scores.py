"""Batches that Spark cannot easily be made to give: ties, no probability, no text, no rows."""

import numpy as np
import pyarrow as pa
import pytest

from churn_bundle.spark.batch_scores import rounded, score_batch
from churn_bundle.spark.bundle import read_bundle
from churn_bundle.spark.bundle_source import chosen, files_on_disk
from churn_bundle.spark.churn_model import ChurnModel, Columns
from models import SAMPLE, TELCO, Model

Batch = dict[str, pa.Array]


def loaded(model: Model, kind: type[ChurnModel] = ChurnModel) -> ChurnModel:
    return kind(read_bundle(chosen(model.onnx, files_on_disk(model.path))))


def examples(model: Model, rows: int, **columns: pa.Array) -> Batch:
    """Makes rows that are all the first example, but for the columns that are given."""
    customer = model.manifest["examples"][0]["customer"]
    return {name: pa.array([value] * rows) for name, value in customer.items()} | columns


def test_halves_are_rounded_up_as_javascript_rounds_them() -> None:
    # Math.round(p * 10000) / 10000 in Node.js
    probabilities = [0.00005, 0.00025, 0.00045, 4.9999999999999994e-5, 0.12345, 0.99995, 1, 0]
    expected = [0.0001, 0.0003, 0.0005, 0, 0.1235, 1, 1, 0]
    assert rounded(np.array(probabilities)).tolist() == expected


class FailsOnOneRow(ChurnModel):
    """A graph that gives no probability for the row 1 of a batch."""

    def probabilities(self, columns: Columns, rows: int) -> np.ndarray:
        """Spoils the answer."""
        found = super().probabilities(columns, rows)
        found[1] = np.nan
        return found


def test_no_probability_is_an_error_of_its_row() -> None:
    found = score_batch(loaded(SAMPLE, FailsOnOneRow), examples(SAMPLE, 3), 3)
    *scores, errors = (column.to_pylist() for column in found)
    assert scores == [
        [0.8889, None, 0.8889],
        [True, None, True],
        ["HIGH", None, "HIGH"],
        ["1.0.0", None, "1.0.0"],
    ]
    assert [each and each[0]["code"] for each in errors] == [None, "model_output_invalid", None]


@pytest.mark.parametrize("rows", [0, 1])
def test_a_batch_may_have_no_rows_or_only_bad_ones(rows: int) -> None:
    bad = pa.array([999] * rows, pa.int64())
    found = score_batch(loaded(SAMPLE), examples(SAMPLE, rows, tenure_months=bad), rows)
    assert [len(column) for column in found] == [rows] * 5
    assert sum(column.null_count for column in found) == 4 * rows


def test_bytes_that_are_no_text_cost_only_their_row() -> None:
    methods = pa.array([b"Mailed check", b"\xff", b"a\0b", None]).view(pa.string())
    *_, errors = score_batch(loaded(TELCO), examples(TELCO, 4, payment_method=methods), 4)
    words = "payment_method must be a text without NUL characters and lone surrogates, but is"
    assert [each and each[0]["detail"] for each in errors.to_pylist()] == [
        None,
        f'{words} "\\udcff".',
        f'{words} "a\\u0000b".',
        None,
    ]


def test_a_text_that_is_no_number_is_an_error_even_where_a_value_may_be_missing() -> None:
    charges = pa.array(["12.5", "n/a", "", None, "-1", "1e999"])
    scores, *_, errors = score_batch(loaded(TELCO), examples(TELCO, 6, total_charges=charges), 6)
    assert [each is None for each in scores.to_pylist()] == [False, True, False, False, True, True]
    words = "total_charges must be a number from 0 to 100000, or null, but is"
    assert [each and each[0]["detail"] for each in errors.to_pylist()] == [
        None,
        f'{words} "n/a".',
        None,
        None,
        f"{words} -1.",
        f"{words} beyond the range of a double.",
    ]


def test_whole_numbers_of_a_boolean_are_0_and_1() -> None:
    given = pa.array([0, 1, 2, None])
    *_, errors = score_batch(loaded(TELCO), examples(TELCO, 4, has_dependents=given), 4)
    assert [each and each[0]["detail"] for each in errors.to_pylist()] == [
        None,
        None,
        "has_dependents must be true or false, or null, but is 2.",
        None,
    ]
