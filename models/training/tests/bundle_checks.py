"""Reads a bundle as the service does, and proves it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import onnxruntime
import pandas as pd
import pytest

SCHEMA_FILE = Path(__file__).resolve().parents[3] / "src/bundle/manifest.schema.json"
EMPTY = {"string": object, "bool": bool}

Customer = dict[str, Any]


def read_manifest(onnx_file: Path) -> dict[str, Any]:
    """Reads strictly: NaN and Infinity, which Python would write and read, are not JSON."""
    text = onnx_file.with_suffix(".manifest.json").read_text(encoding="utf-8")
    return json.loads(text, parse_constant=refuse_constant)


def refuse_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def as_tensor(
    tensor: dict[str, Any], customers: list[Customer], manifest: dict[str, Any]
) -> np.ndarray:
    """Makes the tensor [rows, features] of one of the manifest's inputs."""
    missing = tensor.get("missing_text") if tensor["type"] == "string" else float("nan")
    codes = codes_in(tensor, manifest)
    rows = []
    for customer in customers:
        row = []
        for name in tensor["features"]:
            value = customer.get(name)
            if name in codes:
                value = codes[name].get(value, 0)
            row.append(missing if value is None else value)
        rows.append(row)
    return np.array(rows, dtype=EMPTY.get(tensor["type"], tensor["type"]))


def codes_in(tensor: dict[str, Any], manifest: dict[str, Any]) -> dict[str, dict[str | None, int]]:
    """Gives the number of each category that a tensor takes as one, None being a missing value."""
    if not tensor.get("category_codes", False):
        return {}
    return {
        feature["name"]: {
            text: code for code, text in enumerate([*feature["categories"], None], start=1)
        }
        for feature in manifest["features"]
        if feature["type"] == "category"
    }


def run(onnx_file: Path, customers: list[Customer]) -> np.ndarray:
    """Gives the probabilities of churn, as the manifest says to ask."""
    manifest = read_manifest(onnx_file)
    session = onnxruntime.InferenceSession(onnx_file, providers=["CPUExecutionProvider"])
    feed = {tensor["name"]: as_tensor(tensor, customers, manifest) for tensor in manifest["inputs"]}
    (probabilities,) = session.run([manifest["output"]["name"]], feed)
    return probabilities[:, manifest["output"]["column"]]


def as_customers(table: pd.DataFrame) -> list[Customer]:
    """Makes customers of a DataFrame, as a caller of the API would send them."""
    rows = table.astype(object).where(table.notna(), None)
    return rows.to_dict("records")


def golden_customers(manifest: dict[str, Any]) -> list[Customer]:
    """Gives the golden rows by name."""
    golden = manifest["golden_rows"]
    return [dict(zip(golden["features"], row, strict=True)) for row in golden["rows"]]


def is_accepted(feature: dict[str, Any], value: object) -> bool:
    """Whether the API takes a value of a feature."""
    if value is None:
        return feature.get("nullable", False)
    if feature["type"] == "boolean":
        return isinstance(value, bool)
    if feature["type"] == "category":
        known = value in feature["categories"] or feature["unknown"] == "accept"
        return isinstance(value, str) and known
    bounds = feature.get("bounds", {})
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_whole = feature["type"] == "number" or isinstance(value, int)
    low, high = bounds.get("minimum", -np.inf), bounds.get("maximum", np.inf)
    return is_number and is_whole and low <= value <= high


def check_contract(manifest: dict[str, Any]) -> None:
    """Asserts what the schema cannot say about features and inputs."""
    features = {feature["name"]: feature for feature in manifest["features"]}
    assert len(features) == len(manifest["features"])
    columns = [name for tensor in manifest["inputs"] for name in tensor["features"]]
    assert sorted(columns) == sorted(features)
    for tensor in manifest["inputs"]:
        taken = [features[name] for name in tensor["features"]]
        texts = [feature for feature in taken if feature["type"] == "category"]
        takes_texts = tensor["type"] == "string"
        assert takes_texts or not texts or tensor["category_codes"]
        assert not takes_texts or texts == taken
        known = {text for feature in texts for text in feature["categories"]}
        assert tensor.get("missing_text") not in known
        if any(feature["nullable"] for feature in taken if feature not in texts):
            assert tensor["type"] in ("float32", "float64")
    customers = [example["customer"] for example in manifest["examples"]]
    for customer in [*golden_customers(manifest), *customers]:
        for name, feature in features.items():
            assert is_accepted(feature, customer.get(name)), (name, customer.get(name))


