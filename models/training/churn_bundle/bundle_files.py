"""Writes the files of a bundle."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from churn_bundle.feature import Feature
from churn_bundle.files import write_files
from churn_bundle.manifest import FORMAT_VERSION, created_at, dump
from churn_bundle.rows import for_manifest


def describe_examples(
    rows: pd.DataFrame, features: list[Feature], probabilities: np.ndarray
) -> list[dict[str, Any]]:
    """Describes canonical customers for the API's documentation."""
    return [
        {"customer": customer, "probability": probability}
        for customer, probability in zip(
            for_manifest(rows, features), probabilities.tolist(), strict=True
        )
    ]


def describe_golden(
    rows: pd.DataFrame, features: list[Feature], probabilities: np.ndarray
) -> dict[str, Any]:
    """Describes canonical rows with the probabilities of the training side."""
    return {
        "features": [feature.name for feature in features],
        "rows": [list(row.values()) for row in for_manifest(rows, features)],
        "probabilities": probabilities.tolist(),
    }


def write_bundle(
    output: Path, version: str, framework: dict[str, Any], graph: bytes, content: dict[str, Any]
) -> None:
    """Writes the graph, the manifest of it and the version; all or none.

    Args:
        output: path of the ONNX file; its stem is the model's name.
        version: of the model.
        framework: that trained the model.
        graph: content of the ONNX file.
        content: what else the manifest says.
    """
    manifest = {
        "format_version": FORMAT_VERSION,
        "name": output.stem,
        "version": version,
        "created_at": created_at(),
        "framework": framework,
        "sha256": hashlib.sha256(graph).hexdigest(),
        **content,
    }
    files = {
        output.name: graph,
        f"{output.stem}.manifest.json": (dump(manifest) + "\n").encode(),
        "model_version.txt": f"{version}\n".encode(),
    }
    write_files(output.parent, files)
    print(f"wrote {', '.join(str(output.parent / name) for name in files)}")
