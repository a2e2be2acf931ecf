"""Makes SYNTHETIC customers with 19 features: numbers, booleans, texts and missing values."""

import numpy as np
import pandas as pd

NUMBERS = ["tenure", "Monthly Charges", "total_charges"]
BOOLEANS = ["senior", "partner", "paperless"]
TEXTS = {
    "gender": ["Female", "Male"],
    "dependents": ["No", "Yes"],
    "phone": ["No", "Yes"],
    "lines": ["No", "No phone service", "Yes"],
    "internet": ["DSL", "Fiber optic", "No"],
    "security": ["No", "No internet service", "Yes"],
    "backup": ["No", "No internet service", "Yes"],
    "protection": ["No", "No internet service", "Yes"],
    "support": ["No", "No internet service", "Yes"],
    "tv": ["No", "No internet service", "Yes"],
    "movies": ["No", "No internet service", "Yes"],
    "contract": ["Month-to-month", "One year", "Two year"],
    "a.b/c~größe": ["Überweisung", "Bank transfer", "Credit card", "Mailed check"],
}
FEATURES = [*NUMBERS, *BOOLEANS, *TEXTS]
WITH_MISSING = ["total_charges", "contract", "a.b/c~größe"]


def make_mixed(rows: int, seed: int, *, missing: bool = True) -> tuple[pd.DataFrame, pd.Series]:
    """Draws customers and the labels No and Yes; with ``missing``, some values are missing."""
    random = np.random.default_rng(seed)
    tenure = random.integers(0, 73, rows)
    monthly = random.normal(65, 25, rows).clip(15, 120).round(2)
    table = pd.DataFrame({"tenure": tenure, "Monthly Charges": monthly})
    table["total_charges"] = (tenure * monthly).round(2)
    for name in BOOLEANS:
        table[name] = random.random(rows) < 0.4
    for name, texts in TEXTS.items():
        table[name] = random.choice(np.array(texts, dtype=object), rows)
    log_odds = (
        -0.05 * tenure
        + 0.02 * monthly
        + 1.2 * (table["contract"] == "Month-to-month")
        - 0.9 * (table["contract"] == "Two year")
        + 0.6 * (table["internet"] == "Fiber optic")
        - 0.7 * (table["a.b/c~größe"] == "Credit card")
        + 0.5 * table["senior"]
    )
    churn = random.random(rows) < 1 / (1 + np.exp(-log_odds))
    if missing:
        for name in WITH_MISSING:
            table[name] = table[name].where(random.random(rows) > 0.05)
    return table, pd.Series(np.where(churn, "Yes", "No"), name="Churn")
