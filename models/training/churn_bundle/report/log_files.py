"""Finds the files of a prediction log."""

import gzip
import re
from pathlib import Path

from churn_bundle.errors import ReportError

# The process that compresses it, and the ending.
CHANGING = re.compile(r"(\.by-\d+)?\.ndjson(\.gz)?$")
PATTERNS = ("predictions-*.ndjson", "predictions-*.ndjson.gz")


def log_files(paths: list[Path]) -> list[Path]:
    """Finds the files of the folders and files that a person names, in the order of their names.

    A file that stands there plain and compressed, because the service is compressing it, counts
    once.

    Raises:
        ReportError: if there is none.
    """
    found = [file for path in paths for file in files_at(path)]
    unique = {file.resolve(): file for file in found}.values()
    plain = {life_of(file): file for file in unique if file.suffix != ".gz"}
    kept = [file for file in unique if not is_copy(file, plain.get(life_of(file)))]
    return sorted(kept, key=lambda file: (file.name, str(file)))


def life_of(file: Path) -> Path:
    """Gives what stays of a file's path when the service takes it over and compresses it."""
    return file.with_name(CHANGING.sub("", file.name))


def files_at(path: Path) -> list[Path]:
    """Gives a file itself, or the log files in a folder."""
    if path.is_dir():
        files = [file for pattern in PATTERNS for file in path.glob(pattern)]
        if not files:
            raise ReportError(
                f"{path} has no files {' or '.join(PATTERNS)}: name the service's "
                "PREDICTION_LOG_PATH"
            )
        return files
    if not path.exists():
        raise ReportError(f"there is no {path}: name the service's PREDICTION_LOG_PATH, or files")
    if not path.name.endswith((".ndjson", ".ndjson.gz")):
        raise ReportError(f"{path} is no .ndjson or .ndjson.gz file: name files of the log")
    return [path]


def is_copy(file: Path, plain: Path | None) -> bool:
    """Whether a compressed file, whole or half written, has the lines of a plain one."""
    if plain is None or file == plain:
        return False
    try:
        with gzip.open(file) as compressed, plain.open("rb") as source:
            return compressed.readline() == source.readline()
    except (EOFError, gzip.BadGzipFile):
        return True


def ends_in_half_a_line(file: Path) -> bool:
    """Whether the process ended, or is still writing, within the file's last line."""
    if file.suffix == ".gz" or not file.exists() or not file.stat().st_size:
        return False
    with file.open("rb") as content:
        content.seek(-1, 2)
        return content.read() != b"\n"