def check_golden_values(manifest: dict[str, Any]) -> None:
    """Asserts that each value which may matter is in a golden row."""
    table = pd.DataFrame(golden_customers(manifest), dtype=object)
    for feature in manifest["features"]:
        values = table[feature["name"]]
        present = values[values.notna()]
        if feature.get("nullable"):
            assert values.isna().any(), feature["name"]
        if feature["type"] == "boolean":
            assert set(present) == {True, False}
        elif feature["type"] == "category":
            unknown = set(present) - set(feature["categories"])
            assert set(feature["categories"]) <= set(present)
            assert bool(unknown) == (feature["unknown"] == "accept")
        else:
            bounds, statistics = feature.get("bounds", {}), feature["statistics"]
            for end in ("minimum", "maximum"):
                assert bounds.get(end, statistics[end]) in set(present), feature["name"]


def check_explanations(onnx_file: Path, manifest: dict[str, Any]) -> None:
    """Asserts that explanations are of customers that the API takes, and that they add up."""
    stated = manifest["explanations"]
    names, base = stated["features"], stated["base_probability"]
    features = {feature["name"]: feature for feature in manifest["features"]}
    assert names == list(features)
    explained = [explanation["row"] for explanation in stated["golden"]]
    for row in [*stated["background"], *explained]:
        for name, value in zip(names, row, strict=True):
            assert is_accepted(features[name], value), (name, value)
    tolerance = manifest["tolerance"]
    background = [dict(zip(names, row, strict=True)) for row in stated["background"]]
    assert run(onnx_file, background).mean() == pytest.approx(base, abs=tolerance)
    for explanation in stated["golden"]:
        probability, values = explanation["probability"], explanation["contributions"]
        assert len(values) == len(names)
        assert base + sum(values) == pytest.approx(probability, abs=1e-9)
        (served,) = run(onnx_file, [dict(zip(names, explanation["row"], strict=True))])
        assert served == pytest.approx(probability, abs=tolerance)


def check_same_reference(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Asserts that two manifests describe the same data; sums differ by the machine."""
    for key in ("rows", "probability_histogram"):
        assert one[key] == other[key], key
    for bin_, other_bin in zip(one["calibration"], other["calibration"], strict=True):
        assert bin_ == pytest.approx(other_bin, abs=1e-9)


def check_bundle(onnx_file: Path) -> dict[str, Any]:
    """Asserts what the service will, and that the manifest follows its schema; returns it."""
    manifest = read_manifest(onnx_file)
    jsonschema.validate(manifest, json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    assert manifest["sha256"] == hashlib.sha256(onnx_file.read_bytes()).hexdigest()
    version = onnx_file.with_name("model_version.txt").read_text(encoding="utf-8")
    assert version == f"{manifest['version']}\n"
    check_contract(manifest)
    check_golden_values(manifest)
    if "explanations" in manifest:
        check_explanations(onnx_file, manifest)

    customers = golden_customers(manifest)
    expected = np.array(manifest["golden_rows"]["probabilities"])
    assert len(customers) == len(expected) >= 64
    tolerance = manifest["tolerance"]
    np.testing.assert_allclose(run(onnx_file, customers), expected, rtol=0, atol=tolerance)
    one_by_one = [run(onnx_file, [customer])[0] for customer in customers[:3]]
    np.testing.assert_allclose(one_by_one, expected[:3], rtol=0, atol=tolerance)
    for example in manifest["examples"]:
        served = run(onnx_file, [example["customer"]])[0]
        assert abs(served - example["probability"]) <= tolerance
    return manifest
