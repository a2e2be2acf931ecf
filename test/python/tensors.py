"""The customers that clients of the Open Inference Protocol send, as their tensors.

The clients for HTTP and for gRPC cannot be imported in one process, but are used alike: `triton`
is the module of one of them.
"""

from types import ModuleType

import numpy as np

MODEL = "churn_model"
COLUMNS = {
    "tenure_months": np.array([6, 48], dtype=np.int64),
    "monthly_charges": np.array([79.99, 45]),
    "total_charges": np.array([479.94, 2160]),
    "num_products": np.array([1, 3], dtype=np.int32),
    "has_support_calls": np.array([1, 0], dtype=np.uint8),
}
DATATYPES = {
    "int64": "INT64",
    "float64": "FP64",
    "float32": "FP32",
    "int32": "INT32",
    "uint8": "UINT8",
}
MATRIX = np.column_stack([column.astype(np.float64) for column in COLUMNS.values()])


def columns(triton: ModuleType, arrays: dict[str, np.ndarray], **options: bool) -> list[object]:
    """One tensor for each column."""
    tensors = []
    for name, column in arrays.items():
        tensor = triton.InferInput(name, list(column.shape), DATATYPES[column.dtype.name])
        tensor.set_data_from_numpy(column, **options)
        tensors.append(tensor)
    return tensors


def matrix(triton: ModuleType, rows: np.ndarray) -> list[object]:
    """All columns as one tensor."""
    return columns(triton, {"input-0": rows})


def check_reasons(triton: ModuleType, client: object, inputs: list[object]) -> None:
    """Checks that what a client is told of the reasons adds up to the score."""
    names = ["churn_probability", "contributions", "base_probability"]
    outputs = [triton.InferRequestedOutput(name) for name in names]
    result = client.infer(MODEL, inputs, outputs=outputs)
    contributions = result.as_numpy("contributions")
    assert contributions.shape == (2, 5)
    total = result.as_numpy("base_probability") + contributions.sum(axis=1)
    assert np.abs(total - result.as_numpy("churn_probability")).max() < 1e-6
