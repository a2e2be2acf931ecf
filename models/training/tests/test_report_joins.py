"""Outcomes go to the right scores, and what belongs to nothing is counted."""

from pathlib import Path

import pytest

from churn_bundle.errors import ReportError
from report_logs import joined, judged, line, write_log


def at(day: int, hour: int = 8) -> str:
    return f"2026-11-{day:02}T{hour:02}:00:00.000Z"


def test_outcomes_are_joined_by_request_and_row(tmp_path: Path) -> None:
    lines = [line(request_id="a", row=0), line(request_id="a", row=1), line(request_id="b")]
    write_log(tmp_path, *lines)
    outcomes = "request_id,row,churned\na,1,1\nb,,0\na,7,1\nc,0,1\n"
    with joined(tmp_path, outcomes) as (connection, _, summary):
        assert judged(connection) == [("a", 1, True), ("b", 0, False)]
    assert (summary.judged, summary.never_scored, summary.awaiting) == (2, 2, 1)
    assert summary.unmatched == 2


def test_a_request_needs_no_row(tmp_path: Path) -> None:
    write_log(tmp_path, line(request_id="a", row=0), line(request_id="a", row=1))
    with joined(tmp_path, "request_id,churned\na,yes\n") as (connection, _, _):
        assert judged(connection) == [("a", 0, True)]


def test_a_request_is_joined_even_if_the_outcome_has_the_day_of_the_score(tmp_path: Path) -> None:
    write_log(tmp_path, line(request_id="a", time=at(5)))
    outcomes = "request_id,churned,observed_at\na,1,2026-11-05\n"
    with joined(tmp_path, outcomes) as (_, _, summary):
        assert summary.judged == 1


def test_a_customer_s_outcome_belongs_to_the_last_score_before_it(tmp_path: Path) -> None:
    write_log(tmp_path, line(request_id="old", time=at(2)), name="predictions-2.ndjson")
    write_log(tmp_path, line(request_id="right", time=at(4)), line(request_id="late", time=at(6)))
    outcomes = "customer_id,churned,observed_at\nC-1,1,2026-11-05\n"
    with joined(tmp_path, outcomes) as (connection, _, summary):
        assert judged(connection) == [("right", 0, True)]
    assert (summary.judged, summary.superseded, summary.awaiting) == (1, 2, 0)
    assert summary.median_days == pytest.approx(2 / 3, abs=1e-5)


def test_without_a_time_it_belongs_to_the_last_score(tmp_path: Path) -> None:
    lines = [line(request_id=name, time=at(day)) for name, day in (("a", 3), ("c", 9), ("b", 6))]
    write_log(tmp_path, *lines)
    with joined(tmp_path, "customer_id,churned\nC-1,no\n") as (connection, _, summary):
        assert judged(connection) == [("c", 0, False)]
    assert summary.median_days is None


def test_of_scores_of_the_same_time_the_later_line_counts(tmp_path: Path) -> None:
    write_log(tmp_path, line(request_id="z"), line(request_id="a"))
    with joined(tmp_path, "customer_id,churned\nC-1,1\n") as (connection, _, _):
        assert judged(connection) == [("a", 0, True)]


def test_customers_may_be_numbers_in_the_log(tmp_path: Path) -> None:
    write_log(tmp_path, line(id=1001), line(request_id="b", id="1002"))
    with joined(tmp_path, "customer_id,churned\n1001,1\n 1002 ,0\n") as (_, _, summary):
        assert summary.judged == 2


def test_outcomes_before_the_first_score_are_told(tmp_path: Path) -> None:
    write_log(tmp_path, line(time=at(5)), line(request_id="x", id=None))
    outcomes = "customer_id,churned,observed_at\nC-1,1,2026-11-05\nC-9,0,2026-11-09\n"
    with joined(tmp_path, outcomes) as (_, log, summary):
        assert (summary.judged, summary.scored_later, summary.never_scored) == (0, 1, 1)
        assert (summary.awaiting, log.without_id) == (2, 1)


