"""Schemathesis makes requests of the service's own OpenAPI document and judges the answers."""

import subprocess
import sys
from pathlib import Path

from conftest import running_service


def test_the_service_keeps_what_its_openapi_document_says(tmp_path: Path) -> None:
    schemathesis = Path(sys.executable).with_name("schemathesis")
    with running_service() as url:
        subprocess.run(
            [
                *(schemathesis, "run", f"{url}/docs-json"),
                *("--checks", "all"),
                *("--phases", "examples,coverage,fuzzing"),
                *("--max-examples", "300"),
                *("--seed", "1"),
                "--no-color",
            ],
            cwd=tmp_path,
            check=True,
        )
