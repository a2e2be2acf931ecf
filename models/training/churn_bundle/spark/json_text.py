"""Writes values as JavaScript's ``JSON.stringify`` does, so that errors read as the service's."""

import json
import re
from decimal import Decimal

SURROGATE = re.compile(r"[\ud800-\udfff]")


def json_text(value: bool | float | str) -> str:
    """Writes a value as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return text(value) if isinstance(value, str) else number(value)


def text(value: str) -> str:
    """Writes a text as JSON; half a surrogate pair is escaped."""
    quoted = json.dumps(value, ensure_ascii=False)
    return SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def number(value: float) -> str:
    """Writes a finite number (ECMA-262, Number::toString)."""
    value = float(value)
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    figures = "".join(map(str, digits)).rstrip("0")
    # The value is 0.FIGURES x 10^point.
    point = len(digits) + int(exponent)
    if len(figures) <= point <= 21:
        written = figures + "0" * (point - len(figures))
    elif 0 < point <= 21:
        written = f"{figures[:point]}.{figures[point:]}"
    elif -6 < point <= 0:
        written = f"0.{'0' * -point}{figures}"
    else:
        fraction = f".{figures[1:]}" if len(figures) > 1 else ""
        written = f"{figures[0]}{fraction}e{point - 1:+d}"
    return f"-{written}" if sign else written


def utf16_units(value: str) -> int:
    """Gives a text's length as JavaScript counts it."""
    return len(value.encode("utf-16-le", "surrogatepass")) // 2


def first_utf16_units(value: str, most: int) -> str:
    """Cuts a text as JavaScript's ``slice`` does, also within a surrogate pair."""
    return value.encode("utf-16-le", "surrogatepass")[: 2 * most].decode(
        "utf-16-le", "surrogatepass"
    )
