"""The page of a report says what the metrics of the same rows are, to all readers."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from churn_bundle.cli import main
from report_html import Page
from report_logs import line, weeks_of, write_log
from training import MODELS_FOLDER

ROWS = 1500
WEEKS = 3
TABLES_WITHOUT_OUTCOMES = {
    "data-table",
    "estimated-table",
    "expected-decisions-table",
    "drift-table",
    "drift-weeks-table",
    "volume-table",
}


def report(folder: Path, *more: str) -> Page:
    """Reports on the log in a folder."""
    out = folder / "report.html"
    assert main(["report", "--log", str(folder / "log"), "--out", str(out), *more]) == 0
    return Page(out)


@pytest.fixture(scope="module")
def rows() -> dict[str, np.ndarray]:
    """What stands in the log of the fixture ``page``."""
    lines, churned = weeks_of(ROWS, WEEKS, seed=3)
    probabilities = np.array([each["probability"] for each in lines])
    candidates = np.round(np.clip(probabilities + 0.1 * churned - 0.03, 0.001, 0.999), 6)
    days = np.array([int(each["time"][8:10]) for each in lines])
    known = (np.arange(ROWS) % 5 > 0) & (days < 16)
    return {
        "lines": np.array(lines),
        "churned": churned,
        "probability": probabilities,
        "candidate": candidates,
        "week": (days - 2) // 7,
        "known": known,
    }


@pytest.fixture(scope="module")
def page(rows: dict[str, np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Page:
    """A report on three weeks, the last without outcomes, with a candidate and a bad line."""
    folder = tmp_path_factory.mktemp("report")
    for each, candidate in zip(rows["lines"], rows["candidate"].tolist(), strict=True):
        each["shadow"] = {"model_version": "2.0.0", "model_sha256": "cd", "probability": candidate}
    half = ROWS // 2
    write_log(folder / "log", *rows["lines"][:half], name="predictions-1.ndjson.gz")
    write_log(folder / "log", *rows["lines"][half:], name="predictions-2.ndjson")
    with (folder / "log" / "predictions-2.ndjson").open("a") as file:
        file.write('{"time":')
    outcomes = ["customer_id,churned,segment", "C-x,1,a"]
    outcomes += [f"C-{n},{int(rows['churned'][n])},a" for n in np.flatnonzero(rows["known"])]
    (folder / "outcomes.csv").write_text("\n".join(outcomes))
    return report(folder, "--outcomes", str(folder / "outcomes.csv"))


def auc(rows: dict[str, np.ndarray], which: np.ndarray, name: str = "probability") -> float:
    return roc_auc_score(rows["churned"][which], rows[name][which])


def loss(rows: dict[str, np.ndarray], which: np.ndarray, name: str = "probability") -> float:
    return log_loss(rows["churned"][which], rows[name][which])


def test_the_figures_of_all_rows_are_those_of_scikit_learn(
    page: Page, rows: dict[str, np.ndarray]
) -> None:
    known = rows["known"]
    assert page.by_id["roc-auc"] == pytest.approx([auc(rows, known)], abs=1e-12)
    assert page.by_id["log-loss"] == pytest.approx([loss(rows, known)], abs=1e-12)
    scores, judged, expected, observed, area, lost, *_ = page.row("weeks-table", "all weeks")
    assert (scores, judged) == (ROWS, known.sum())
    assert expected == pytest.approx(rows["probability"][known].mean())
    assert observed == pytest.approx(rows["churned"][known].mean())
    assert (area, lost) == pytest.approx((auc(rows, known), loss(rows, known)))
    assert page.row("versions-table", "1.0.0 (abababab)")[4:6] == [area, lost]


def test_each_week_stands_by_itself(page: Page, rows: dict[str, np.ndarray]) -> None:
    for week, monday in enumerate(("2 Nov 2026", "9 Nov 2026")):
        inside = rows["known"] & (rows["week"] == week)
        found = page.row("weeks-table", monday)
        assert found[:2] == [(rows["week"] == week).sum(), inside.sum()]
        assert found[4:6] == pytest.approx([auc(rows, inside), loss(rows, inside)])
        assert page.row("volume-table", monday)[:3] == [found[0], found[1], found[0]]
    assert page.row("weeks-table", "16 Nov 2026") == [(rows["week"] == 2).sum(), 0]


def test_what_was_read_and_joined_is_told(page: Page, rows: dict[str, np.ndarray]) -> None:
    known = rows["known"].sum()
    told = {
        cells[0]: numbers
        for cells, numbers in zip(
            page.tables["data-table"], page.numbers["data-table"], strict=True
        )
    }
    assert told["log files"] == [2]
    assert told["scores in the log"] == [ROWS]
    assert told["lines that cannot be read"] == [1]
    assert told["outcomes in the file"] == [known + 1, 0]
    assert told["scores with an outcome"] == [known]
    assert told["outcomes never scored"] == [1]
    assert told["scores without an outcome"] == [ROWS - known]
    assert page.tables["faulty-table"][1] == [
        "predictions-2.ndjson",
        "not a JSON object, of which one is the unfinished last line",
        "1",
    ]
    assert (
        "Left out: 1 line of the log cannot be read and 1 outcome belongs to no score." in page.text
    )
    assert "These columns of the outcomes were not used: segment." in page.text


def test_calibration_lift_and_tiers_count_all_rows(page: Page, rows: dict[str, np.ndarray]) -> None:
    known, churned = rows["known"], rows["churned"]
    assert sum(row[0] for row in page.numbers["calibration-table"][1:]) == known.sum()
    tenths = page.numbers["lift-table"][1:]
    assert sum(row[0] for row in tenths) == known.sum()
    assert tenths[-1][-1] == pytest.approx(1)
    marked = known & (rows["probability"] >= 0.5)
    assert page.row("decisions-table", "will churn") == pytest.approx(
        [marked.sum(), churned[marked].sum(), churned[marked].mean()]
    )
    high = known & (rows["probability"] >= 0.7)
    assert page.row("tiers-table", "HIGH")[:2] == [high.sum(), churned[high].sum()]


def test_estimates_are_of_all_scores(page: Page, rows: dict[str, np.ndarray]) -> None:
    found = page.row("estimated-table", "16 Nov 2026")
    inside = rows["probability"][rows["week"] == 2]
    assert found[:2] == pytest.approx([len(inside), inside.mean()])
    decisions = page.numbers["expected-decisions-table"][1:]
    assert np.sum(decisions) == pytest.approx(ROWS)
    assert "No outcome is known of 1 week. If the scores are calibrated, the ROC AUC" in page.text
    assert "cannot see concept drift" in page.text
    assert "This assumes that the probabilities are calibrated." in page.text


def test_the_candidate_is_measured_beside_the_champion(
    page: Page, rows: dict[str, np.ndarray]
) -> None:
    known, table = rows["known"], "candidate-0-table"
    areas = auc(rows, known), auc(rows, known, "candidate")
    found = page.row(table, "ROC AUC (higher is better)")
    assert found == pytest.approx([*areas, areas[1] - areas[0]], abs=1e-12)
    losses = loss(rows, known), loss(rows, known, "candidate")
    found = page.row(table, "log loss (lower is better)")
    assert found == pytest.approx([*losses, losses[1] - losses[0]], abs=1e-12)
    first = known & (rows["week"] == 0)
    found = page.row("candidate-0-weeks-table", "2 Nov 2026")
    assert found[:3] == pytest.approx(
        [first.sum(), auc(rows, first), auc(rows, first, "candidate")]
    )
    assert "The candidate 2.0.0 is better than the champion" in page.text


def test_flips_of_decisions_are_counted(page: Page, rows: dict[str, np.ndarray]) -> None:
    threshold = rows["probability"][rows["probability"] >= 0.5].min()
    flipped = (rows["probability"] < threshold) & (rows["candidate"] >= threshold)
    judged = flipped & rows["known"]
    found = page.row("candidate-0-flips-table", "champion: will stay, candidate: will churn")
    assert found[:3] == [flipped.sum(), judged.sum(), rows["churned"][judged].sum()]
    assert found[0] > 0


def check_standing(page: Page) -> None:
    """Asserts that a page needs nothing else, and that all readers get it."""
    assert not {"script", "link", "iframe", "img", "object", "form"} & set(page.tags)
    for attributes in page.attributes:
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            assert name != "src", value
            if name.endswith("href"):
                assert value.startswith("#"), value
    ids = [each["id"] for each in page.attributes if "id" in each]
    assert len(ids) == len(set(ids))
    references = [each.get("href") or each.get("xlink:href") for each in page.attributes]
    assert {each.removeprefix("#") for each in references if each} <= set(ids)
    for tag, attributes in zip(page.tags, page.attributes, strict=True):
        if tag == "svg":
            assert attributes["role"] == "img"
            assert set(attributes["aria-labelledby"].split()) <= set(ids)
        if tag == "th":
            assert attributes["scope"] in ("row", "col")
    assert page.tags.count("caption") == page.tags.count("table")
    assert page.tags.count("figure") == page.tags.count("svg") == page.tags.count("figcaption")
    assert page.tags.count("h1") == 1
    assert ("html", {"lang": "en"}) in zip(page.tags, page.attributes, strict=True)
    for rows in page.tables.values():
        assert len({len(cells) for cells in rows}) == 1


def test_the_page_stands_alone_and_is_accessible(page: Page) -> None:
    check_standing(page)
    assert page.tags.count("svg") == 6


def test_before_outcomes_the_page_has_estimates_only(tmp_path: Path) -> None:
    lines, _ = weeks_of(300, 2, seed=4)
    write_log(tmp_path / "log", *lines)
    page = report(tmp_path)
    check_standing(page)
    assert set(page.tables) == TABLES_WITHOUT_OUTCOMES
    assert "No outcome is known yet." in page.text
    assert "If the scores are calibrated, the ROC AUC will be 0." in page.text


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"probability": 0.0, "prediction": False, "id": None, "features": {}},
        {"probability": 1.0, "model_sha256": None, "risk_tier": None, "features": None},
    ],
)
@pytest.mark.parametrize(
    ("outcome", "more"),
    [
        ("r-1,1", ["--bundle", str(MODELS_FOLDER / "churn_model.manifest.json")]),
        ("r-9,0", []),
    ],
)
def test_one_score_is_enough_for_a_page(
    tmp_path: Path, changes: dict[str, Any], outcome: str, more: list[str]
) -> None:
    shadow = {"model_version": "2", "model_sha256": "e", "probability": 0.5}
    write_log(tmp_path / "log", line(shadow=shadow, **changes))
    (tmp_path / "outcomes.csv").write_text(f"request_id,churned\n{outcome}\n")
    check_standing(report(tmp_path, "--outcomes", str(tmp_path / "outcomes.csv"), *more))


def test_a_manifest_adds_its_metrics_and_tells_of_other_models(tmp_path: Path) -> None:
    write_log(tmp_path / "log", line())
    (tmp_path / "outcomes.csv").write_text("customer_id,churned\nC-1,1\n")
    bundle = ["--bundle", str(MODELS_FOLDER / "churn_model.manifest.json")]
    page = report(tmp_path, "--outcomes", str(tmp_path / "outcomes.csv"), *bundle)
    assert "churn_model 1.0.0 had a ROC AUC of 0.823 and a log loss of 0.435." in page.text
    assert "may have learned from other data: 1.0.0 (abababab)." in page.text


def test_names_of_strangers_are_text_and_nothing_else(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>&\"'$x$"
    lines = [
        line(
            row=row,
            time=f"2026-11-{2 + 7 * (row % 2):02}T08:00:00.000Z",
            features={hostile: hostile, "n": row},
            model_version=hostile,
            shadow={"model_version": hostile, "model_sha256": "e", "probability": 0.5},
        )
        for row in range(40)
    ]
    write_log(tmp_path / "log", *lines)
    (tmp_path / "outcomes.csv").write_text(
        f'customer_id,churned,"{hostile.replace(chr(34), "")}"\nC-1,1,x\n'
    )
    page = report(tmp_path, "--outcomes", str(tmp_path / "outcomes.csv"))
    check_standing(page)
    assert hostile in page.text
    assert any(cells[0] == hostile for cells in page.tables["drift-table"])


def test_numbers_for_people_and_for_machines_are_the_same(page: Page, tmp_path: Path) -> None:
    lines, _ = weeks_of(200, 1, seed=5)
    write_log(tmp_path / "log", *lines)
    report(tmp_path)
    text = (tmp_path / "report.html").read_text()
    pairs = re.findall(r'<data value="([^"]+)">([^<]+)</data>', text)
    assert len(pairs) > 20
    for full, shown in pairs:
        number = shown.replace(",", "").replace("\N{MINUS SIGN}", "-")
        is_percent = number.endswith("%")
        value = float(full) * (100 if is_percent else 1)
        number = number.removesuffix("%").strip()
        digits = len(number.partition(".")[2])
        assert abs(value - float(number)) <= 0.5 * 10**-digits + 1e-9
