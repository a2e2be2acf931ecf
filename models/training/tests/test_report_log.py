"""A prediction log is read whole, and what cannot be read is counted."""

import gzip
from pathlib import Path

import pytest

from churn_bundle.errors import ReportError
from churn_bundle.report.log_lines import load_lines
from churn_bundle.report.outcome_join import no_outcomes
from churn_bundle.report.prediction_log import LogSummary, describe_faults, read_log
from churn_bundle.report.scores import load_scores
from churn_bundle.report.workspace import open_workspace
from report_logs import line, text_of, write_log


def read(*paths: Path) -> LogSummary:
    with open_workspace() as connection:
        return read_log(connection, list(paths))


def refusal(*paths: Path) -> str:
    with pytest.raises(ReportError) as caught:
        read(*paths)
    return str(caught.value)


def test_open_and_closed_files_of_a_folder_are_read(tmp_path: Path) -> None:
    write_log(tmp_path, line(), line(row=1), name="predictions-1.ndjson.gz")
    write_log(tmp_path, line(request_id="r-2", time="2026-11-09T09:30:00.500Z", id=None))
    write_log(tmp_path, line(), name="access.ndjson")
    write_log(tmp_path, name="predictions-9.ndjson")  # Just opened.
    found = read(tmp_path)
    assert (found.files, found.scores, found.bad_lines, found.without_id) == (3, 3, 0, 1)
    assert (found.first.isoformat(), found.last.isoformat()) == (
        "2026-11-02T08:00:00",
        "2026-11-09T09:30:00.500000",
    )


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99, 1])
def test_a_file_that_is_being_compressed_counts_once(tmp_path: Path, share: float) -> None:
    lines = [line(request_id=f"r-{number}") for number in range(3000)]
    write_log(tmp_path, *lines)
    whole = gzip.compress(text_of(*lines).encode())
    (tmp_path / "predictions-1.ndjson.gz").write_bytes(whole[: int(len(whole) * share)])
    assert read(tmp_path).scores == 3000


def test_a_file_that_another_process_compresses_counts_once(tmp_path: Path) -> None:
    write_log(tmp_path, line(), name="predictions-1-pod-7-41.by-52.ndjson")
    write_log(tmp_path, line(), name="predictions-1-pod-7-41.ndjson.gz")
    (tmp_path / "predictions-1-pod-7-41.by-52.ndjson.gz.part").write_bytes(b"half")
    write_log(tmp_path, line(row=1), name="predictions-1-pod-7-42.ndjson.gz")
    assert read(tmp_path).scores == 2


def test_hundreds_of_files_are_read_in_their_order(tmp_path: Path) -> None:
    for number in range(250):
        write_log(tmp_path, line(row=number), name=f"predictions-{number:03}.ndjson.gz")
    with open_workspace() as connection:
        assert read_log(connection, [tmp_path]).files == 250
        rows = connection.execute("SELECT batch_row FROM scores ORDER BY position").fetchall()
    assert [row for (row,) in rows] == list(range(250))


def test_a_file_that_is_gone_before_it_was_read_is_looked_for_again(tmp_path: Path) -> None:
    write_log(tmp_path, line(), name="predictions-1.ndjson.gz")
    listings = iter([[tmp_path / "predictions-1.ndjson"], [tmp_path / "predictions-1.ndjson.gz"]])
    with open_workspace() as connection:
        assert load_lines(connection, lambda: next(listings)) == 1
        assert connection.execute("SELECT count(*) FROM scores").fetchone() == (1,)
    with open_workspace() as connection, pytest.raises(ReportError, match="renamed all the time"):
        load_lines(connection, lambda: [tmp_path / "predictions-1.ndjson"])


def test_a_file_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    write_log(tmp_path, line())
    assert read(tmp_path, tmp_path / "predictions-1.ndjson").scores == 1


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_half_a_last_line_is_told(tmp_path: Path, cut: int) -> None:
    write_log(tmp_path, line())
    with (tmp_path / "predictions-1.ndjson").open("a") as file:
        file.write(text_of(line(row=1))[:cut])
    found = read(tmp_path)
    assert (found.scores, found.bad_lines) == (1, 1)
    assert describe_faults(found.faulty) == (
        "predictions-1.ndjson: 1 not a JSON object (one is the unfinished last line)"
    )


