"""An export that takes long says so, and why."""

import time

import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from churn_bundle.progress import notice_if_slow, size_in_words
from synthetic_data import FEATURES, LABEL


def test_says_what_it_does_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    with notice_if_slow("converting SVC", "it has 9 support vectors", first_s=0.05, next_s=0.05):
        time.sleep(0.5)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) >= 2
    assert lines[0] == "still converting SVC after 0 s (it has 9 support vectors)"


def test_says_nothing_of_what_is_fast(capsys: pytest.CaptureFixture[str]) -> None:
    with notice_if_slow("converting", "", first_s=5):
        pass
    time.sleep(0.05)
    assert capsys.readouterr().err == ""


def test_is_silent_after_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError), notice_if_slow("converting", "", first_s=0.1, next_s=0.1):
        raise ValueError
    time.sleep(0.3)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (make_pipeline(RandomForestClassifier(7, max_depth=1)), "it has 7 trees of 21 nodes"),
        (LGBMClassifier(n_estimators=4, verbose=-1), "it has 4 trees"),
        (LogisticRegression(max_iter=5000), ""),
    ],
    ids=["forest", "booster", "linear"],
)
def test_counts_what_makes_a_graph_large(
    model: object, words: str, customers: pd.DataFrame
) -> None:
    assert size_in_words(model.fit(customers[FEATURES], customers[LABEL])) == words


def test_counts_support_vectors(customers: pd.DataFrame) -> None:
    model = SVC().fit(customers[FEATURES], customers[LABEL])
    assert size_in_words(model) == f"it has {len(model.support_):,} support vectors"
