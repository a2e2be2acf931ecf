"""Makes the SYNTHETIC telephone and internet customers on which the telco model is trained.

No real person, company or data set stands behind these rows. The columns are shaped like those of
the public Telco churn table; every number here is invented. ``p`` is a probability. Each customer
is drawn on its own:

    gender             Female or Male, p 0.5 each
    senior_citizen     p 0.16
    has_partner        p 0.48
    has_dependents     p 0.52 with a partner, 0.12 without
    contract           Month-to-month p 0.54, One year 0.22, Two year 0.24
    tenure_months      gamma, cut at 72 and rounded down: shape 1 and mean 20 on Month-to-month,
                       shape 3 and mean 40 on One year, shape 6 and mean 54 on Two year
    internet_service   DSL p 0.35, Fiber optic 0.44, No internet 0.21
    phone_service      p 0.88 with internet, else always
    multiple_lines     Yes p 0.25 + 0.006 * tenure_months, else No; No phone service without phone
    online_security, online_backup, device_protection, tech_support
                       Yes p 0.22 + 0.004 * tenure_months, 0.08 more on DSL, else No;
                       No internet without internet
    streaming_tv       Yes p 0.35 + 0.003 * tenure_months, else No; No internet without internet
    streaming_movies   Yes p 0.75 if streaming_tv is Yes, else 0.22; No internet without internet
    paperless_billing  p 0.68 with internet, 0.30 without
    payment_method     on Fiber optic: Electronic check p 0.48, Mailed check 0.12,
                       Bank transfer (automatic) 0.20, Credit card (automatic) 0.20; on others:
                       0.22, 0.32, 0.23, 0.23
    monthly_charges    USD: 20 for the phone, 5 for multiple lines, 25 for DSL, 50 for Fiber optic,
                       5 for each of the four services, 10 for each kind of streaming, and normal
                       noise of 4, cut to 15..150
    total_charges      USD: tenure * monthly, times lognormal noise of 6 % (past prices differed)

Charges are rounded to 25 cents. float32 holds such amounts exactly, and the midpoints between them,
at which trees split. So the float32 graph splits every customer as its float64 source does, also
those with charges in cents.

Steps and interactions drive churn, so that a linear model cannot say all of it:

    log-odds(churn) = -2.7
        + on Month-to-month: 1.2 + 2.0 * exp(-tenure_months / 5)
        + on One year: 1.4 if tenure_months is 10 to 13 (the contract ends), else 0
        - on Two year: 1.0
        + with internet: 1.1 without any of the four services, -0.9 with three or four
        + on Fiber optic without tech_support: 0.5, and 1.1 more on Month-to-month
        + 1.2 if monthly_charges are above 85 and tenure_months are below 24
        + 1.0 if Electronic check and not paperless_billing
        + 1.0 if senior_citizen without partner
        - 0.9 if has_dependents and tenure_months are 12 or more

``gender``, the phone and the streaming have no effect of their own. Last, some values get lost.
What is lost still had its effect on churn:

    total_charges      missing for every customer of tenure 0, and for 1 % of the others
    payment_method     missing for 3 %
    has_dependents     missing for 4 %
    paperless_billing  missing for 2 %
"""

from typing import Any

import numpy as np
import pandas as pd

LABEL = "churn"
NUMBERS = ["tenure_months", "monthly_charges", "total_charges"]
BOOLEANS = [
    "senior_citizen",
    "has_partner",
    "has_dependents",
    "phone_service",
    "paperless_billing",
]
SERVICES = ["online_security", "online_backup", "device_protection", "tech_support"]
CATEGORIES = [
    "gender",
    "multiple_lines",
    "internet_service",
    *SERVICES,
    "streaming_tv",
    "streaming_movies",
    "contract",
    "payment_method",
]
FEATURES = [
    "gender",
    "senior_citizen",
    "has_partner",
    "has_dependents",
    "tenure_months",
    "phone_service",
    "multiple_lines",
    "internet_service",
    *SERVICES,
    "streaming_tv",
    "streaming_movies",
    "contract",
    "paperless_billing",
    "payment_method",
    "monthly_charges",
    "total_charges",
]

CONTRACTS = ["Month-to-month", "One year", "Two year"]
CONTRACT_SHARES = [0.54, 0.22, 0.24]
TENURE_SHAPES = np.array([1.0, 3.0, 6.0])
TENURE_MEANS = np.array([20.0, 40.0, 54.0])
INTERNET = ["DSL", "Fiber optic", "No internet"]
INTERNET_SHARES = [0.35, 0.44, 0.21]
PAYMENTS = [
    "Electronic check",
    "Mailed check",
    "Bank transfer (automatic)",
    "Credit card (automatic)",
]
PAYMENT_SHARES_ON_FIBER = [0.48, 0.12, 0.20, 0.20]
PAYMENT_SHARES = [0.22, 0.32, 0.23, 0.23]
LOST_SHARES = {
    "total_charges": 0.01,
    "payment_method": 0.03,
    "has_dependents": 0.04,
    "paperless_billing": 0.02,
}


def make_customers(rows: int, seed: int) -> pd.DataFrame:
    """Draws customers and whether each one churned.

    Args:
        rows: number of customers.
        seed: of NumPy's generator; the same seed gives the same customers.

    Returns:
        ``rows`` x 20: the features in the order of ``FEATURES``, then ``LABEL`` (Yes or No). It is
        as ``pandas.read_csv`` gives it: texts are str, booleans are bool, and a missing value is
        NaN, so that a column with missing texts or booleans is of the type object.
    """
    random = np.random.default_rng(seed)
    customers = draw_features(rows, random)
    log_odds = churn_log_odds(customers)
    churns = random.random(rows) < 1 / (1 + np.exp(-log_odds))
    customers = lose_values(customers, random)
    customers[LABEL] = yes_or_no(churns)
    return customers


