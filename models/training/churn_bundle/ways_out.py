"""What a person can do about a step that has no form in ONNX."""

TABLE = "docs/exportable-models.md lists what can be exported"

# By the class's name. Each completes the sentence "... cannot be exported: <cause>; <way out>".
WAYS_OUT = {
    "DummyClassifier": "it predicts the same for every customer, so there is nothing to serve",
    "GaussianProcessClassifier": (
        "fit a calibrated SVC with the same kernel, or a LogisticRegression behind "
        "PolynomialFeatures"
    ),
    "IterativeImputer": "impute by SimpleImputer(add_indicator=True)",
    "KMeans": "compute its distances in the data before fit, or use KBinsDiscretizer",
    "KNNImputer": "impute by SimpleImputer(add_indicator=True)",
    "LinearDiscriminantAnalysis": "use it as the last step, or PCA before another model",
    "MissingIndicator": "use SimpleImputer(add_indicator=True)",
    "Nystroem": "use PolynomialFeatures, or KernelPCA with the same kernel",
    "RBFSampler": "use PolynomialFeatures, or KernelPCA with the same kernel",
    "RadiusNeighborsClassifier": "use KNeighborsClassifier",
    "RandomTreesEmbedding": "use a RandomForestClassifier",
    "SplineTransformer": "use PolynomialFeatures or KBinsDiscretizer",
}


def way_out(kind: str, is_model: bool) -> str:
    """Gives a way out for a class.

    Args:
        kind: name of the class.
        is_model: whether it predicts, rather than makes columns.
    """
    if kind in WAYS_OUT:
        return WAYS_OUT[kind]
    if is_model:
        return f"fit another model: {TABLE}"
    return f"use another step, or compute its columns in the data before fit: {TABLE}"
