"""One day in the life of a stack: deployed with the SAM CLI, used, deployed again under load, deleted."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local import sam
from local.stack import LocalStack
from tests.deploy.asking import Asking
from tests.deploy.executions import Execution, Versions, executions, layers, published
from tests.deploy.holding import held_training
from tests.deploy.things import Thing, things
from tests.deploy.tree import change, plant
from tests.flows.deliveries import flowers, rents
from tests.flows.wheel import PROJECTS, Wheel

FLOWER = {"petal": 1.5, "sepal": 3.4, "soil": "sand"}
NEWS = "told by the second deploy"


@dataclass(frozen=True)
class First:
    """After the first deploy and one upload."""

    wheel: Wheel
    before: set[Thing]  # in the account, before anything was deployed
    published: Versions
    layers: dict[str, int]
    told: dict[str, Any]  # what `submit` said


@dataclass(frozen=True)
class Second:
    """After the second deploy, which met requests and a training under way, and one more upload."""

    unchanged: tuple[Versions, dict[str, int]]  # published by a deploy of equal files from another folder
    published: Versions
    layers: dict[str, int]
    met: Execution  # the training under way, when the deploy had ended
    asking: Asking
    told: dict[str, Any]


@dataclass(frozen=True)
class Gone:
    """After `tidewheel down` and `sam delete`."""

    kept: set[str]  # physical ids of what the template says is to be retained
    after_down: set[Thing]
    after_all: set[Thing]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Room for copies of the project and their builds."""
    path = tmp_path_factory.mktemp("deploy")
    yield path
    shutil.rmtree(path)  # a build has 200 MB, and pytest keeps folders


@pytest.fixture(scope="session")
def first(folder: Path) -> Iterator[First]:
    """Deployed by `sam build` and `sam deploy`, with every call checked against the stack's IAM policies."""
    with LocalStack("test-deploy", auth=True) as stack:
        before = things(stack)
        sam.build_and_deploy(stack, plant(folder / "first"))
        wheel = Wheel(stack, _outputs(stack))
        code, said = wheel.tidewheel("project", "push", PROJECTS / "flowers.yaml", PROJECTS / "rents.yaml")
        assert code == 0, said
        told = submit(wheel, folder, "flowers", flowers(600, 1), "--watch")
        yield First(wheel, before, published(wheel), layers(wheel), told)


@pytest.fixture(scope="session")
def second(first: First, folder: Path) -> Second:
    """Deployed again: equal files, then a changed handler and a changed layer."""
    wheel, tree = first.wheel, plant(folder / "elsewhere" / "second")
    sam.build_and_deploy(wheel.stack, tree)
    unchanged = published(wheel), layers(wheel)

    change(
        tree / "functions/data/validate_upload.py", "manifest = facts | {", f'manifest = facts | {{"news": "{NEWS}", '
    )
    change(tree / "layers/core/tidewheel/reports/training.py", "How it was made", f"How it was made, {NEWS}")
    sam.build(tree)
    with Asking(wheel.stack, "tidewheel-flowers", FLOWER) as asking:
        submit(wheel, folder, "rents", rents(900, 1))
        with held_training(wheel.stack, "rents"):
            sam.deploy(wheel.stack, tree)
            (met,) = executions(wheel, "train", "rents")
        told = submit(wheel, folder, "flowers", flowers(6000, 2), "--watch")
        asking.until("flowers/2")
    return Second(unchanged, published(wheel), layers(wheel), met, asking, told)


@pytest.fixture(scope="session")
def gone(second: Second, first: First, folder: Path) -> Gone:
    """Removed: what was made at run time, then the registry, then the stack."""
    wheel, stack = first.wheel, first.wheel.stack
    kept = _retained(stack)
    assert wheel.tidewheel("down", "--yes")[0] == 0
    after_down = things(stack) - first.before
    assert wheel.tidewheel("down", "--yes", "--registry")[0] == 0
    sam.delete(stack, folder / "first")
    return Gone(kept, after_down, things(stack) - first.before)


def submit(wheel: Wheel, folder: Path, project: str, text: str, *more: str) -> dict[str, Any]:
    """Deliver a text, and say what the command said. It has to go well."""
    file = folder / f"{project}-{len(text)}.csv"
    file.write_text(text)
    code, told = wheel.tidewheel("submit", file, "--project", project, *more)
    assert code == 0, told.get("sentence", told)
    return dict(told)


def _outputs(stack: LocalStack) -> dict[str, str]:
    described = stack.client("cloudformation").describe_stacks(StackName="tidewheel")["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in described["Outputs"]}


def _retained(stack: LocalStack) -> set[str]:
    formation = stack.client("cloudformation")
    template = formation.get_template(StackName="tidewheel", TemplateStage="Processed")["TemplateBody"]
    made = formation.describe_stack_resources(StackName="tidewheel")["StackResources"]
    resources = template["Resources"]
    return {
        each["PhysicalResourceId"]
        for each in made
        if resources[each["LogicalResourceId"]].get("DeletionPolicy") == "Retain"
    }
