"""Artifacts: equal files give equal bytes, and a layer is built when its sources change and not otherwise."""

import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.errors import BuildFailed
from local.packaging import archive, layers, template

MAKEFILE = """
build-GreetLayer:
\tmkdir -p $(ARTIFACTS_DIR)/python/__pycache__
\tcp greet.py $(ARTIFACTS_DIR)/python/
\techo bytecode > $(ARTIFACTS_DIR)/python/__pycache__/greet.pyc
\techo $(LAYER_PYTHON) $(LAYER_ARCH) > $(ARTIFACTS_DIR)/built-for
\techo built >> count
"""


@pytest.fixture
def layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(layers, "BUILDS", tmp_path / "builds")
    folder = tmp_path / "layers" / "greet"
    folder.mkdir(parents=True)
    (folder / "Makefile").write_text(MAKEFILE.replace("count", str(tmp_path / "count")))
    (folder / "greet.py").write_text("word = 'hello'")
    return folder


def _builds(tmp_path: Path) -> int:
    return len((tmp_path / "count").read_text().splitlines())


def test_a_layer_is_built_for_this_machine_and_brings_its_bytecode(layer: Path) -> None:
    packed = zipfile.ZipFile(layers.build("GreetLayer", layer))

    assert packed.read("built-for").decode().split() == [layers.PYTHON, layers.ARCHITECTURE]
    assert {"python/greet.py", "python/__pycache__/greet.pyc"} < set(packed.namelist())


def test_a_layer_is_built_again_when_its_sources_have_changed_and_not_otherwise(layer: Path, tmp_path: Path) -> None:
    first = layers.build("GreetLayer", layer)
    assert (layers.build("GreetLayer", layer), _builds(tmp_path)) == (first, 1)

    (layer / "greet.py").write_text("word = 'good day'")
    assert layers.build("GreetLayer", layer) != first
    assert _builds(tmp_path) == 2


def test_a_layer_that_is_built_twice_at_once_is_built_well_twice(layer: Path, tmp_path: Path) -> None:
    (layer / "Makefile").write_text(MAKEFILE.replace("count", str(tmp_path / "count")) + "\tsleep 0.2\n")

    with ThreadPoolExecutor() as pool:
        built = set(pool.map(lambda _: layers.build("GreetLayer", layer), range(2)))

    assert _builds(tmp_path) == 2
    assert [zipfile.ZipFile(path).testzip() for path in built] == [None]


def test_old_builds_of_a_layer_are_forgotten(layer: Path) -> None:
    for number in range(layers.KEPT + 2):
        (layer / "greet.py").write_text(f"word = {number}")
        layers.build("GreetLayer", layer)

    assert len(list(layers.BUILDS.glob("GreetLayer-*"))) == layers.KEPT


def test_a_layer_that_cannot_be_built_says_what_make_said(layer: Path) -> None:
    (layer / "greet.py").unlink()

    with pytest.raises(BuildFailed, match=r"greet\.py"):
        layers.build("GreetLayer", layer)


def test_equal_folders_give_equal_archives_and_digests(tmp_path: Path) -> None:
    (tmp_path / "one" / "functions").mkdir(parents=True)
    (tmp_path / "one" / "functions" / "a.py").write_text("a = 1")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    (tmp_path / "two" / "functions" / "__pycache__").mkdir()
    (tmp_path / "two" / "functions" / "__pycache__" / "a.pyc").write_bytes(b"other")
    sources = [tmp_path / name / "functions" for name in ("one", "two")]
    packed = [archive.write(source, tmp_path / f"{index}.zip").read_bytes() for index, source in enumerate(sources)]

    assert packed[0] == packed[1]
    assert archive.digest(sources[:1]) == archive.digest(sources[1:])


def test_short_functions_of_a_template_are_read_in_their_long_form(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("a: !GetAtt Table.Arn\nb: !If [Yes, !Ref X, !Sub '${Y}']\nc: !Condition Yes\n")

    assert template.load(path) == {
        "a": {"Fn::GetAtt": ["Table", "Arn"]},
        "b": {"Fn::If": [True, {"Ref": "X"}, {"Fn::Sub": "${Y}"}]},
        "c": {"Condition": "Yes"},
    }
