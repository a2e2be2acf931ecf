"""The usual script that scores a file: pandas reads and writes it, scikit-learn scores it."""

import sys

import joblib
import pandas as pd

FEATURES = [
    "tenure_months",
    "monthly_charges",
    "total_charges",
    "num_products",
    "has_support_calls",
]

model_file, source, target = sys.argv[1:]
model = joblib.load(model_file)
customers = pd.read_csv(source, dtype={"customer_id": str})
probability = model.predict_proba(customers[FEATURES])[:, 1]
scores = customers[["customer_id"]].copy()
scores["churn_probability"] = probability.round(4)
scores["churn_prediction"] = probability >= 0.5
TIERS = ["LOW", "MEDIUM", "HIGH"]
scores["risk_tier"] = pd.cut(probability, [-1, 0.4, 0.7, 2], right=False, labels=TIERS)
scores["model_version"] = "1.0.0"
scores.to_csv(target, index=False)
