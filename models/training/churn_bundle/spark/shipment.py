"""Sends a bundle's files with a Spark job, as one file that each executor fetches once."""

import atexit
import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path
from zipfile import ZipFile

from pyspark import SparkFiles
from pyspark.sql import SparkSession

from churn_bundle.spark.bundle_source import GRAPH, MANIFEST, VERSION, BundleFiles


@cache
def shipping_folder() -> Path:
    """Makes a folder for as long as the driver runs, since executors may join late and fetch."""
    folder = tempfile.mkdtemp(prefix="churn-bundle-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def ship(spark: SparkSession, files: BundleFiles) -> str:
    """Adds a bundle to the session's files.

    Returns:
        The name under which executors find it. It says what is in it, so that the same bundle is
        sent once, and two versions do not meet.
    """
    parts = {f"{files.name}{GRAPH}": files.graph, f"{files.name}{MANIFEST}": files.manifest}
    if files.version is not None:
        parts[VERSION] = files.version
    content = hashlib.sha256()
    for name, data in parts.items():
        content.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(data).digest())
    parcel = shipping_folder() / f"churn-bundle-{content.hexdigest()}.zip"
    if not parcel.exists():
        with ZipFile(parcel, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
    spark.addArtifact(str(parcel), file=True)
    return parcel.name


def unpack(parcel: str, where: str) -> BundleFiles:
    """Reads a bundle on an executor.

    Args:
        parcel: what ``ship`` returned.
        where: the bundle came from, for errors.
    """
    with ZipFile(SparkFiles.get(parcel)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = next(iter(files)).removesuffix(GRAPH)
    return BundleFiles(
        where, name, files[f"{name}{GRAPH}"], files[f"{name}{MANIFEST}"], files.get(VERSION)
    )
