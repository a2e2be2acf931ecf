"""What runs on the executors: each process proves the model once, and then scores batches."""

import os
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa

from churn_bundle.spark.batch_scores import score_batch
from churn_bundle.spark.bundle import read_bundle
from churn_bundle.spark.churn_model import ChurnModel
from churn_bundle.spark.proof import prove
from churn_bundle.spark.shipment import unpack

# More rows are no faster, and take more memory.
ROWS_A_PASS = 10_000


class Work(NamedTuple):
    """What the driver tells the executors.

    Attributes:
        parcel: the file that has the bundle.
        where: the bundle came from, for errors.
        kept: number of columns that come back; they are the first ones.
        places: the column of each feature.
        names: of the columns that come back.
    """

    parcel: str
    where: str
    kept: int
    places: dict[str, int]
    names: list[str]


@lru_cache(maxsize=2)
def proven_model(parcel: str, where: str) -> ChurnModel:
    """Loads and proves a model, once in each process; says so in the executor's log."""
    started = time.monotonic()
    model = ChurnModel(read_bundle(unpack(parcel, where)))
    difference = prove(model)
    bundle, took_ms = model.bundle, (time.monotonic() - started) * 1000
    print(
        f"churn-bundle: process {os.getpid()} proved {bundle.name} {bundle.version} on "
        f"{len(bundle.known_rows)} rows in {took_ms:.0f} ms; greatest difference {difference:.3g}",
        file=sys.stderr,
        flush=True,
    )
    return model


def score_batches(batches: Iterator[pa.RecordBatch], work: Work) -> Iterator[pa.RecordBatch]:
    """Scores the batches of a partition."""
    model = proven_model(work.parcel, work.where)
    for batch in batches:
        for start in range(0, batch.num_rows, ROWS_A_PASS):
            rows = batch.slice(start, ROWS_A_PASS)
            columns = {name: rows.column(place) for name, place in work.places.items()}
            kept = rows.columns[: work.kept]
            found = score_batch(model, columns, rows.num_rows)
            yield pa.RecordBatch.from_arrays([*kept, *found], names=work.names)
