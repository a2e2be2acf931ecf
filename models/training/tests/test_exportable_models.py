"""docs/exportable-models.md says of each kind of model what an export of it shows."""

from pathlib import Path

import pytest

from catalogue import Kind
from catalogue_models import MODELS
from catalogue_steps import STEPS
from exportability import Outcome, try_export
from exportable_table import HOW_TO_WRITE, REFUSED, SERVED, cell, rows_under

KINDS = {kind.name: kind for kind in [*MODELS, *STEPS]}


@pytest.fixture(scope="module")
def served() -> dict[str, str]:
    return rows_under(SERVED)


@pytest.fixture(scope="module")
def refused() -> dict[str, str]:
    return rows_under(REFUSED)


def test_the_page_has_each_kind_once(served: dict[str, str], refused: dict[str, str]) -> None:
    assert sorted([*served, *refused]) == sorted(KINDS), HOW_TO_WRITE
    assert len(KINDS) == len(MODELS) + len(STEPS) >= 46


@pytest.mark.parametrize("name", KINDS)
def test_the_page_is_right(
    name: str, served: dict[str, str], refused: dict[str, str], tmp_path: Path
) -> None:
    kind: Kind = KINDS[name]
    outcome: Outcome = try_export(kind, tmp_path)
    if outcome.refusal is not None:
        assert refused.get(name) == cell(outcome.refusal), HOW_TO_WRITE
        assert list(tmp_path.iterdir()) == []
    else:
        worst = outcome.differences.max()
        assert name in served, HOW_TO_WRITE
        assert outcome.keeps(served[name]), f"{served[name]} is said of {worst:.3g}: {HOW_TO_WRITE}"
