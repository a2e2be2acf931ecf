"""The tables of docs/exportable-models.md: reads them, and writes them anew.

From the root of the repository:

    PYTHONPATH=models/training/examples python models/training/tests/exportable_table.py
    npx prettier --write docs/exportable-models.md
"""

import contextlib
import io
import re
import sys
import tempfile
from pathlib import Path

from catalogue import Kind
from catalogue_models import MODELS
from catalogue_steps import STEPS
from exportability import try_export

PAGE = Path(__file__).resolve().parents[3] / "docs/exportable-models.md"
KINDS = {"Models": MODELS, "Steps before a model": STEPS}
SERVED, REFUSED = "What is served", "What is refused"
HOW_TO_WRITE = (
    "write the page anew: PYTHONPATH=models/training/examples python "
    "models/training/tests/exportable_table.py && npx prettier --write docs/exportable-models.md"
)


def rows_under(heading: str) -> dict[str, str]:
    """Reads the rows of all tables below a heading of the second level."""
    text = PAGE.read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 2 and not set(cells[0]) <= {"-"}:
            rows[cells[0]] = cells[1]
    return {name: text for name, text in rows.items() if name not in KINDS}


def cell(text: str) -> str:
    """Writes a message into a table, where Markdown would take its signs for its own."""
    return re.sub(r"([\\|*_<>])", r"\\\1", text)


def table(title: str, second: str, rows: dict[str, str]) -> list[str]:
    """Writes one table."""
    return [f"| {title} | {second} |", "| --- | --- |"] + [
        f"| {name} | {text} |" for name, text in rows.items()
    ]


def write(kinds: dict[str, list[Kind]]) -> None:
    """Exports all kinds and replaces the tables."""
    served: list[str] = []
    refused: list[str] = []
    for title, members in kinds.items():
        outcomes = {}
        for kind in members:
            with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
                outcomes[kind.name] = try_export(kind, Path(folder))
            print(kind.name, outcomes[kind.name].refusal or outcomes[kind.name].served)
        good = {name: each.served for name, each in outcomes.items() if each.refusal is None}
        bad = {name: cell(each.refusal) for name, each in outcomes.items() if each.refusal}
        served += [*table(title, "Served", good), ""]
        refused += [*table(title, "What the exporter says", bad), ""]
    text = PAGE.read_text(encoding="utf-8")
    for heading, lines in ((SERVED, served), (REFUSED, refused)):
        before, rest = text.split(f"\n## {heading}\n")
        section, *after = re.split(r"(?=\n## )", rest, maxsplit=1)
        prose = section.split("\n|")[0].rstrip()
        tables = "\n".join(lines).rstrip()
        text = f"{before}\n## {heading}\n{prose}\n\n{tables}\n{''.join(after)}"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(write(KINDS))
