"""What a text stands for where all values are texts, as in a CSV file without a schema.

The same as src/bundle/text-value.ts, except that an empty text of a category is a text: Spark tells
it from a missing one.
"""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churn_bundle.spark.field_check import Value
from churn_bundle.spark.served_feature import ServedFeature

# What JavaScript's \s matches.
WHITE_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
DECIMAL = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
IS_DECIMAL = re.compile(DECIMAL)
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def value_of_text(feature: ServedFeature, text: str) -> Value:
    """Gives the value that a text stands for; the text itself if it is none of the type."""
    if feature.type == "category":
        return text
    if not text:
        return None
    if feature.type == "boolean":
        return BOOLEANS.get(text.lower(), text)
    number = text.strip(WHITE_SPACE)
    return float(number) if IS_DECIMAL.fullmatch(number) else text


def numbers_of_texts(feature: ServedFeature, texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Takes texts for numbers, or for the booleans 1 and 0.

    Returns:
        float64 [N], NaN for what is missing or no number; and bool [N], which are no number.
    """
    try:
        stand_for = booleans_by_arrow if feature.type == "boolean" else numbers_by_arrow
        numbers = stand_for(texts)
    except pa.ArrowInvalid:  # A number beyond the range of a double, or bytes that are no text.
        return numbers_one_by_one(feature, texts)
    is_text = pc.fill_null(pc.not_equal(texts, ""), False)
    strays = pc.and_(is_text, pc.is_null(numbers)).to_numpy(zero_copy_only=False)
    return numbers.to_numpy(zero_copy_only=False), strays


def numbers_by_arrow(texts: pa.Array) -> pa.Array:
    """Parses decimal numbers; null for all else."""
    trimmed = pc.utf8_trim(texts, characters=WHITE_SPACE)
    is_decimal = pc.match_substring_regex(trimmed, f"^{DECIMAL}$")
    decimals = pc.if_else(is_decimal, pc.utf8_ltrim(trimmed, characters="+"), None)
    return pc.cast(decimals, pa.float64())


def booleans_by_arrow(texts: pa.Array) -> pa.Array:
    """Parses booleans; null for all else."""
    places = pc.index_in(pc.utf8_lower(texts), pa.array(BOOLEANS, texts.type))
    return pa.array([float(value) for value in BOOLEANS.values()]).take(places)


def numbers_one_by_one(feature: ServedFeature, texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Takes texts for numbers, slowly."""
    values = [None if text is None else value_of_text(feature, text) for text in decoded(texts)]
    strays = np.array([isinstance(value, str) for value in values], dtype=bool)
    numbers = [np.nan if value is None or isinstance(value, str) else value for value in values]
    return np.array(numbers, dtype=np.float64), strays


def decoded(texts: pa.Array) -> list[str | None]:
    """Decodes texts; bytes that are no UTF-8 become half surrogate pairs, which are refused."""
    return [
        None if value is None else value.decode(errors="surrogateescape")
        for value in texts.cast(pa.binary()).to_pylist()
    ]
