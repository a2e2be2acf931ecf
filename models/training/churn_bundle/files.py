"""Writes the files of a bundle, all or none."""

import tempfile
from pathlib import Path

from churn_bundle.errors import ExportError, first_line


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Writes all files beside their destination, then renames each into place."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as staging:
            for name, content in files.items():
                (Path(staging) / name).write_bytes(content)
            for name in files:
                (Path(staging) / name).replace(folder / name)
    except OSError as error:
        raise ExportError(f"cannot write to {folder}: {first_line(error)}") from error
