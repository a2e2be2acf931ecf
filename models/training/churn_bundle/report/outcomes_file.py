"""Reads the CSV file of outcomes, a chunk of rows at a time, each row with its line."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TextIO

import pandas as pd

from churn_bundle.errors import ReportError, first_line

CHUNK_ROWS = 100_000
KNOWN_COLUMNS = ("request_id", "row", "customer_id", "churned", "observed_at")


class OutcomesFile:
    """An open CSV file whose header was checked.

    Attributes:
        path: of the file.
        header: names of the columns, in lower case.
    """

    def __init__(self, path: Path, file: TextIO) -> None:
        """Reads the header, and finds what separates columns: commas, semicolons or tabs."""
        self.path = path
        first = file.readline()
        self.separator = max(",;\t", key=first.count)
        names = next(csv.reader([first], delimiter=self.separator), [])
        self.header = [name.strip().lower() for name in names]
        self.check_header()
        self.reader = csv.reader(file, delimiter=self.separator)

    def check_header(self) -> None:
        """Refuses a header without the columns that the join needs."""
        said = f"line 1 of {self.path} has the columns {', '.join(self.header) or '(none)'}"
        if "churned" not in self.header:
            raise ReportError(f"{said}, but not churned: add it, with 1 or 0 for each customer")
        if not {"request_id", "customer_id"} & set(self.header):
            raise ReportError(
                f"{said}, but neither request_id nor customer_id: add the one by which the "
                "prediction log knows the customers"
            )
        twice = [name for name in KNOWN_COLUMNS if self.header.count(name) > 1]
        if twice:
            raise ReportError(f"{said}, {twice[0]} twice: leave one of them out")

    def chunks(self) -> Iterator[pd.DataFrame]:
        """Gives the rows as texts without outer spaces, and the column ``line``."""
        while rows := list(islice(self.rows(), CHUNK_ROWS)):
            table = pd.DataFrame(rows, columns=["line", *self.header])
            known = [name for name in KNOWN_COLUMNS if name in self.header]
            yield table[["line"]].assign(**{name: table[name].str.strip() for name in known})

    def rows(self) -> Iterator[list[str | int]]:
        """Gives each row behind its line; empty lines are left out."""
        for row in self.reader:
            # The header is line 1, which the reader did not see.
            line = self.reader.line_num + 1
            if not any(row):
                continue
            if len(row) != len(self.header):
                raise ReportError(
                    f"line {line} of {self.path} has {len(row)} columns, the header has "
                    f"{len(self.header)}: quote values that hold a {self.separator!r}"
                )
            yield [line, *row]


@contextmanager
def open_outcomes(path: Path) -> Iterator[OutcomesFile]:
    """Opens the file for as long as it is read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield OutcomesFile(path, file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReportError(
            f"cannot read {path}: {first_line(error)}. Save the outcomes as a CSV file in UTF-8"
        ) from error
