"""Reads a bundle's files on the driver: from its disk, the web, or where Spark reads."""

from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from churn_bundle.errors import ScoringError, first_line

GRAPH, MANIFEST, VERSION = ".onnx", ".manifest.json", "model_version.txt"
WEB_TIMEOUT_S = 30
NOT_FOUND = 404


class BundleFiles(NamedTuple):
    """What a bundle's files hold.

    Attributes:
        where: they come from, for errors.
        name: stem of the graph's file.
        graph: the ONNX file.
        manifest: JSON.
        version: of model_version.txt, None if there is none.
    """

    where: str
    name: str
    graph: bytes
    manifest: bytes
    version: bytes | None


def read_files(spark: SparkSession, bundle: str | Path) -> BundleFiles:
    """Reads a bundle.

    Args:
        spark: reads URLs such as ``s3a://…`` or ``hdfs://…``.
        bundle: folder with one ONNX file, or the ONNX file: a path on the driver, or a URL. What
            ``http`` and ``https`` name is the ONNX file, since the web lists no folder.

    Raises:
        ScoringError: if a file is missing or unreadable.
    """
    where = str(bundle)
    scheme = urlsplit(where).scheme if "://" in where else ""
    if scheme in ("http", "https"):
        return from_web(where)
    if scheme in ("", "file"):
        path = Path(unquote(urlsplit(where).path)) if scheme else Path(where)
        return chosen(where, files_on_disk(path))
    return chosen(where, files_by_spark(spark, where))


def files_on_disk(path: Path) -> dict[str, bytes]:
    """Reads the files of a folder, or those that belong to an ONNX file, by name."""
    folder, wanted = (path, None) if path.is_dir() else (path.parent, path.stem)
    try:
        return {
            each.name: each.read_bytes()
            for each in sorted(folder.iterdir())
            if belongs(each.name, wanted)
        }
    except OSError as error:
        raise ScoringError(f"cannot read the bundle {path}: {first_line(error)}") from error


def files_by_spark(spark: SparkSession, url: str) -> dict[str, bytes]:
    """Reads the same from any file system that Spark knows."""
    place = PurePosixPath(url)
    is_file = place.suffix == GRAPH
    wanted = place.stem if is_file else None
    folder = url.rpartition("/")[0] if is_file else url.rstrip("/")
    try:
        files = (
            spark.read.format("binaryFile")
            # Files of other names are not read, which may be larger than Spark can read at once.
            .option("pathGlobFilter", f"{{*{GRAPH},*{MANIFEST},{VERSION}}}")
            .load(f"{folder}/*")
        )
        # The pattern also finds what is in the folders of the folder, such as an older bundle.
        names = {
            row.path: unquote(PurePosixPath(row.path).name)
            for row in files.select("path").collect()
            if depth(row.path) == depth(folder) + 1
        }
        paths = [path for path, name in names.items() if belongs(name, wanted)]
        rows = files.where(files["path"].isin(paths)).select("path", "content").collect()
        return {names[row.path]: bytes(row.content) for row in rows}
    except PySparkException as error:
        raise ScoringError(f"Spark cannot read the bundle {url}: {first_line(error)}") from error


def depth(url: str) -> int:
    """Counts the names in a URL's path. Spark may write its host and its letters otherwise."""
    return sum(name != "" for name in urlsplit(url, allow_fragments=False).path.split("/"))


def belongs(file: str, name: str | None) -> bool:
    """Whether a file is one of a bundle, or one of the bundle of this name."""
    return file == VERSION or (
        file.endswith((GRAPH, MANIFEST))
        if name is None
        else file in (f"{name}{GRAPH}", f"{name}{MANIFEST}")
    )


def chosen(where: str, files: dict[str, bytes]) -> BundleFiles:
    """Takes the one bundle of these files."""
    graphs = [file for file in files if file.endswith(GRAPH)]
    if len(graphs) != 1:
        found = f"{len(graphs)}: {', '.join(graphs)}" if graphs else "none"
        raise ScoringError(
            f"a bundle has one {GRAPH} file, but {where} has {found}: name the folder of a bundle, "
            f"or its {GRAPH} file"
        )
    name = graphs[0].removesuffix(GRAPH)
    manifest = files.get(f"{name}{MANIFEST}")
    if manifest is None:
        raise ScoringError(
            f"{where} has no {name}{MANIFEST}, so nothing says what a customer is: export the "
            "bundle with churn-bundle, and keep its files together"
        )
    return BundleFiles(where, name, files[graphs[0]], manifest, files.get(VERSION))


def from_web(url: str) -> BundleFiles:
    """Reads an ONNX file and what stands beside it."""
    parts = urlsplit(url)
    folder, _, file = parts.path.rpartition("/")
    if not file.endswith(GRAPH):
        raise ScoringError(f"{url} names no {GRAPH} file: the web lists no folders")
    name = file.removesuffix(GRAPH)
    files = {}
    for each in (file, f"{name}{MANIFEST}", VERSION):
        content = download(parts._replace(path=f"{folder}/{each}").geturl())
        if content is not None:
            files[unquote(each)] = content
    return chosen(url, files)


def download(url: str) -> bytes | None:
    """Reads a file from the web; None if there is no such file."""
    try:
        with urlopen(url, timeout=WEB_TIMEOUT_S) as answer:
            return answer.read()
    except HTTPError as error:
        if error.code == NOT_FOUND:
            return None
        raise ScoringError(f"cannot read {url}: {error}") from error
    except (URLError, OSError) as error:
        raise ScoringError(f"cannot read {url}: {first_line(error)}") from error
