"""Writes a manifest's JSON: one line for each feature, input, example and golden row.

The format is the JSON schema in src/bundle/manifest.schema.json.
"""

import json
from datetime import UTC, datetime

FORMAT_VERSION = 2
# Objects and lists of lists are written over several lines down to this depth.
DEEPEST = 2


def dump(content: object, depth: int = 0) -> str:
    """Writes JSON that people can read and compare line by line.

    Args:
        content: JSON value without NaN and Infinity.
        depth: of the value in the document.

    Raises:
        ValueError: on NaN or Infinity, which JSON does not have.
    """
    values = list(content.values()) if isinstance(content, dict) else content
    nested = isinstance(content, dict | list) and any(isinstance(v, dict | list) for v in values)
    is_rows = isinstance(content, list) and depth == DEEPEST
    if not nested or (depth >= DEEPEST and not is_rows):
        separators = (",", ":") if depth > DEEPEST else (", ", ": ")
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=separators)
    indent = "  " * (depth + 1)
    if isinstance(content, dict):
        lines = [
            f"{indent}{json.dumps(key, ensure_ascii=False)}: {dump(value, depth + 1)}"
            for key, value in content.items()
        ]
        opening, closing = "{}"
    else:
        lines = [f"{indent}{dump(value, depth + 1)}" for value in content]
        opening, closing = "[]"
    return f"{opening}\n" + ",\n".join(lines) + f"\n{'  ' * depth}{closing}"


def created_at() -> str:
    """Gives the time now as RFC 3339 in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
