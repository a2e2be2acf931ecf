"""Reads a prediction log into the table ``scores``, and counts what cannot be read."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from churn_bundle.errors import ReportError
from churn_bundle.report.log_files import ends_in_half_a_line, log_files
from churn_bundle.report.log_lines import NOT_JSON, load_lines
from churn_bundle.report.workspace import one_row


@dataclass
class FaultyFile:
    """A file some of whose lines cannot be read.

    Attributes:
        name: of the file.
        lines: that cannot be read, by what is wrong with them.
        has_half_line: whether the last line breaks off, as it does when the process is killed.
    """

    name: str
    lines: dict[str, int]
    has_half_line: bool


@dataclass
class LogSummary:
    """What was read of the log.

    Attributes:
        files: number of files.
        scores: number of valid lines.
        first: time of the earliest score, UTC.
        last: time of the latest score, UTC.
        without_id: scores that do not say which customer they are of.
        faulty: files with lines that cannot be read.
    """

    files: int
    scores: int
    first: datetime
    last: datetime
    without_id: int
    faulty: list[FaultyFile] = field(default_factory=list)

    @property
    def bad_lines(self) -> int:
        """Number of lines that cannot be read."""
        return sum(sum(file.lines.values()) for file in self.faulty)


def read_log(connection: duckdb.DuckDBPyConnection, paths: list[Path]) -> LogSummary:
    """Reads folders and files of a prediction log.

    Raises:
        ReportError: if there is no score, or a compressed file is damaged.
    """
    files = load_lines(connection, lambda: log_files(paths))
    if not one_row(connection, "SELECT count(*) FROM scores")[0]:
        faults = describe_faults(faulty_files(connection)) or "all files are empty"
        raise ReportError(f"the log {', '.join(map(str, paths))} has no score: {faults}")
    count, first, last, without_id = one_row(
        connection, "SELECT count(*), min(time), max(time), count(*) - count(id) FROM scores"
    )
    return LogSummary(files, count, first, last, without_id, faulty_files(connection))


def faulty_files(connection: duckdb.DuckDBPyConnection) -> list[FaultyFile]:
    """Counts the lines that cannot be read, by file and fault."""
    counts = connection.execute(
        "SELECT filename, fault, count(*) FROM lines WHERE fault IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    found: dict[str, FaultyFile] = {}
    for name, fault, count in counts:
        file = found.setdefault(name, FaultyFile(Path(name).name, {}, False))
        file.lines[fault] = count
        file.has_half_line = NOT_JSON in file.lines and ends_in_half_a_line(Path(name))
    return list(found.values())


def describe_faults(faulty: list[FaultyFile]) -> str:
    """Says in one line what cannot be read."""
    parts = []
    for file in faulty:
        counts = [f"{count:,} {fault}" for fault, count in file.lines.items()]
        half = " (one is the unfinished last line)" if file.has_half_line else ""
        parts.append(f"{file.name}: {', '.join(counts)}{half}")
    return "; ".join(parts)
