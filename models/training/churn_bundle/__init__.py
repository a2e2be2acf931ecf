"""Exports a fitted churn classifier as a bundle that the service can prove and serve."""

from churn_bundle.errors import ExportError
from churn_bundle.export import Thresholds, export_bundle

__all__ = ["ExportError", "Thresholds", "export_bundle"]
