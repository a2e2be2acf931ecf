"""Exports a fitted churn classifier as a bundle that the service can prove and serve."""

from churn_bundle.errors import ExportError
from churn_bundle.export import export_bundle
from churn_bundle.limits import Limits
from churn_bundle.thresholds import Thresholds

__all__ = ["ExportError", "Limits", "Thresholds", "export_bundle"]
