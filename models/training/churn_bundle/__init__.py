"""Exports a fitted churn classifier as a bundle that the service can prove and serve.

``churn_bundle.spark`` scores on clusters whose machines have none of the packages that an export
needs. So these names are imported when they are first used.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from churn_bundle.errors import ExportError
    from churn_bundle.export import export_bundle
    from churn_bundle.limits import Limits
    from churn_bundle.thresholds import Thresholds

# onnxruntime would tell Microsoft which graph is run and where. It looks when it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__all__ = ["ExportError", "Limits", "Thresholds", "export_bundle"]

PLACES = {
    "ExportError": "churn_bundle.errors",
    "Limits": "churn_bundle.limits",
    "Thresholds": "churn_bundle.thresholds",
    "export_bundle": "churn_bundle.export",
}


def __getattr__(name: str) -> object:
    """Imports one of the names above."""
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(PLACES[name]), name)
