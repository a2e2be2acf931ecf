"""docker-compose.yml is valid by the Compose specification."""

import subprocess
import sys

from conftest import ROOT


def test_it_is_valid_by_the_schema_of_the_compose_specification() -> None:
    check = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    subprocess.run([sys.executable, *check, "docker-compose.yml"], cwd=ROOT, check=True)
