"""Names the step that is known to have no exact form in ONNX, when an export fails."""

from collections.abc import Iterator
from contextlib import contextmanager

from churn_bundle.errors import ExportError
from churn_bundle.feature import Feature


@contextmanager
def with_hints(model: object, features: list[Feature]) -> Iterator[None]:
    """Adds to an ExportError what is known about the model's steps."""
    try:
        yield
    except ExportError as error:
        hints = list(find_hints(model, features))
        if not hints:
            raise
        raise ExportError(f"{error}; {'; '.join(hints)}") from error


def find_hints(model: object, features: list[Feature]) -> Iterator[str]:
    """Yields a sentence for each step that is known to have no exact form."""
    return iter(())
