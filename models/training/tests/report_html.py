"""Reads a report's page as HTML: its tables, numbers and what it refers to."""

from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """A page, read strictly.

    Attributes:
        tags: names of all elements.
        attributes: of all elements.
        tables: of each table's id the rows, each the texts of its cells.
        numbers: of each table's id the rows, each the numbers of its cells in full.
        by_id: the numbers within other elements that have an id.
        text: all of it, without style and pictures.
    """

    def __init__(self, file: Path) -> None:
        """Reads a file."""
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.numbers: dict[str, list[list[float]]] = {}
        self.by_id: dict[str, list[float]] = {}
        self.text = ""
        self.open: list[tuple[str, str | None]] = []
        self.feed(file.read_text(encoding="utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element."""
        found = dict(attrs)
        self.tags.append(tag)
        self.attributes.append(found)
        if tag not in VOID:
            self.open.append((tag, found.get("id")))
        table = self.table
        if tag == "table":
            self.tables[table], self.numbers[table] = [], []
        elif tag == "tr":
            self.tables[table].append([])
            self.numbers[table].append([])
        elif tag in ("td", "th"):
            self.tables[table][-1].append("")
        elif tag == "data":
            value = float(found["value"])
            if table and self.numbers[table]:
                self.numbers[table][-1].append(value)
            for _, id_ in self.open:
                if id_:
                    self.by_id.setdefault(id_, []).append(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element without content."""
        self.tags.append(tag)
        self.attributes.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """Checks that elements are closed in order."""
        name, _ = self.open.pop()
        assert name == tag

    def handle_data(self, data: str) -> None:
        """Notes text."""
        names = {tag for tag, _ in self.open}
        if not names & {"style", "svg"}:
            self.text += data
        if names & {"td", "th"}:
            self.tables[self.table][-1][-1] += data

    @property
    def table(self) -> str | None:
        """The id of the table that is being read."""
        return next((id_ for tag, id_ in self.open if tag == "table"), None)

    def row(self, table: str, first: str) -> list[float]:
        """Gives the numbers of the row whose first cell says this."""
        rows = zip(self.tables[table], self.numbers[table], strict=True)
        (found,) = (numbers for cells, numbers in rows if cells and cells[0] == first)
        return found
