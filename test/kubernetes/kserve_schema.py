"""The schema of KServe's InferenceService, from the CRD that KServe's Go module carries."""

import json
import subprocess
from pathlib import Path
from typing import Any

import yaml

MODULE = "github.com/kserve/kserve@v0.17.0"
CRD = "config/crd/full/serving.kserve.io_inferenceservices.yaml"
KIND = "InferenceService"


def schema() -> dict[str, Any]:
    """Gives the JSON schema of a whole object, which knows no other fields than those it states."""
    download = ["go", "mod", "download", "-json", MODULE]
    run = subprocess.run(download, cwd="/", stdout=subprocess.PIPE, text=True, check=True)
    text = (Path(json.loads(run.stdout)["Dir"]) / CRD).read_text(encoding="utf-8")
    (version,) = yaml.load(text, yaml.CSafeLoader)["spec"]["versions"]
    return closed(version["schema"]["openAPIV3Schema"])


def closed(part: Any) -> Any:  # noqa: ANN401
    """Refuses unknown fields, which the API server would drop without a word."""
    if isinstance(part, list):
        return [closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    inner = {key: closed(value) for key, value in part.items()}
    is_open = part.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in part
    if isinstance(part.get("properties"), dict) and part.get("type") == "object" and not is_open:
        inner["additionalProperties"] = False
    return inner
