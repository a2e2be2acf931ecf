"""Scores customers on a Spark cluster: a DataFrame and a bundle in, the DataFrame with scores out.

Executors need numpy, pyarrow and onnxruntime, and nothing of what an export needs.
"""

from churn_bundle.spark.job import score

__all__ = ["score"]
