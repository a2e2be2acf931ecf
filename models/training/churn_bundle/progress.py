"""Says on stderr what takes long, so that nobody takes an export for a hung one."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from churn_bundle.estimators import estimators_in

FIRST_NOTICE_S = 5.0
NEXT_NOTICES_S = 30.0


@contextmanager
def notice_if_slow(
    doing: str, reason: str, first_s: float = FIRST_NOTICE_S, next_s: float = NEXT_NOTICES_S
) -> Iterator[None]:
    """Prints a line after ``first_s`` seconds, and one every ``next_s`` after that.

    Args:
        doing: what is done, such as "converting and proving Pipeline".
        reason: why it may take long; empty if nobody knows.
        first_s: seconds until the first line.
        next_s: seconds between the others.
    """
    started, done = time.monotonic(), threading.Event()
    because = f" ({reason})" if reason else ""

    def watch() -> None:
        wait_s = first_s
        while not done.wait(wait_s):
            elapsed_s = time.monotonic() - started
            print(f"still {doing} after {elapsed_s:.0f} s{because}", file=sys.stderr, flush=True)
            wait_s = next_s

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def size_in_words(model: object) -> str:
    """Says what makes a model's graph large: trees, support vectors, or rows that it remembers."""
    trees = nodes = vectors = rows = 0
    for estimator in estimators_in(model):
        tree = getattr(estimator, "tree_", None)
        if hasattr(tree, "node_count"):
            trees, nodes = trees + 1, nodes + tree.node_count
        trees += boosted_trees(estimator)
        vectors += len(getattr(estimator, "support_vectors_", ()))
        fitted = getattr(estimator, "_fit_X", None)
        rows += 0 if fitted is None else len(fitted)
    parts = [f"{trees:,} trees" + (f" of {nodes:,} nodes" if nodes else "")] if trees else []
    parts += [f"{vectors:,} support vectors"] if vectors else []
    parts += [f"{rows:,} remembered rows"] if rows else []
    return f"it has {' and '.join(parts)}" if parts else ""


def boosted_trees(estimator: Any) -> int:  # noqa: ANN401
    """Counts the trees of a booster of another library, or of histogram boosting."""
    if hasattr(estimator, "_predictors"):
        return sum(len(each) for each in estimator._predictors)
    package = type(estimator).__module__.split(".")[0]
    if package == "lightgbm" and hasattr(estimator, "booster_"):
        return estimator.booster_.num_trees()
    if package == "xgboost" and hasattr(estimator, "_Booster"):
        return estimator.get_booster().num_boosted_rounds()
    return (estimator.tree_count_ or 0) if package == "catboost" else 0
