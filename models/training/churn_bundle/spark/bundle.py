"""What a bundle says: the contract, how the graph takes it, and the rows that prove it."""

import hashlib
import json
from typing import Any, NamedTuple

from churn_bundle.errors import ScoringError, first_line
from churn_bundle.spark.bundle_source import BundleFiles
from churn_bundle.spark.served_feature import ServedFeature, served_feature

FORMAT_VERSION = 2
# Of a manifest or a bundle that states none, as the service has them.
DEFAULT_VERSION = "1.0.0"
DEFAULT_TOLERANCE = 1e-5
DEFAULT_THRESHOLDS = {"decision": 0.5, "medium": 0.4, "high": 0.7}


class TensorInput(NamedTuple):
    """One input of the graph, [rows, features]."""

    name: str
    type: str
    features: tuple[str, ...]


class KnownRow(NamedTuple):
    """A customer with the probability that the trained model gave."""

    name: str
    customer: dict[str, Any]
    probability: float


class Bundle(NamedTuple):
    """A bundle whose files belong together.

    Attributes:
        where: it comes from, for errors.
        name: of the model.
        version: of the model.
        graph: the ONNX file.
        features: the fields of a customer.
        inputs: of the graph.
        output: of the graph, which holds probabilities.
        output_column: of the probability of churn, if the output has two.
        thresholds: least unrounded probability for each decision.
        tolerance: greatest difference from a known probability.
        known_rows: prove the graph.
    """

    where: str
    name: str
    version: str
    graph: bytes
    features: tuple[ServedFeature, ...]
    inputs: tuple[TensorInput, ...]
    output: str
    output_column: int
    thresholds: dict[str, float]
    tolerance: float
    known_rows: tuple[KnownRow, ...]


def read_bundle(files: BundleFiles) -> Bundle:
    """Reads a bundle as the service does.

    Raises:
        ScoringError: if its files are not those of one bundle, or nothing proves it.
    """
    manifest = parse(files)
    found = hashlib.sha256(files.graph).hexdigest()
    if manifest.get("sha256") != found:
        raise ScoringError(
            f"the model file {files.name}.onnx of {files.where} is not the one that its manifest "
            f"describes: expected sha256 {manifest.get('sha256')}, found {found} "
            f"({len(files.graph)} bytes): restore the file, or export the bundle again"
        )
    if "golden_rows" not in manifest:
        raise ScoringError(
            f"the manifest of {files.where} has no golden rows, so nothing proves that the model "
            "answers as it did in training: export the bundle with churn-bundle"
        )
    try:
        return bundle_of(manifest, files)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ScoringError(
            f"the manifest of {files.where} is not such as churn-bundle writes "
            f"({type(error).__name__}: {first_line(error)}): export the bundle again"
        ) from error


def parse(files: BundleFiles) -> dict[str, Any]:
    """Reads the manifest's JSON."""
    try:
        manifest = json.loads(files.manifest.decode("utf-8-sig"))
    except ValueError as error:
        raise ScoringError(
            f"the manifest of {files.where} is no JSON: {first_line(error)}"
        ) from error
    if not isinstance(manifest, dict) or manifest.get("format_version") != FORMAT_VERSION:
        raise ScoringError(f"the manifest of {files.where} is none of format {FORMAT_VERSION}")
    return manifest


def bundle_of(manifest: dict[str, Any], files: BundleFiles) -> Bundle:
    """Takes what scoring needs."""
    tensors = {name: tensor for tensor in manifest["inputs"] for name in tensor["features"]}
    output = manifest["output"]
    return Bundle(
        where=files.where,
        name=manifest.get("name", files.name),
        version=version_of(manifest.get("version"), files),
        graph=files.graph,
        features=tuple(
            served_feature(each, tensors[each["name"]]) for each in manifest["features"]
        ),
        inputs=tuple(
            TensorInput(each["name"], each["type"], tuple(each["features"]))
            for each in manifest["inputs"]
        ),
        output=output["name"],
        output_column=output.get("column", 1),
        thresholds=manifest.get("thresholds", DEFAULT_THRESHOLDS),
        tolerance=manifest.get("tolerance", DEFAULT_TOLERANCE),
        known_rows=tuple(known_rows(manifest)),
    )


def version_of(stated: str | None, files: BundleFiles) -> str:
    """Gives the model's version; the version file and the manifest must agree."""
    if files.version is None:
        return stated or DEFAULT_VERSION
    text = files.version.decode().strip()
    if not text or (stated is not None and text != stated):
        raise ScoringError(
            f"model_version.txt of {files.where} says {text!r}, but the manifest {stated!r}: "
            "correct the file, or remove it"
        )
    return text


def known_rows(manifest: dict[str, Any]) -> list[KnownRow]:
    """Gives the golden rows, and the examples whose probability is stated."""
    golden = manifest["golden_rows"]
    rows = zip(golden["rows"], golden["probabilities"], strict=True)
    return [
        KnownRow(
            f"golden row {index}", dict(zip(golden["features"], row, strict=True)), probability
        )
        for index, (row, probability) in enumerate(rows)
    ] + [
        KnownRow(f"example {index}", example["customer"], example["probability"])
        for index, example in enumerate(manifest["examples"])
        if "probability" in example
    ]
