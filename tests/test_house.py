"""The rules of the house, held as tests: who knows whom, what is called what, how long a file may be."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tidewheel.domain import errors

from local.packaging import template
from tests.statemachines import flows

ROOT = Path(__file__).parents[1]
CORE = ROOT / "layers" / "core" / "tidewheel"
STAGES = ("data", "train", "approve", "deploy")
MACHINES = sorted((ROOT / "statemachines").glob("*.asl.json"))
STEPS = sorted(path for path in (ROOT / "functions").glob("*/*.py") if path.name != "__init__.py")
SOURCES = sorted(
    path
    for folder in ("benchmarks", "cli", "containers", "functions", "layers", "local", "tests")
    for path in (ROOT / folder).rglob("*.py")
)

# Room -> what of ours it may import, besides itself.
MAY_IMPORT = {
    "tidewheel/domain": set(),
    "tidewheel/project": {"tidewheel.domain"},
    "tidewheel/messages": {"tidewheel.domain"},
    "tidewheel/tables": {"tidewheel.domain"},
    "tidewheel/aws": {"tidewheel.domain", "tidewheel.messages", "tidewheel.settings", "containers"},
    "tidewheel/reports": {"tidewheel.domain"},
    "tidewheel/settings.py": set(),
    "containers": {"tidewheel.domain"},
    "functions": {"tidewheel"},
    "cli": {"tidewheel"},
    "local": {"tidewheel", "cli"},
}
# A library -> the only places of the product that may import it.
ONLY_IN = {
    "boto3": {"tidewheel/aws", "cli"},
    "botocore": {"tidewheel/aws", "cli"},
    "pyarrow": {"tidewheel/tables", "containers"},
    "pydantic": {"tidewheel/project", "tidewheel/messages", "functions", "cli"},
}
OURS = {"tidewheel", "containers", "cli", "local", "benchmarks", "tests", "functions", "project", *STAGES}
# The domain is given time, chance and names; it does not fetch them.
IMPURE = {"os", "time", "random", "uuid", "secrets", "socket", "subprocess", "threading", "logging"}
AWS_ERRORS = re.compile(r"^(States|Lambda|DynamoDB|DynamoDb|SageMaker|EventBridge|Scheduler|SNS)\.\w+$|^\w+Exception$")


def room_of(path: Path) -> str:
    """The room of a file, as MAY_IMPORT calls it."""
    parts = path.relative_to(ROOT).parts
    return "/".join(parts[2:4]) if parts[:2] == ("layers", "core") else parts[0]


def imported(path: Path) -> Iterator[str]:
    """The absolute names of the modules that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def inside(module: str, names: set[str]) -> bool:
    """Whether a module is one of the names or lies below one."""
    return any(module == name or module.startswith(f"{name}.") for name in names)


def pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


PRODUCT = [path for path in SOURCES if room_of(path) in MAY_IMPORT]


def functions() -> dict[str, dict[str, Any]]:
    """The template's functions by logical id."""
    resources = template.load(ROOT / "template.yaml")["Resources"]
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] == "AWS::Serverless::Function"}


def test_a_room_imports_only_the_rooms_that_it_may_know():
    strangers = {}
    for path in PRODUCT:
        room = room_of(path)
        own = {room.removesuffix(".py").replace("/", "."), "tidewheel" if room == "cli" else path.parent.name}
        known = MAY_IMPORT[room] | own
        strangers[path] = {name for name in imported(path) if inside(name, OURS) and not inside(name, known)}

    assert {path: found - {"tidewheel"} for path, found in strangers.items() if found - {"tidewheel"}} == {}


def test_aws_and_tables_are_opened_in_one_place_each():
    foreign = {
        path: library
        for library, rooms in ONLY_IN.items()
        for path in PRODUCT
        if room_of(path) not in rooms | {"local"} and any(inside(name, {library}) for name in imported(path))
    }

    assert foreign == {}


def test_the_domain_knows_only_the_standard_library_and_numpy_and_fetches_nothing():
    allowed = (sys.stdlib_module_names | {"numpy", "tidewheel"}) - IMPURE

    for path in (CORE / "domain").glob("*.py"):
        asked = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert {module.partition(".")[0] for module in imported(path)} <= allowed, path
        assert asked & {"now", "utcnow", "today", "environ"} == set(), path


@pytest.mark.parametrize("path", sorted((CORE / "messages").glob("*.py")), ids=lambda path: path.stem)
def test_a_stages_messages_know_no_other_stage(path):
    others = {f"tidewheel.messages.{stage}" for stage in STAGES if stage != path.stem}
    assert [module for module in imported(path) if inside(module, others)] == []


def test_a_file_ends_within_two_hundred_lines_and_its_name_says_what_it_is_about():
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}

    assert [path for path in SOURCES if len(path.read_text().splitlines()) > 200] == []
    assert [path for path in SOURCES if path.stem in drawers] == []


def test_a_step_has_one_name_as_file_function_and_test():
    by_handler = {each["Handler"]: name for name, each in functions().items()}

    assert {f"{path.parent.name}.{path.stem}.handler": f"{pascal(path.stem)}Function" for path in STEPS} == by_handler
    missing = [
        path for path in STEPS if not (ROOT / "tests/functions" / path.parent.name / f"test_{path.name}").exists()
    ]
    assert missing == []


@pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.name.partition(".")[0])
def test_a_state_that_invokes_a_function_invokes_the_one_of_its_name(machine):
    steps = {pascal(path.stem) for path in STEPS if path.parent.name == machine.name.partition(".")[0]}

    for place in flows.places(json.loads(machine.read_text())):
        if "lambda:invoke" in place.state.get("Resource", ""):
            assert place.state["Arguments"]["FunctionName"] == f"${{{place.name}Function}}"
            assert place.name in steps


@pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.name.partition(".")[0])
def test_every_error_that_a_flow_catches_exists(machine):
    caught = {
        error
        for place in flows.places(json.loads(machine.read_text()))
        for rule in [*place.state.get("Catch", []), *place.state.get("Retry", [])]
        for error in rule["ErrorEquals"]
    }
    assert [name for name in caught if not AWS_ERRORS.match(name) and not hasattr(errors, name)] == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_has_its_room_flow_messages_and_page(stage):
    assert (ROOT / "functions" / stage).is_dir()
    assert (ROOT / "statemachines" / f"{stage}.asl.json").exists()
    assert (CORE / "messages" / f"{stage}.py").exists()
    assert (ROOT / "docs" / "stages" / f"{stage}.md").exists()
    assert f"# --- {stage}: " in (ROOT / "template.yaml").read_text()


@pytest.mark.parametrize(
    "lock", [*(ROOT / "locks").glob("*.txt"), *(ROOT / "layers").glob("*/requirements.txt")], ids=lambda path: path.stem
)
def test_a_lock_pins_every_package_by_hash_and_names_no_index(lock):
    entries = re.sub(r" \\\n\s*", " ", lock.read_text()).splitlines()

    assert [line for line in entries if not re.match(r"[a-z0-9._-]+==\S+ .*--hash=sha256:", line)] == []
    assert "://" not in lock.read_text()


def test_no_file_names_a_place_that_only_one_machine_has():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    personal = re.compile(r"(?<![\w.$}])/(?:root|work|Users)/\w")
    there = [name for name in listed if (ROOT / name).is_file()]
    named = [name for name in there if personal.search((ROOT / name).read_text(errors="replace"))]
    assert named == []
