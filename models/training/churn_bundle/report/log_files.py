"""Finds the files of a prediction log."""

import gzip
from pathlib import Path

from churn_bundle.errors import ReportError

PATTERNS = ("predictions-*.ndjson", "predictions-*.ndjson.gz")


def log_files(paths: list[Path]) -> list[Path]:
    """Finds the files of the folders and files that a person names, in the order of their names.

    A file that stands there open and closed, because the service was compressing it, counts once.

    Raises:
        ReportError: if there is none.
    """
    found = [file for path in paths for file in files_at(path)]
    unique = {file.resolve(): file for file in found}
    kept = [file for file in unique.values() if not is_copy(file, set(unique.values()))]
    return sorted(kept, key=lambda file: (file.name, str(file)))


def files_at(path: Path) -> list[Path]:
    """Gives a file itself, or the log files in a folder."""
    if path.is_dir():
        files = [file for pattern in PATTERNS for file in path.glob(pattern)]
        if not files:
            raise ReportError(
                f"{path} has no files {' or '.join(PATTERNS)}: name the folder that the service "
                "logs predictions to"
            )
        return files
    if not path.exists():
        raise ReportError(f"there is no {path}: name the folder that the service logs to, or files")
    if not path.name.endswith((".ndjson", ".ndjson.gz")):
        raise ReportError(f"{path} is no .ndjson or .ndjson.gz file: name files of the log")
    return [path]


def is_copy(file: Path, others: set[Path]) -> bool:
    """Whether the same lines stand uncompressed beside a compressed file, whole or half written."""
    source = file.with_suffix("")
    if file.suffix != ".gz" or source not in others:
        return False
    try:
        with gzip.open(file) as compressed, source.open("rb") as plain:
            return compressed.readline() == plain.readline()
    except (EOFError, gzip.BadGzipFile):
        return True


def ends_in_half_a_line(file: Path) -> bool:
    """Whether the process ended, or is still writing, within the file's last line."""
    if file.suffix == ".gz" or not file.stat().st_size:
        return False
    with file.open("rb") as content:
        content.seek(-1, 2)
        return content.read() != b"\n"
