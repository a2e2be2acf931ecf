"""Reads the files that a person writes: features, examples and metrics, as YAML or JSON."""

import json
from pathlib import Path
from typing import Any

import yaml

from churn_bundle.errors import ExportError


class Loader(yaml.SafeLoader):
    """Reads YAML 1.2's scalars, so that No is a text and not false, and refuses a key twice."""


# YAML 1.1, which PyYAML reads, takes yes, no, on and off for booleans and 2024-01-31 for a date.
Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if not pair[0].endswith((":bool", ":timestamp"))]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for spellings in (("true", "True", "TRUE"), ("false", "False", "FALSE")):
    for spelling in spellings:
        Loader.yaml_implicit_resolvers.setdefault(spelling[0], []).append(
            ("tag:yaml.org,2002:bool", yaml.resolver.re.compile(f"^{spelling}$"))
        )


def construct_mapping(loader: Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    """Builds a mapping, each key once."""
    return unique_keys(
        [
            (loader.construct_object(key, True), loader.construct_object(value, True))
            for key, value in node.value
        ]
    )


Loader.add_constructor("tag:yaml.org,2002:map", construct_mapping)


def unique_keys(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    """Builds a mapping and refuses a key that comes twice."""
    content = {}
    for key, value in pairs:
        if key in content:
            raise ValueError(f"{key!r} comes twice")
        content[key] = value
    return content


def load_file(path: Path) -> object:
    """Reads a file: JSON if its name ends in .json, else YAML."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix.lower() == ".json":
            return json.loads(text, object_pairs_hook=unique_keys)
        return yaml.load(text, Loader)
    except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
        raise ExportError(f"cannot read {path}: {' '.join(str(error).split())[:300]}") from error


def load_mapping(path: Path) -> dict[str, Any]:
    """Reads a file that holds a mapping."""
    content = load_file(path)
    if not isinstance(content, dict):
        raise ExportError(f"{path} must hold a mapping (in JSON, an object)")
    return content


def load_list(path: Path) -> list[Any]:
    """Reads a file that holds a list."""
    content = load_file(path)
    if not isinstance(content, list):
        raise ExportError(f"{path} must hold a list")
    return content
