"""The steps for which the exporter has an ONNX form of its own."""

from collections.abc import Iterable

from churn_bundle import (
    affine_converter,
    bins_converter,
    calibration_converter,
    function_converter,
    quantile_converter,
    svc_converter,
)

CONVERTERS = (
    affine_converter,
    bins_converter,
    calibration_converter,
    function_converter,
    quantile_converter,
    svc_converter,
)


def use_own_forms(estimators: Iterable[object]) -> None:
    """Makes each estimator of a copy of a model one that a converter of ours knows."""
    for estimator in estimators:
        affine_converter.use_affine(estimator)
        bins_converter.use_dense_bins(estimator)
        calibration_converter.use_exact_calibration(estimator)
        function_converter.use_numpy_function(estimator)
        quantile_converter.use_quantiles(estimator)
        svc_converter.use_machine(estimator)


def register() -> None:
    """Tells skl2onnx about all of them."""
    for converter in CONVERTERS:
        converter.register()
