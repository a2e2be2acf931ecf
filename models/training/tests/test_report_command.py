"""The command ``churn-bundle report`` says what it did, or why it did nothing."""

import sys
from pathlib import Path

import pytest

from churn_bundle.cli import main
from report_logs import line, write_log


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_log(tmp_path / "log", line(), line(request_id="r-2", id="C-2"))


def run(log: Path, *more: str) -> int:
    return main(["report", "--log", str(log), "--out", str(log.parent / "out" / "r.html"), *more])


def test_it_says_what_it_read_and_joined(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (log / "predictions-1.ndjson").open("a") as file:
        file.write("{")
    outcomes = log.parent / "outcomes.csv"
    outcomes.write_text("customer_id,churned\nC-1,1\nC-9,0\n")
    assert run(log, "--outcomes", str(outcomes)) == 0
    out = log.parent / "out" / "r.html"
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "read 2 scores from 1 file",
        "joined 1 of 2 outcomes by customer_id; belong to no score: 1",
        f"wrote {out}",
    ]
    assert said.err.splitlines()[-1] == (
        "note: lines of the log cannot be read and are left out: predictions-1.ndjson: 1 not a "
        "JSON object (one is the unfinished last line)"
    )
    assert out.read_text().startswith("<!DOCTYPE html>")


def test_files_can_be_named_one_by_one(log: Path) -> None:
    write_log(log, line(), name="predictions-2.ndjson.gz")
    files = [log / "predictions-1.ndjson", log / "predictions-2.ndjson.gz"]
    out = log.parent / "r.html"
    assert main(["report", "--log", *map(str, files), "--out", str(out)]) == 0
    assert out.exists()


def test_outcomes_that_belong_to_nothing_get_a_note(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = log.parent / "outcomes.csv"
    outcomes.write_text("customer_id,churned\nX,1\n")
    assert run(log, "--outcomes", str(outcomes)) == 0
    assert "no outcome belongs to a score: does customer_id say the same as in the log?" in (
        capsys.readouterr().err
    )


def complaints(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Gives the lines on stderr but those that a slow machine gets."""
    return [line for line in capsys.readouterr().err.splitlines() if not line.startswith("still ")]


def refusal(log: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert run(log, *more) == 1
    assert not (log.parent / "out").exists()
    (only,) = complaints(capsys)
    assert only.startswith("report failed: ")
    return only


def test_each_refusal_is_one_line(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no " in refusal(log / "nowhere", capsys)
    missing = str(log / "nowhere.csv")
    assert f"cannot read {missing}: [Errno 2]" in refusal(log, capsys, "--outcomes", missing)
    assert "cannot read " in refusal(log, capsys, "--bundle", str(log / "nowhere.json"))


def test_a_missing_package_is_named_with_the_extra(
    log: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert refusal(log, capsys) == (
        "report failed: reports need the package duckdb: pip install 'churn-bundle[report]'"
    )


def test_a_folder_that_cannot_be_written_to_is_refused(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (log.parent / "out").write_text("a file")
    assert run(log) == 1
    assert "cannot write to " in capsys.readouterr().err


def test_the_page_s_name_ends_in_html(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["report", "--log", str(log), "--out", "report.pdf"])
    assert "the report's name ends in .html" in capsys.readouterr().err
