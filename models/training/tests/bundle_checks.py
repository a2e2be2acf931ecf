"""Reads a bundle as the service does, and proves it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import onnxruntime

SCHEMA_FILE = Path(__file__).resolve().parents[3] / "src/model/model-manifest.schema.json"
NUMPY_TYPES = {"float32": np.float32, "float64": np.float64}


def read_manifest(onnx_file: Path) -> dict[str, Any]:
    """Reads strictly: NaN and Infinity, which Python would write and read, are not JSON."""
    text = onnx_file.with_suffix(".manifest.json").read_text(encoding="utf-8")
    return json.loads(text, parse_constant=refuse_constant)


def refuse_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def run(onnx_file: Path, rows: list[list[float]]) -> np.ndarray:
    """Gives the probabilities of class 1 for rows [N, features], as the manifest says to ask."""
    manifest = read_manifest(onnx_file)
    session = onnxruntime.InferenceSession(onnx_file, providers=["CPUExecutionProvider"])
    values = np.array(rows)
    names = [feature["name"] for feature in manifest["features"]]
    if len(manifest["inputs"]) == 1:
        (tensor,) = manifest["inputs"]
        feed = {tensor["name"]: values.astype(NUMPY_TYPES[tensor["type"]])}
    else:
        feed = {
            tensor["name"]: values[:, [names.index(tensor["name"])]].astype(
                NUMPY_TYPES[tensor["type"]]
            )
            for tensor in manifest["inputs"]
        }
    (probabilities,) = session.run([manifest["output"]["name"]], feed)
    return probabilities[:, 1]


def check_bundle(onnx_file: Path) -> dict[str, Any]:
    """Asserts what the service will, and that the manifest follows its schema; returns it."""
    manifest = read_manifest(onnx_file)
    jsonschema.validate(manifest, json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    assert manifest["sha256"] == hashlib.sha256(onnx_file.read_bytes()).hexdigest()
    version = onnx_file.with_name("model_version.txt").read_text(encoding="utf-8")
    assert version == f"{manifest['version']}\n"

    golden = manifest["golden_rows"]
    assert len(golden) >= 64
    expected = np.array([row["probability"] for row in golden])
    served = run(onnx_file, [list(row["features"].values()) for row in golden])
    np.testing.assert_allclose(served, expected, rtol=0, atol=manifest["tolerance"])
    one_by_one = [run(onnx_file, [list(row["features"].values())])[0] for row in golden[:3]]
    np.testing.assert_allclose(one_by_one, expected[:3], rtol=0, atol=manifest["tolerance"])
    return manifest