def test_of_several_outcomes_of_a_score_the_first_counts(tmp_path: Path) -> None:
    write_log(tmp_path, line(time=at(2)))
    outcomes = (
        "customer_id,churned,observed_at\nC-1,1,2026-12-31\nC-1,0,2026-11-30\nC-1,0,2026-11-30\n"
    )
    with joined(tmp_path, outcomes) as (connection, _, summary):
        assert judged(connection) == [("r-1", 0, False)]
    assert (summary.judged, summary.repeated, summary.unmatched) == (1, 2, 0)


def test_a_monthly_customer_s_outcomes_go_to_the_monthly_scores(tmp_path: Path) -> None:
    write_log(tmp_path, line(request_id="nov", time=at(2)), line(request_id="mid", time=at(16)))
    outcomes = "customer_id;churned;observed_at\nC-1;false;2026-11-10\nC-1;TRUE;2026-11-30T12:00Z\n"
    with joined(tmp_path, outcomes) as (connection, _, _):
        assert judged(connection) == [("mid", 0, True), ("nov", 0, False)]


def test_times_with_an_offset_are_taken_to_utc(tmp_path: Path) -> None:
    write_log(tmp_path, line(time=at(5, hour=11)))
    for time, expected in (("2026-11-05T13:00:00+02:00", 0), ("2026-11-05T13:00:01+02:00", 1)):
        outcomes = f"customer_id,churned,observed_at\nC-1,1,{time}\n"
        with joined(tmp_path, outcomes) as (_, _, summary):
            assert summary.judged == expected


REFUSED = {
    "": "line 1 of outcomes.csv has the columns (none), but not churned: add it",
    "id,churned\n1,1\n": "line 1 of outcomes.csv has the columns id, churned, but neither "
    "request_id nor customer_id",
    "customer_id,churned,churned\n1,1,1\n": "churned twice: leave one of them out",
    "customer_id,churned\n": "outcomes.csv has a header but no rows",
    "customer_id,churned\nC-1,1\nC-2,maybe\n": "line 3 of outcomes.csv, column churned: 'maybe'; "
    "write 1 or 0 (or true, false, yes, no)",
    "customer_id,churned\nC-1,1\n\n,0\n": "line 4 of outcomes.csv, column customer_id: no "
    "customer_id; leave the row out or fill it in",
    "request_id,row,churned\nr,1.5,1\n": "line 2 of outcomes.csv, column row: '1.5'; write the "
    "place in the batch",
    "request_id,row,churned\nr,-1,1\n": "line 2 of outcomes.csv, column row: '-1'",
    "customer_id,churned,observed_at\nC-1,1,30.11.2026\n": "line 2 of outcomes.csv, column "
    "observed_at: '30.11.2026'; write 2026-11-30 or 2026-11-30T15:00:00Z",
    "customer_id,churned\nC-1,1,5\n": "line 2 of outcomes.csv has 3 columns, the header has 2",
    'customer_id,churned\n"C\n1",1\nC-1,x\n': "line 4 of outcomes.csv, column churned: 'x'",
    "customer_id,churned\nC-1,1\nC-2,0\nC-1,0\n": "lines 2 and 4 of outcomes.csv, column churned: "
    "C-1 churned and did not; keep the right one",
}


@pytest.mark.parametrize("content", REFUSED)
def test_a_bad_csv_is_refused_with_line_and_column(tmp_path: Path, content: str) -> None:
    write_log(tmp_path, line())
    with pytest.raises(ReportError) as caught, joined(tmp_path, content):
        pass
    assert REFUSED[content] in str(caught.value).replace(f"{tmp_path}/", "")


def test_a_csv_of_another_encoding_is_refused(tmp_path: Path) -> None:
    write_log(tmp_path, line())
    (tmp_path / "latin.csv").write_bytes("customer_id,churned\nMüller,1\n".encode("latin-1"))
    from churn_bundle.report.outcomes import read_outcomes
    from churn_bundle.report.workspace import open_workspace

    with open_workspace() as connection, pytest.raises(ReportError, match="CSV file in UTF-8"):
        read_outcomes(connection, tmp_path / "latin.csv")
