"""ONNX nodes for the quantiles of the standard normal distribution.

The rational functions and their coefficients are those of Wichura (1988), "Algorithm AS 241: The
Percentage Points of the Normal Distribution", Applied Statistics 37 (3), 477-484, good to 1e-16.
The third one, for probabilities below 1.4e-11, is left out: none is below 1e-7 here.
"""

from typing import NamedTuple

import numpy as np
from onnx import TensorProto

from churn_bundle.graph_nodes import Nodes

MIDDLE = 0.425


class Rational(NamedTuple):
    """Coefficients of a quotient of polynomials, the highest power first."""

    numerator: tuple[float, ...]
    denominator: tuple[float, ...]


# Of 0.425² - (p - 0.5)², for p within 0.425 of 0.5; to multiply by p - 0.5.
CENTRE = Rational(
    (
        2509.0809287301226727,
        33430.575583588128105,
        67265.770927008700853,
        45921.953931549871457,
        13731.693765509461125,
        1971.5909503065514427,
        133.14166789178437745,
        3.3871328727963666080,
    ),
    (
        5226.4952788528545610,
        28729.085735721942674,
        39307.895800092710610,
        21213.794301586595867,
        5394.1960214247511077,
        687.18700749205790830,
        42.313330701600911252,
        1.0,
    ),
)
# Of sqrt(-log(least of p and 1 - p)) - 1.6, elsewhere.
TAIL = Rational(
    (
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258,
        3.64784832476320460504,
        5.76949722146069140550,
        4.63033784615654529590,
        1.42343711074968357734,
    ),
    (
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940,
        2.05319162663775882187,
        1.0,
    ),
)


def number(nodes: Nodes, value: float) -> str:
    """Adds one float64."""
    return nodes.constant(np.array([value]), TensorProto.DOUBLE)


def polynomial(nodes: Nodes, values: str, coefficients: tuple[float, ...]) -> str:
    """Adds a polynomial by Horner's rule."""
    total = number(nodes, coefficients[0])
    for coefficient in coefficients[1:]:
        product = nodes.add("Mul", [total, values], op_version=14)
        total = nodes.add("Add", [product, number(nodes, coefficient)], op_version=14)
    return total


def quotient(nodes: Nodes, values: str, rational: Rational) -> str:
    """Adds a quotient of polynomials."""
    parts = [polynomial(nodes, values, each) for each in rational]
    return nodes.add("Div", parts, op_version=14)


def add_normal_quantile(nodes: Nodes, probabilities: str) -> str:
    """Adds the quantiles of probabilities of 1e-7 to 1 - 1e-7, float64 of any shape."""
    distance = nodes.add("Sub", [probabilities, number(nodes, 0.5)], op_version=14)
    square = nodes.add("Mul", [distance, distance], op_version=14)
    near = nodes.add("Sub", [number(nodes, MIDDLE**2), square], op_version=14)
    centre = nodes.add("Mul", [quotient(nodes, near, CENTRE), distance], op_version=14)

    other = nodes.add("Sub", [number(nodes, 1.0), probabilities], op_version=14)
    least = nodes.add("Min", [probabilities, other])
    root = nodes.add("Sqrt", [nodes.add("Neg", [nodes.add("Log", [least])])])
    far = nodes.add("Sub", [root, number(nodes, 1.6)], op_version=14)
    sign = nodes.add("Sign", [distance])
    tail = nodes.add("Mul", [quotient(nodes, far, TAIL), sign], op_version=14)

    size = nodes.add("Abs", [distance])
    is_near = nodes.add("LessOrEqual", [size, number(nodes, MIDDLE)], op_version=16)
    return nodes.add("Where", [is_near, centre, tail], op_version=9)
