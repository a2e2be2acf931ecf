"""Makes the SYNTHETIC customers on which the sample model is trained.

No real person, company or data set stands behind these rows. Each customer is drawn on its own:

    tenure_months      gamma, shape 1.3 and mean 35 months, cut at 120
    num_products       1 + binomial(9, 0.14), so most customers have one to three
    monthly_charges    USD: 32 + 12 per product + normal noise of 24, cut to 15..300
    total_charges      tenure * monthly, times lognormal noise of 5 % (past prices differed)
    has_support_calls  Bernoulli, 35 % in the first year and 22 % later

    log-odds(churn) = 0.35 - 0.045 * tenure_months + 0.025 * (monthly_charges - 65)
                      - 0.45 * (num_products - 1) + 1.6 * has_support_calls

so churn falls with tenure and with products, and rises with the charge and a recent support call.
The log-odds are linear on purpose: a reader can compare a fitted model with the truth above.
"""

import numpy as np
import pandas as pd

FEATURES = [
    "tenure_months",
    "monthly_charges",
    "total_charges",
    "num_products",
    "has_support_calls",
]
LABEL = "churn"


def make_customers(rows: int, seed: int) -> pd.DataFrame:
    """Draws customers and whether each one churned.

    Args:
        rows: number of customers.
        seed: of NumPy's generator; the same seed gives the same customers.

    Returns:
        ``rows`` x 6: the features in the order of ``FEATURES``, then ``LABEL`` (0 or 1).
        Charges are in USD and rounded to cents.
    """
    random = np.random.default_rng(seed)
    tenure = np.minimum(random.gamma(1.3, 35 / 1.3, rows), 120).astype(int)
    products = 1 + random.binomial(9, 0.14, rows)
    monthly = np.clip(32 + 12 * products + random.normal(0, 24, rows), 15, 300).round(2)
    total = (tenure * monthly * random.lognormal(0, 0.05, rows)).round(2)
    support = random.binomial(1, np.where(tenure < 12, 0.35, 0.22))
    log_odds = (
        0.35 - 0.045 * tenure + 0.025 * (monthly - 65) - 0.45 * (products - 1) + 1.6 * support
    )
    churn = random.binomial(1, 1 / (1 + np.exp(-log_odds)))
    columns = [tenure, monthly, total, products, support, churn]
    return pd.DataFrame(dict(zip([*FEATURES, LABEL], columns, strict=True)))
