"""The one error that the exporter shows to a person."""


class ExportError(Exception):
    """Why no bundle was written, in one sentence that says what to do about it."""
