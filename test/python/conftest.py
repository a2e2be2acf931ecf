"""What the tests that need Python and the service have in common."""

from service import ROOT, running_service

__all__ = ["ROOT", "running_service"]
