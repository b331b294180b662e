"""`sam validate` and `sam build` on a machine that has one Python only, whatever the template says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from local.home import STATE
from local.sam import QUIET, TOOLS
from tests.deploy.tree import plant

pytestmark = pytest.mark.deploy
LAYERS = ("CoreLayer", "ArrowLayer")
MEGABYTES = 200  # of all layers together, unpacked
ARM = 0xB7  # e_machine of an ELF file: AArch64
SYSTEM = ("/usr/bin", "/bin")


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment whose PATH has this machine's tools and, of all Pythons, the one that we run."""
    folder = tmp_path_factory.mktemp("bin")
    for tool in (tool for place in SYSTEM for tool in Path(place).iterdir()):
        if not re.match(r"python|pypy|pip", tool.name) and not (folder / tool.name).exists():
            (folder / tool.name).symlink_to(tool)
    told = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LAYER_", "PYENV"))}
    return told | QUIET | {"PATH": f"{TOOLS}{os.pathsep}{folder}", "PIP_CACHE_DIR": str(STATE / "cache" / "pip")}


def sam(tools: dict[str, str], tree: Path, *words: str) -> str:
    """Run the SAM CLI; what it printed."""
    done = subprocess.run([TOOLS / "sam", *words], cwd=tree, env=tools, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def machine(library: Path) -> int:
    """The processor that an ELF file was made for."""
    with library.open("rb") as file:
        assert file.read(4) == b"\x7fELF", library
        return int.from_bytes(file.read(16)[14:], "little")


def test_there_is_one_python_on_the_path(tools: dict[str, str]) -> None:
    found = {each.name for place in tools["PATH"].split(os.pathsep) for each in Path(place).glob("python*")}

    here = f"python3.{sys.version_info.minor}"
    assert found <= {"python", "python3", here}


def test_the_template_is_valid_and_keeps_cfn_lints_rules(tools: dict[str, str], tmp_path: Path) -> None:
    said = sam(tools, plant(tmp_path / "tree"), "validate", "--lint", "--region", "eu-west-1")

    assert "is a valid SAM Template" in said


def test_the_default_build_is_for_arm64_and_python_3_13_whatever_python_builds_it(
    tools: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = plant(tmp_path / "tree")

    sam(tools, tree, "build")

    built = {layer: _files(tree, layer) for layer in LAYERS}
    libraries = [each for files in built.values() for each in files if re.search(r"\.so(\.|$)", each.name)]
    tags = {tag for each in libraries for tag in re.findall(r"\.(cpython-\d+|abi3)", each.name)}
    sizes = {layer: sum(each.stat().st_size for each in files) / 2**20 for layer, files in built.items()}
    with capsys.disabled():
        print(f"\nlayers: {len(libraries)} libraries, ABI {sorted(tags)}, ELF machines", end=" ")
        print({hex(machine(each)) for each in libraries}, {layer: f"{size:.1f} MB" for layer, size in sizes.items()})
    assert {machine(each) for each in libraries} == {ARM}
    assert {"cpython-313"} <= tags <= {"cpython-313", "abi3"}
    assert sum(sizes.values()) <= MEGABYTES
    assert not [each for each in _files(tree, "ValidateUploadFunction") if each.suffix != ".py"]


def _files(tree: Path, artifact: str) -> list[Path]:
    found = [each for each in (tree / ".aws-sam" / "build" / artifact).rglob("*") if each.is_file()]
    assert found, f"nothing was built for {artifact}"
    return found
