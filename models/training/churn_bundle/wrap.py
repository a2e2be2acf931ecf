"""Makes a bundle of an ONNX graph and of the probabilities that its training side computed."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pandas as pd

from churn_bundle import golden_rows
from churn_bundle.contract import describe_assumptions, make_features
from churn_bundle.conversion import Tensor, as_tensor
from churn_bundle.describe import describe_feature, describe_tensor, histogram
from churn_bundle.errors import ExportError, first_line
from churn_bundle.examples import check_examples
from churn_bundle.export import check_metrics
from churn_bundle.feature import Feature
from churn_bundle.feature_options import Options
from churn_bundle.files import write_files
from churn_bundle.limits import TOLERANCE
from churn_bundle.manifest import FORMAT_VERSION, created_at, dump
from churn_bundle.onnx_inputs import map_inputs
from churn_bundle.onnx_source import OUTPUT, give_probabilities, load_graph
from churn_bundle.reference import select_features
from churn_bundle.rows import canonical, for_manifest, from_json
from churn_bundle.thresholds import DEFAULT_THRESHOLDS, check_thresholds


def wrap_onnx(
    onnx_file: Path,
    reference: pd.DataFrame,
    probabilities: np.ndarray,
    output: Path,
    version: str,
    *,
    features: Options | None = None,
    mapping: dict[str, list[str]] | None = None,
    logits: bool = False,
    metrics: dict[str, float] | None = None,
    thresholds: tuple[float, float, float] = DEFAULT_THRESHOLDS,
    examples: list[dict[str, Any]] | None = None,
) -> None:
    """Proves a graph against the training side's probabilities and writes the bundle."""
    options = features or {}
    limits = check_thresholds(thresholds)
    check_metrics(metrics or {})
    model = load_graph(onnx_file)
    give_probabilities(model, logits)
    columns = [str(name) for name in reference.columns]
    tensors = map_inputs(model, columns, mapping or {})
    used = [name for name in columns if any(name in each.features for each in tensors)]
    table = select_features(reference, used, None)
    if len(probabilities) != len(table):
        raise ExportError(
            f"there are {len(probabilities)} probabilities for {len(table)} reference rows: give "
            "one for each row, in the same order"
        )
    described = make_features(object(), table, list(range(len(used))), options)
    check_texts(tensors, described)
    for line in describe_assumptions(described, options):
        print(line)
    rows = canonical(table, described)
    content = model.SerializeToString()
    session = load_session(content)
    answers = ask(session, tensors, rows)
    check_answers(answers, probabilities, for_manifest(rows, described))

    accepted = golden_rows.inside_contract(rows, described)
    if not accepted.any():
        raise ExportError("the API would accept no reference row: widen the stated bounds")
    golden = golden_rows.spread_rows(rows[accepted], probabilities[accepted])
    if examples is None:
        chosen = golden_rows.example_rows(rows[accepted], probabilities[accepted])
    else:
        check_examples(examples, described)
        chosen = from_json(examples, described)
    manifest = {
        "format_version": FORMAT_VERSION,
        "name": output.stem,
        "version": version,
        "created_at": created_at(),
        "framework": {
            "name": model.producer_name or "onnx",
            "versions": {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__},
        },
        "sha256": hashlib.sha256(content).hexdigest(),
        "features": [describe_feature(f, rows[f.name]) for f in described],
        "inputs": [describe_tensor(tensor) for tensor in tensors],
        "output": {"name": OUTPUT, "column": 1},
        "examples": [
            {"customer": customer, "probability": probability}
            for customer, probability in zip(
                for_manifest(chosen, described),
                ask(session, tensors, chosen).tolist(),
                strict=True,
            )
        ],
        "thresholds": limits._asdict(),
        "tolerance": TOLERANCE,
        "metrics": metrics or {},
        "reference": {
            "rows": len(rows),
            "probability_histogram": histogram(probabilities, np.linspace(0, 1, 21)),
        },
        "golden_rows": {
            "features": used,
            "rows": [list(row.values()) for row in for_manifest(golden, described)],
            "probabilities": probabilities[golden.index].tolist(),
        },
    }
    files = {
        output.name: content,
        f"{output.stem}.manifest.json": (dump(manifest) + "\n").encode(),
        "model_version.txt": f"{version}\n".encode(),
    }
    write_files(output.parent, files)
    print(f"wrote {', '.join(str(output.parent / name) for name in files)}")


def load_session(content: bytes) -> onnxruntime.InferenceSession:
    """Loads the graph from memory, as the service does."""
    try:
        return onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ExportError(
            f"onnxruntime {onnxruntime.__version__} cannot load the graph: {first_line(error)}; if "
            "its opset or IR version is too new, export it with an older one"
        ) from error


def ask(
    session: onnxruntime.InferenceSession, tensors: list[Tensor], rows: pd.DataFrame
) -> np.ndarray:
    """Gives the graph's probabilities, float64 [N]."""
    try:
        feed = {tensor.name: as_tensor(rows, tensor) for tensor in tensors}
        answers = session.run([OUTPUT], feed)[0]
    except Exception as error:
        raise ExportError(f"the graph cannot score the rows: {first_line(error)}") from error
    if answers.shape not in ((len(rows),), (len(rows), 1), (len(rows), 2)):
        raise ExportError(
            f"the graph gave the shape {answers.shape} for {len(rows)} rows; it must be [N], "
            "[N, 1] or [N, 2]"
        )
    return answers.reshape(len(rows), -1)[:, -1].astype(np.float64)


def check_texts(tensors: list[Tensor], features: list[Feature]) -> None:
    """Checks that texts go into inputs of texts, and numbers into others."""
    by_name = {feature.name: feature for feature in features}
    for tensor in tensors:
        for name in tensor.features:
            if by_name[name].is_text != (tensor.type == "string"):
                raise ExportError(
                    f"the graph's input {tensor.name} is of {tensor.type}, but {name} is a "
                    f"{by_name[name].type}: encode it inside the graph, or map another feature"
                )
            if by_name[name].nullable and tensor.type in ("string", "int64"):
                raise ExportError(
                    f"{name} may be missing, which the {tensor.type} input {tensor.name} cannot "
                    "hold: fill its missing values before, and state nullable: false"
                )


def check_answers(
    answers: np.ndarray, expected: np.ndarray, customers: list[dict[str, Any]]
) -> None:
    """Refuses a graph that does not answer as its training side, with the likely cause."""
    if not ((expected >= 0) & (expected <= 1)).all():
        raise ExportError("the scores of --probabilities do not all lie in 0..1")
    differences = np.abs(answers - expected)
    if (differences <= TOLERANCE).all():
        return
    worst = int(np.argmax(differences))
    cause = "the features are in another order, or the preprocessing is not in the graph"
    if not ((answers >= 0) & (answers <= 1)).all():
        cause = "the graph gives logits: add --logits"
    elif np.allclose(1 - answers, expected, atol=TOLERANCE):
        cause = "the graph gives the probability of staying: 1 minus it is expected"
    raise ExportError(
        f"{int((~(differences <= TOLERANCE)).sum())} of {len(expected)} rows differ from "
        f"--probabilities; the worst is row {worst}, {customers[worst]}: the graph says "
        f"{answers[worst]:.6g}, expected is {expected[worst]:.6g}. Likely cause: {cause}"
    )
