"""Checks the objects of a YAML stream on stdin against the schemas of their kinds.

A field that its schema does not know is wrong too. Prints what is wrong, and ends with exit code 1.
"""

import sys
from typing import Any

import jsonschema
import kserve_schema
import kubernetes_validate
import yaml
from cloudcoil.models.keda.v1alpha1 import ScaledObject
from cloudcoil.models.prometheus_operator.v1 import ServiceMonitor

# The oldest that docs/kubernetes.md promises, and the newest.
KUBERNETES_VERSIONS = ("1.31", "1.37")
CUSTOM_RESOURCES = {"ScaledObject": ScaledObject, "ServiceMonitor": ServiceMonitor}


def error_of(manifest: dict[str, Any]) -> str | None:
    model = CUSTOM_RESOURCES.get(manifest["kind"])
    try:
        if manifest["kind"] == kserve_schema.KIND:
            jsonschema.validate(manifest, kserve_schema.schema())
        elif model is None:
            for version in KUBERNETES_VERSIONS:
                kubernetes_validate.validate(manifest, version, strict=True)
        else:
            known = model.model_validate(manifest).model_dump(by_alias=True, exclude_unset=True)
            if known != manifest:
                return f"the schema knows only {known}"
    except kubernetes_validate.SchemaNotFoundError:
        return "there is no schema of this kind and version"
    except jsonschema.ValidationError as error:
        return f"{error.json_path}: {error.message}"
    except (ValueError, kubernetes_validate.ValidationError) as error:
        return str(error)
    return None


errors = [
    f"{manifest['kind']}: {error}"
    for manifest in yaml.safe_load_all(sys.stdin)
    if (error := error_of(manifest))
]
if errors:
    sys.exit("\n".join(errors))
