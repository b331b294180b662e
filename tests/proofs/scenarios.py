"""What is played with a flow cut off somewhere, and what must come of it: worked out by hand, from the promises."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tidewheel.aws import ledger

from tests.proofs.ends import news
from tests.proofs.steps import (
    Step,
    mended,
    overwritten,
    rollback,
    upload,
    while_training,
    with_broken_job,
    with_dead_endpoint,
    with_fault,
    with_ill_function,
)
from tests.proofs.world import World


@dataclass(frozen=True)
class Expected:
    """The end, by hand: outcomes of uploads, what became of runs and packages, the version that serves, jobs, news."""

    uploads: list[str] = field(default_factory=lambda: ["accepted"])
    runs: list[str] = field(default_factory=lambda: ["trained"])
    packages: list[str] = field(default_factory=lambda: ["Approved"])
    serves: int = 1
    jobs: int = 2
    news: dict[str, int] = field(default_factory=lambda: {"DatasetReady": 1, "ModelTrained": 1, "EndpointUpdated": 1})


@dataclass(frozen=True)
class Scenario:
    """Steps, each of which comes to rest before the next; `effects` are the states to cut off, by flow."""

    steps: Sequence[Step]
    effects: dict[str, str]
    expected: Expected = field(default_factory=Expected)
    before: Step = lambda world: world.project("trips")


def found(world: World) -> Expected:
    """The end of a world, in the terms of an expectation."""
    said: dict[str, int] = {}
    for each in news(world):
        kind = each.split(" ")[0]
        said[kind] = said.get(kind, 0) + 1
    return Expected(
        uploads=[row.get("outcome", "") for row in ledger.rows("trips", "upload")],
        runs=[row["status"] for row in ledger.rows("trips", "run")],
        packages=[each["ModelApprovalStatus"] for each in world.sagemaker.packages.values()],
        serves=(ledger.find("trips", "endpoint") or {}).get("live_version", 0),
        jobs=len(world.sagemaker.asked),
        news=said,
    )


TRAINED = {"DatasetReady": 1, "ModelTrained": 1}
TWICE = {"DatasetReady": 2, "ModelTrained": 2, "EndpointUpdated": 2}
TWO = {"uploads": ["accepted"] * 2, "runs": ["trained"] * 2, "packages": ["Approved"] * 2, "serves": 2, "jobs": 4}
SCENARIOS = {
    "first": Scenario(
        [upload("a.csv", 1)],
        {
            "data": "ClaimUpload ValidateUpload CommitDataset PublishAnswer FinishUpload",
            "train": "DecideTraining PlanTraining TrainCandidate EvaluateCandidates JudgeCandidates RegisterCandidate "
            "PublishTrained FinishRun",
            "approve": "DecideApproval UpdatePackage",
            "deploy": "PlanDeployment CreateModel CreateEndpointConfig CreateEndpoint VerifyEndpoint MovePointer "
            "PublishUpdated",
        },
    ),
    "second": Scenario(
        [upload("a.csv", 1), upload("b.csv", 4)], {"deploy": "UpdateEndpoint"}, Expected(**TWO, news=TWICE)
    ),
    "ignored": Scenario(
        [lambda world: world.upload("trips/_SUCCESS", b"")],
        {"data": "CloseUpload"},
        Expected(["ignored"], [], [], 0, 0, {}),
    ),
    "our-fault": Scenario(
        [upload("a.csv", 1), mended], {"data": "ReleaseUpload"}, Expected(), before=with_ill_function
    ),
    "busy": Scenario(
        [while_training(upload("b.csv", 4))],
        {"train": "PublishSkipped HandOver RequestFollowUp"},
        Expected(**TWO, news=TWICE),
    ),
    "cooldown": Scenario(
        [upload("a.csv", 1), upload("b.csv", 4)],
        {"train": "ScheduleWake PublishSkipped"},
        Expected(**TWO, news=TWICE),
        before=lambda world: world.project("trips", cooldown=12),
    ),
    "broken-job": Scenario(
        [upload("a.csv", 1)],
        {"train": "RecordFailure PublishFailed"},
        Expected(
            runs=["failed"], packages=[], serves=0, jobs=1,
            news={"DatasetReady": 1, "TrainingFailed": 1},
        ),
        before=with_broken_job,
    ),
    "manual": Scenario(
        [upload("a.csv", 1)],
        {"approve": "SendQuestion ScheduleExpiry"},
        Expected(packages=["Rejected"], serves=0, news=TRAINED | {"ApprovalExpired": 1}),
        before=lambda world: world.project("trips", mode="manual"),
    ),
    "rollback": Scenario(
        [upload("a.csv", 1), upload("b.csv", 4), rollback],
        {"deploy": "RejectRolledBack"},
        Expected(
            **TWO | {"serves": 1, "packages": ["Approved", "Rejected"]},
            news=TWICE | {"RollbackRequested": 1, "RolledBack": 1},
        ),
    ),
    "overwritten": Scenario(
        [overwritten],
        {},
        Expected(["accepted"] * 2, news=Expected().news | {"DatasetReady": 2, "TrainingSkipped": 1}),
    ),
    "nothing-before": Scenario(
        [upload("a.csv", 1), rollback],
        {"deploy": "PublishSkipped"},
        Expected(news=Expected().news | {"RollbackRequested": 1, "RolloutSkipped": 1}),
    ),
    "dead-first": Scenario(
        [upload("a.csv", 1)],
        {"deploy": "DeleteEndpoint CorrectRegistry PublishFailed RecordFailure"},
        Expected(packages=["Rejected"], serves=0, news=TRAINED | {"RolloutFailed": 1}),
        before=with_fault(1, "dead"),
    ),
    "wrong-second": Scenario(
        [upload("a.csv", 1), upload("b.csv", 4)],
        {"deploy": "CorrectRegistry PublishFailed RecordFailure"},
        Expected(
            **TWO | {"serves": 1, "packages": ["Approved", "Rejected"]},
            news=TWICE | {"EndpointUpdated": 1, "RolloutFailed": 1},
        ),
        before=with_fault(2, "wrong"),
    ),
    "in-the-way": Scenario([upload("a.csv", 1)], {"deploy": "ClearEndpoint"}, before=with_dead_endpoint),
}  # fmt: skip
