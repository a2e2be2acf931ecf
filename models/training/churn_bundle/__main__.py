"""Runs ``python -m churn_bundle`` as the command ``churn-bundle``."""

import sys

from churn_bundle.cli import main

sys.exit(main())
