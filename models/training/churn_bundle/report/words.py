"""Writes numbers and dates as people read them."""

from datetime import date

from churn_bundle.report.estimate import Estimate

NOT_KNOWN = "\N{EN DASH}"
# A number and its unit stay on one line.
PERCENT = "\N{NO-BREAK SPACE}%"


def count(value: float) -> str:
    """Writes a whole number with its thousands apart."""
    return f"{value:,.0f}"


def decimals(value: float, digits: int = 3) -> str:
    """Writes a number with as many decimals, and with a minus sign instead of a hyphen."""
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def signed(value: float, digits: int = 3) -> str:
    """Writes a difference with its sign."""
    return ("+" if value > 0 else "") + decimals(value, digits)


def percent(value: float) -> str:
    """Writes a share as a percentage."""
    return f"{value * 100:.1f}{PERCENT}"


def between(estimate: Estimate, digits: int = 3) -> str:
    """Writes the interval of an estimate."""
    if estimate.low is None or estimate.high is None:
        return "too few rows for an interval"
    return f"{decimals(estimate.low, digits)} to {decimals(estimate.high, digits)}"


def day(value: date) -> str:
    """Writes a date, such as 5 October 2026."""
    return f"{value.day} {value:%B %Y}"


def short_day(value: date) -> str:
    """Writes a date for a table, such as 5 Oct 2026."""
    return f"{value.day} {value:%b %Y}"


def plural(noun: str, number: int) -> str:
    """Gives the plural of a noun unless there is one."""
    return noun if number == 1 else f"{noun}s"


def listed(names: list[str], most: int = 5) -> str:
    """Lists names, and says how many more there are."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
