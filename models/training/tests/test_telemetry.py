"""onnxruntime keeps what it would send in the home folder, network or not."""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1]
GRAPH = FOLDER.parent / "churn_model.onnx"


def test_a_session_leaves_the_home_folder_empty(tmp_path: Path) -> None:
    code = (
        "import churn_bundle, onnxruntime; "
        f"onnxruntime.InferenceSession({str(GRAPH)!r}, providers=['CPUExecutionProvider'])"
    )
    # Of the run's own variables some, such as CI, forbid it too.
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=FOLDER, env=environment)
    assert [*tmp_path.rglob("*")] == []
