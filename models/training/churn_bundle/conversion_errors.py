"""Says in words why a model cannot be converted: which step, the cause and a way out."""

import re
from collections.abc import Iterator

from sklearn.pipeline import Pipeline

from churn_bundle.errors import ExportError, first_line
from churn_bundle.raw_steps import join
from churn_bundle.step_paths import step_paths
from churn_bundle.ways_out import WAYS_OUT, way_out

UNKNOWN = re.compile(
    r"Unable to find (?:a shape calculator for type|alias for model) '<class '(.+)'>"
)
# skl2onnx says it of the step after a model that is no last step.
TWO_OUTPUTS = re.compile(r"at most 1 input\(s\) is\(are\) supported but we got 2")
# What a message says, and what that means.
CAUSES = (
    (UNKNOWN, "it has no form in ONNX"),
    (TWO_OUTPUTS, "it has a form as the last step only"),
    (
        re.compile("sparse", re.IGNORECASE),
        "its output is a sparse matrix, which ONNX does not have",
    ),
    (re.compile("opset"), "its form needs another version of ONNX than the service's"),
    (re.compile("ONNXRuntimeError"), "ONNX Runtime does not run its form"),
)


def conversion_refusal(error: Exception, model: object) -> ExportError:
    """Makes of whatever a converter raised an error that a person can act on.

    Args:
        error: what skl2onnx, onnxmltools, ONNX Runtime or a converter of ours raised.
        model: the source model.
    """
    path, step = place_of(error, model)
    names = (
        [type(step).__name__]
        if step is not None
        else [*class_names(failing_step(error)), *named_class(error)]
    )
    where = f"the step {path} ({names[0]})" if path else names[0]
    is_model = step is None or hasattr(step, "predict_proba")
    return ExportError(f"{where} cannot be exported: {cause_of(error, names[0], is_model)}")


def place_of(error: Exception, model: object) -> tuple[str, object | None]:
    """Finds the step that an error is about with its path, else the model.

    The step is None if the error is about a class of which no step of the model is.
    """
    steps = list(step_paths(model))
    if TWO_OUTPUTS.search(str(error)):
        return next(models_between(steps), steps[0])
    names = class_names(failing_step(error)) or named_class(error)
    known = names or WAYS_OUT
    found = (step for step in steps if type(step[1]).__name__ in known)
    return next(found, ("", None) if names else steps[0])


def models_between(steps: list[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    """Yields the models in Pipelines that are not their last steps."""
    for path, pipeline in steps:
        for name, step in pipeline.steps[:-1] if isinstance(pipeline, Pipeline) else []:
            if hasattr(step, "predict"):
                yield join(path, name), step


def failing_step(error: BaseException) -> object | None:
    """Finds the estimator that was being converted, in the innermost frame that holds one."""
    found = None
    trace = error.__traceback__
    while trace is not None:
        operator = trace.tb_frame.f_locals.get("operator")
        found = getattr(operator, "raw_operator", None) or found
        trace = trace.tb_next
    return found


def class_names(step: object | None) -> list[str]:
    """Gives the name of a step's class; where the exporter made it one of its own, of its base."""
    if step is None:
        return []
    kind = type(step)
    return [
        kind.__base__.__name__ if kind.__module__.startswith("churn_bundle.") else kind.__name__
    ]


def named_class(error: Exception) -> list[str]:
    """Gives the name of the class that a message of skl2onnx names."""
    match = UNKNOWN.search(str(error))
    return [match.group(1).rsplit(".")[-1]] if match else []


def cause_of(error: Exception, kind: str, is_model: bool) -> str:
    """Says a cause and a way out."""
    if isinstance(error, ExportError):
        return str(error)
    line = first_line(error)
    causes = (cause for pattern, cause in CAUSES if pattern.search(line))
    return f"{next(causes, f'its converter says {line!r}')}; {way_out(kind, is_model)}"
