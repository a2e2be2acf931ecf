"""Adds nodes to a graph that skl2onnx is making."""

import numpy as np
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Scope


class Nodes:
    """Adds nodes to a converted model."""

    def __init__(self, scope: Scope, container: ModelComponentContainer) -> None:
        """Takes what skl2onnx gives to a converter."""
        self.scope = scope
        self.container = container

    def add(self, kind: str, inputs: list[str], output: str | None = None, **more: object) -> str:
        """Adds a node and gives the name of its output."""
        output = output or self.scope.get_unique_variable_name("churn")
        name = self.scope.get_unique_operator_name(kind)
        more = {"op_version": 13} | more
        self.container.add_node(kind, inputs, output, name=name, **more)
        return output

    def constant(self, values: np.ndarray, tensor_type: int) -> str:
        """Adds an initializer and gives its name."""
        name = self.scope.get_unique_variable_name("table")
        self.container.add_initializer(name, tensor_type, values.shape, values.ravel())
        return name