def test_a_whole_last_line_counts_without_its_newline(tmp_path: Path) -> None:
    write_log(tmp_path, line())
    with (tmp_path / "predictions-1.ndjson").open("a") as file:
        file.write(text_of(line(row=1)).rstrip("\n"))
    assert (read(tmp_path).scores, read(tmp_path).bad_lines) == (2, 0)


FAULTS = {
    "not a JSON object": [
        '{"time":"2026-11-02T08:00:00.000Z","request_id":',
        "[1]",
        "null",
        "\0" * 300,
        "{}",
        text_of(line()).strip() + "}",
    ],
    "without a valid time": [text_of(line(time="yesterday")), text_of(line(time=None))],
    "without a request_id": [text_of(line(request_id=None))],
    "without a valid row": [text_of(line(row="first")), text_of(line(row=-1))],
    "without a model_version": [text_of(line(model_version=None))],
    "without a probability from 0 to 1": [
        text_of(line(probability=None)),
        text_of(line(probability=1.2)),
        text_of(line(probability="high")),
    ],
    "without a prediction": [text_of(line(prediction=None))],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_bad_line_is_counted_by_its_fault(tmp_path: Path, fault: str) -> None:
    bad = [each.strip("\n") for each in FAULTS[fault]]
    content = text_of(line()) + "\n".join(bad) + "\n" + text_of(line(row=1))
    (tmp_path / "predictions-1.ndjson").write_text(content)
    found = read(tmp_path)
    assert found.scores == 2
    assert [file.lines for file in found.faulty] == [{fault: len(bad)}]
    assert not found.faulty[0].has_half_line


def test_bytes_that_are_no_utf_8_are_a_bad_line(tmp_path: Path) -> None:
    bad = text_of(line(id="x")).encode().replace(b'"x"', b'"\xff"')
    (tmp_path / "predictions-1.ndjson").write_bytes(text_of(line()).encode() + bad)
    assert (read(tmp_path).scores, read(tmp_path).bad_lines) == (1, 1)


def test_a_wrong_shadow_is_none(tmp_path: Path) -> None:
    model = {"model_version": "1.1.0", "model_sha256": "cd" * 32}
    lines = [line(shadow=shadow) for shadow in ({**model, "probability": 0.61}, {**model}, 5)]
    with open_workspace() as connection:
        read_log(connection, [write_log(tmp_path, *lines)])
        no_outcomes(connection)
        scores, models = load_scores(connection)
    assert [model.version for model in models] == ["1.0.0", "1.1.0"]
    assert sorted(scores.candidate) == [-1, -1, 1]
    assert scores.candidate_probability[scores.candidate == 1] == [0.61]


def test_a_damaged_closed_file_is_refused_by_name(tmp_path: Path) -> None:
    lines = [line(request_id=f"r-{number}") for number in range(5000)]
    whole = gzip.compress(text_of(*lines).encode())
    (tmp_path / "predictions-7.ndjson.gz").write_bytes(whole[:-40])
    words = refusal(tmp_path)
    assert "predictions-7.ndjson.gz" in words
    assert words.endswith("Mend or leave out that file")


def test_a_log_without_scores_is_refused(tmp_path: Path) -> None:
    assert "has no files predictions-*.ndjson" in refusal(tmp_path)
    write_log(tmp_path, name="predictions-1.ndjson")
    assert refusal(tmp_path).endswith("has no score: all files are empty")
    write_log(tmp_path, line(time="now"))
    assert refusal(tmp_path).endswith("predictions-1.ndjson: 1 without a valid time")


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    assert "there is no " in refusal(tmp_path / "nowhere")
    file = tmp_path / "log.txt"
    file.write_text(text_of(line()))
    assert "is no .ndjson or .ndjson.gz file" in refusal(file)
