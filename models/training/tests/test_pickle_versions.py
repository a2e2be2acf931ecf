"""A pickle of another scikit-learn says who wrote it, who reads it, and what to do."""

import itertools
import pickle
from importlib.metadata import version
from pathlib import Path

import joblib
import pytest
from sklearn.pipeline import Pipeline

from churn_bundle.cli import main
from churn_bundle.pickle_versions import versions_written

HERE = version("scikit-learn")
# Of the same length, so that a pickle stays readable. Each is another version than the one here.
OLD = "1.3" + "".join("9" if sign.isdigit() else sign for sign in HERE[3:])
NEW = "9.9" + HERE[3:]


def written_by(stated: str, model: Pipeline, file: Path) -> None:
    file.write_bytes(pickle.dumps(model).replace(HERE.encode(), stated.encode()))


@pytest.mark.parametrize("compress", [0, 3, ("gzip", 3), ("bz2", 3), ("xz", 3)], ids=str)
def test_finds_the_version(compress: object, fitted: Pipeline, tmp_path: Path) -> None:
    joblib.dump(fitted, tmp_path / "model.joblib", compress=compress)
    assert versions_written(tmp_path / "model.joblib") == [HERE]


def run(command: dict[str, str]) -> int:
    return main(["export", *itertools.chain(*command.items())])


def test_notes_another_version_in_one_line(
    command: dict[str, str], fitted: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    written_by(NEW, fitted, Path(command["--model"]))
    assert run(command) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        f"note: the graph was proven, but scikit-learn {NEW} wrote the pickle, scikit-learn {HERE} "
        "reads it: run the exporter in the environment that trained the model, or install "
        f"scikit-learn=={NEW} here"
    )


def test_names_the_versions_of_a_model_that_fails(
    command: dict[str, str], fitted: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    model = pickle.loads(pickle.dumps(fitted))
    del model[-1].coef_  # As an old model lacks what a new scikit-learn looks for.
    written_by(OLD, model, Path(command["--model"]))
    assert run(command) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "the model cannot score the rows: " in line
    assert f"scikit-learn {OLD} wrote the pickle, scikit-learn {HERE} reads it: fit the " in line
    assert "1.6 or newer, which the exporter needs" in line


def test_names_the_versions_of_a_pickle_that_cannot_be_read(
    command: dict[str, str], fitted: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(command["--model"])
    written_by(NEW, fitted, file)
    file.write_bytes(file.read_bytes().replace(b"sklearn.linear_model", b"sklearn.linear_xxxxx"))
    assert run(command) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "cannot unpickle" in line
    assert f"scikit-learn {NEW} wrote the pickle" in line


def test_says_nothing_of_the_same_version(
    command: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command) == 0
    assert capsys.readouterr().err == ""
