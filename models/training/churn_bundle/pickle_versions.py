"""Which scikit-learn wrote a pickle, and which one reads it."""

import bz2
import gzip
import lzma
import re
import zlib
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from churn_bundle.errors import ExportError

# scikit-learn writes its version beside each estimator. A pickle has a few bytes between the two.
WRITTEN_BY = re.compile(rb"_sklearn_version[^0-9]{1,12}?([0-9]+\.[0-9]+[0-9a-z.]*)")
# The oldest that the exporter works with, as in pyproject.toml.
OLDEST = (1, 6)
# The ways in which joblib compresses a file.
DECOMPRESSORS = (zlib.decompress, gzip.decompress, bz2.decompress, lzma.decompress)


def versions_written(path: Path) -> list[str]:
    """Finds the versions of scikit-learn that wrote a pickle, compressed by joblib or not."""
    if not path.is_file():
        return []
    content = path.read_bytes()
    for decompress in DECOMPRESSORS:
        with suppress(zlib.error, OSError, ValueError, EOFError, lzma.LZMAError):
            content = decompress(content)
            break
    return sorted({each.decode() for each in WRITTEN_BY.findall(content)})


def version_hint(path: Path) -> str | None:
    """Says what to do if another scikit-learn wrote the pickle, None if it is the same."""
    here, written = version("scikit-learn"), versions_written(path)
    if not written or written == [here]:
        return None
    who = f"scikit-learn {' and '.join(written)} wrote the pickle, scikit-learn {here} reads it"
    if min(map(major_and_minor, written)) < OLDEST:
        return (
            f"{who}: fit the model again with scikit-learn {OLDEST[0]}.{OLDEST[1]} or newer, which "
            "the exporter needs"
        )
    return (
        f"{who}: run the exporter in the environment that trained the model, or install "
        f"scikit-learn=={written[0]} here"
    )


def major_and_minor(stated: str) -> tuple[int, int]:
    """Gives the first two numbers of a version."""
    major, minor = re.findall(r"\d+", stated)[:2]
    return int(major), int(minor)


def with_version_hint(error: ExportError, path: Path) -> str:
    """Gives an error's text, with the versions if another scikit-learn wrote the pickle."""
    hint = version_hint(path)
    return f"{str(error).rstrip(':')}; {hint}" if hint else str(error)
