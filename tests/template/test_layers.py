"""The layers as Lambda gets them: for arm64 and Python 3.13 whoever builds them, small, and with all that is used."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = {"core": "CoreLayer", "arrow": "ArrowLayer"}
MEGABYTES = 200  # of all layers together; Lambda's own limit is 250 with the function
ARM = 0xB7  # e_machine of an ELF file: AArch64
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
USED_FROM_ARROW = """
import io, numpy, pyarrow, pyarrow.compute, pyarrow.csv, pyarrow.json, pyarrow.parquet, pyarrow.dataset
table = pyarrow.table({"a": [1, 2, None], "t": pyarrow.array([1, 2, 3], pyarrow.timestamp("us", "UTC"))})
file = io.BytesIO()
pyarrow.parquet.write_table(table, file, compression="zstd")
assert pyarrow.parquet.read_table(io.BytesIO(file.getvalue())).equals(table)
assert pyarrow.csv.read_csv(io.BytesIO(b"a,b%c1,2" % 10)).to_pydict() == {"a": [1], "b": [2]}
assert pyarrow.json.read_json(io.BytesIO(b'{"a": 1}')).num_rows == 1
assert pyarrow.compute.sum(table["a"]).as_py() == numpy.linalg.norm([3.0])
"""


def build(target: Path, python: str, architecture: str) -> list[Path]:
    """Both layers, each in its folder below `target`."""
    for folder, layer in LAYERS.items():
        variables = (f"ARTIFACTS_DIR={target / folder}", f"LAYER_PYTHON={python}", f"LAYER_ARCH={architecture}")
        command = ["make", "-s", "-C", str(ROOT / "layers" / folder), f"build-{layer}", f"PYTHON={sys.executable}"]
        subprocess.run([*command, *variables], check=True, capture_output=True)
    return [target / folder / "python" for folder in LAYERS]


def machine(library: Path) -> int:
    """The processor that an ELF file was made for."""
    with library.open("rb") as file:
        return int.from_bytes(file.read(20)[18:], "little")


@pytest.mark.proof
def test_layers_for_lambda_hold_libraries_for_its_processor_and_python_only_and_are_small(tmp_path):
    core, arrow = build(tmp_path, "3.13", "arm64")

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    libraries = [path for path in files if re.search(r"\.so(\.|$)", path.name)]
    tags = {tag for path in libraries for tag in re.findall(r"\.(cpython-\d+|abi3)", path.name)}
    assert {machine(path) for path in libraries} == {ARM}
    assert tags <= {"cpython-313", "abi3"}
    assert "cpython-313" in tags
    assert sum(path.stat().st_size for path in files) < MEGABYTES * 2**20
    assert {"tidewheel", "containers", "pydantic", "aws_lambda_powertools", "yaml"} <= {
        path.name for path in core.iterdir()
    }
    assert {"numpy", "pyarrow"} <= {path.name for path in arrow.iterdir()}


@pytest.mark.proof
def test_what_was_cut_from_the_layers_is_not_missed(tmp_path):
    here = {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]
    roots = build(tmp_path, HERE, here)

    alone = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, roots)), "PYTHONNOUSERSITE": "1"}
    subprocess.run([sys.executable, "-S", "-c", USED_FROM_ARROW], env=alone, check=True)
