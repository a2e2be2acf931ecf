"""Runs the built service: run `npm run build` first."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running_service(**settings: str) -> Iterator[str]:
    """As started_service; gives the URL."""
    with started_service(**settings) as listening:
        yield listening["url"]


@contextmanager
def started_service(**settings: str) -> Iterator[dict[str, str]]:
    """Runs the service with these settings, PORT being any free one by default.

    Gives the log line by which it says where it listens.
    """
    environment = {"PATH": os.environ["PATH"], "HOST": "127.0.0.1", "PORT": "0", **settings}
    command = [ROOT / "node_modules/.bin/node", "bundle/main.js"]
    lines: list[str] = []
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout:
            lines.append(line)
            entry = json.loads(line)
            if entry["msg"] == "listening":
                break
        else:
            pytest.fail(f"the service did not start: {''.join(lines)}")
        reader = Thread(target=lines.extend, args=(process.stdout,))
        reader.start()
        try:
            yield entry
        finally:
            process.terminate()
            reader.join()
    assert process.returncode == 0
    assert not [line for line in lines if is_failure(json.loads(line))]


def is_failure(entry: dict[str, object]) -> bool:
    """Whether a log line is of an answer that no caller asked for by allowing too little time."""
    is_explanation = str(entry.get("route")).startswith("/predict/explain")
    too_late = {"deadline_exceeded", "overloaded"} if is_explanation else {"deadline_exceeded"}
    return entry.get("status", 0) >= 500 and entry.get("code") not in too_late
