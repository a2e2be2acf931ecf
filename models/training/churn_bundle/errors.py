"""The errors that are shown to a person."""


class ExportError(Exception):
    """Why no bundle was written, in one sentence that says what to do about it."""


class ReportError(Exception):
    """Why no report was written, in one sentence that says what to do about it."""


class ScoringError(Exception):
    """Why nothing was scored, in one sentence that says what to do about it."""


def first_line(error: Exception) -> str:
    """Gives the first line of an error's text, at most 300 characters."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:300]