def as_table(customers: list[dict[str, Any]]) -> pd.DataFrame:
    """Makes the table that the model takes from customers as JSON says them.

    pandas alone would make a column without any text a float one, which the model cannot encode,
    and keep None, which it would not know as a missing text.

    Args:
        customers: values by feature; a missing one is None or left out.

    Returns:
        One row per customer, in the order of ``FEATURES``. Columns are of the type object but for
        the numbers; what is missing is NaN.
    """
    table = pd.DataFrame(customers, columns=FEATURES, dtype=object)
    table = table.where(table.notna(), np.nan)
    return table.astype({name: float for name in NUMBERS})


def draw_features(rows: int, random: np.random.Generator) -> pd.DataFrame:
    """Draws all features, none missing."""
    partner = random.random(rows) < 0.48
    contract = random.choice(3, rows, p=CONTRACT_SHARES)
    shape = TENURE_SHAPES[contract]
    tenure = random.gamma(shape, TENURE_MEANS[contract] / shape).clip(max=72).astype(int)
    internet = random.choice(3, rows, p=INTERNET_SHARES)
    is_dsl, is_fiber, is_offline = (internet == kind for kind in range(3))
    phone = is_offline | (random.random(rows) < 0.88)
    lines = random.random(rows) < 0.25 + 0.006 * tenure
    services = {
        name: random.random(rows) < 0.22 + 0.004 * tenure + 0.08 * is_dsl for name in SERVICES
    }
    tv = random.random(rows) < 0.35 + 0.003 * tenure
    movies = random.random(rows) < np.where(tv, 0.75, 0.22)
    payment = np.where(
        is_fiber,
        random.choice(PAYMENTS, rows, p=PAYMENT_SHARES_ON_FIBER),
        random.choice(PAYMENTS, rows, p=PAYMENT_SHARES),
    )
    extras = 5 * sum(services.values()) + 10 * tv + 10 * movies
    list_price = (
        20 * phone + 5 * (phone & lines) + 25 * is_dsl + 50 * is_fiber + ~is_offline * extras
    )
    monthly = round_to_25_cents((list_price + random.normal(0, 4, rows)).clip(15, 150))
    drawn = {
        "gender": random.choice(["Female", "Male"], rows),
        "senior_citizen": random.random(rows) < 0.16,
        "has_partner": partner,
        "has_dependents": random.random(rows) < np.where(partner, 0.52, 0.12),
        "tenure_months": tenure,
        "phone_service": phone,
        "multiple_lines": np.where(phone, yes_or_no(lines), "No phone service"),
        "internet_service": np.array(INTERNET)[internet],
        **{
            name: np.where(is_offline, "No internet", yes_or_no(has))
            for name, has in {**services, "streaming_tv": tv, "streaming_movies": movies}.items()
        },
        "contract": np.array(CONTRACTS)[contract],
        "paperless_billing": random.random(rows) < np.where(is_offline, 0.30, 0.68),
        "payment_method": payment,
        "monthly_charges": monthly,
        "total_charges": round_to_25_cents(tenure * monthly * random.lognormal(0, 0.06, rows)),
    }
    table = pd.DataFrame({name: drawn[name] for name in FEATURES})
    return table.astype({name: object for name in CATEGORIES})


def churn_log_odds(customers: pd.DataFrame) -> np.ndarray:
    """Gives the log-odds of churn, float [N], of customers without missing values."""
    tenure = customers["tenure_months"]
    monthly, one_year, two_year = (customers["contract"] == kind for kind in CONTRACTS)
    is_online = customers["internet_service"] != "No internet"
    services = (customers[SERVICES] == "Yes").sum(axis=1)
    is_fiber = customers["internet_service"] == "Fiber optic"
    unsupported_fiber = is_fiber & (customers["tech_support"] == "No")
    log_odds = (
        -2.7
        + monthly * (1.2 + 2.0 * np.exp(-tenure / 5))
        + 1.4 * (one_year & tenure.between(10, 13))
        - 1.0 * two_year
        + is_online * (1.1 * (services == 0) - 0.9 * (services >= 3))
        + unsupported_fiber * (0.5 + 1.1 * monthly)
        + 1.2 * ((customers["monthly_charges"] > 85) & (tenure < 24))
        + (customers["payment_method"] == "Electronic check") * ~customers["paperless_billing"]
        + 1.0 * (customers["senior_citizen"] & ~customers["has_partner"])
        - 0.9 * (customers["has_dependents"] & (tenure >= 12))
    )
    return log_odds.to_numpy(float)


def lose_values(customers: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Makes the documented values missing; gives a new table."""
    losing = customers.copy()
    for name, share in LOST_SHARES.items():
        lost = random.random(len(losing)) < share
        if name == "total_charges":
            lost |= losing["tenure_months"].to_numpy() == 0
        losing[name] = losing[name].astype(float if name in NUMBERS else object).mask(lost, np.nan)
    return losing


def round_to_25_cents(charges: np.ndarray) -> np.ndarray:
    """Rounds USD, float [N], to multiples of 0.25."""
    return (charges * 4).round() / 4


def yes_or_no(flags: np.ndarray) -> np.ndarray:
    """Writes booleans as texts, object [N]."""
    return np.where(flags, "Yes", "No").astype(object)
