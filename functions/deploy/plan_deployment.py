"""PlanDeployment: decide from registry and pointer whether a model shall serve, and claim the endpoint for it."""

from dataclasses import dataclass, replace
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from tidewheel.aws import endpoints, executions, ledger, registry, rollouts
from tidewheel.aws.ledger import Row
from tidewheel.aws.rollouts import Attempt
from tidewheel.domain.errors import RolloutUnderWay
from tidewheel.domain.package import APPROVED, Package, project_of
from tidewheel.domain.rollout import Plan, Pointer, Wanted, before, plan, plan_rollback
from tidewheel.domain.serving import Serving, Target
from tidewheel.messages.deploy import Approved, PlanInput, Planned, RollbackRequested, Rollout
from tidewheel.project.model import Project
from tidewheel.settings import settings

logger = Logger()

IS_CLAIMED = {"deploy", "rollback", "go_back"}
IS_RECORDED = {"stale", "nothing_to_go_back_to"}


@dataclass(frozen=True)
class Case:
    """A plan, and what it was made from."""

    plan: Plan
    pointer: Pointer
    wanted: Wanted | None
    previous: str  # the package that becomes the last good one
    taken_back: tuple[Row, ...] = ()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """From the event that woke the flow to a plan."""
    given = PlanInput.model_validate(event)
    wake = given.wake()

    planned = _approved(given, wake) if isinstance(wake, Approved) else _requested(given, wake)

    logger.info("rollout planned", extra=planned.model_dump(mode="json", exclude={"rollout"}))
    return planned.model_dump(mode="json")


def _approved(given: PlanInput, wake: Approved) -> Planned:
    name = project_of(settings().prefix, wake.group)
    row = ledger.find(name, "project") if name else None
    package = registry.find(wake.package_arn) if row else None
    if row is None:
        return Planned(answer="not_ours", reason=f"No project has the group {wake.group}")
    if package is None:
        return Planned(answer="not_approved", reason="The package was deleted", project=name)
    if row["status"] != "active":
        return Planned(answer="retired", reason="The project is retired", project=name)
    case = _case_of_approval(given, name, row, package)
    if case.plan.answer == "stale" and rollouts.was_live(name, package, given.asked_at):
        return Planned(answer="already_answered", reason="It has served since it was approved", project=name)
    return _settled(Attempt(name, package.arn, given.execution, given.now, case.plan.reason), case)


def _requested(given: PlanInput, wake: RollbackRequested) -> Planned:
    row = ledger.find(wake.project, "project")
    if row is None:
        return Planned(answer="not_ours", reason=f"There is no project {wake.project}")
    rows = list(ledger.rows(wake.project, "deployment"))
    if _is_answered(given, [each for each in rows if each["cause_id"] == wake.cause_id]):
        return Planned(answer="already_answered", reason="This request has its answer", project=wake.project)
    case = _case_of_request(given, wake.project, row, rows)
    return _settled(Attempt(wake.project, wake.cause_id, given.execution, given.now, wake.reason), case)


def _is_answered(given: PlanInput, rows: list[Row]) -> bool:
    """Whether a request has had its answer, of which these are the attempts: neither unfinished nor yet to be said."""
    if not rows or any(each["status"] == "running" for each in rows):
        return False
    return not any(each["status"] in IS_RECORDED and _is_to_say(given.execution, each["execution"]) for each in rows)


def _is_to_say(ours: str, by: str) -> bool:
    """Whether what an execution recorded is still to be published: it is this one, or was cut off before it could."""
    return by == ours or executions.cut_off(by)


def _case_of_approval(given: PlanInput, name: str, row: Row, package: Package) -> Case:
    pointer, wanted = rollouts.pointer(name), _wanted(name, row, package)
    return Case(plan(wanted, pointer, held=_held(given, pointer)), pointer, wanted, previous=pointer.live)


def _case_of_request(given: PlanInput, name: str, row: Row, rows: list[Row]) -> Case:
    pointer = rollouts.pointer(name)
    older = iter(before(pointer.live_version, rollouts.served(rows)))
    packages = (registry.find(each.arn) for each in older)
    good = next((package for package in packages if package and package.status == APPROVED), None)
    further = next((each.arn for each in older), "")
    wanted = _wanted(name, row, good) if good else None
    judged = tuple(each for each in rows if (each["version"], each["status"]) == (pointer.live_version, "done"))
    return Case(plan_rollback(wanted, pointer, held=_held(given, pointer)), pointer, wanted, further, judged)


def _wanted(name: str, row: Row, package: Package) -> Wanted:
    serving = Serving(**Project.model_validate(row["document"]).rollout.model_dump())
    target = Target.of(settings().prefix, name, package, serving)
    return Wanted(package, serving, target, endpoints.find(target.endpoint_name))


def _held(given: PlanInput, pointer: Pointer) -> bool:
    return pointer.leased(given.execution, given.now) and executions.running(pointer.execution)


def _settled(attempt: Attempt, case: Case) -> Planned:
    """Make the plan binding: claim what it needs, or record that nothing follows. Raises RolloutUnderWay."""
    answer, wanted = case.plan.answer, case.wanted
    if answer == "busy":
        raise RolloutUnderWay(case.plan.reason, place=f"project {attempt.project}", remedy="Wait for it to end")
    if wanted and answer in IS_CLAIMED:
        rollout = _claimed(attempt, case, wanted)
        reason = attempt.reason if answer == "rollback" else case.plan.reason
        return _planned(attempt, case).model_copy(update={"rollout": rollout, "reason": reason})
    planned = _planned(attempt, case)
    if answer in IS_RECORDED and not _is_to_say(attempt.execution, _recorded(attempt, case, planned)):
        return planned.model_copy(update={"answer": "already_answered"})
    return planned


def _claimed(attempt: Attempt, case: Case, wanted: Wanted) -> Rollout:
    fence = rollouts.claim(attempt, case.pointer, wanted.package, taken_back=case.taken_back)
    row = rollouts.identity(wanted.package.version, fence)
    return Rollout.of(attempt.project, wanted, case.pointer, row=row, fence=fence, previous=case.previous)


def _recorded(attempt: Attempt, case: Case, planned: Planned) -> str:
    because = replace(attempt, reason=case.plan.reason)
    return rollouts.record(because, planned.answer, planned.package_arn, planned.version)


def _planned(attempt: Attempt, case: Case) -> Planned:
    version = case.wanted.package.version if case.wanted else 0
    return Planned(
        answer=case.plan.answer,
        reason=case.plan.reason,
        project=attempt.project,
        cause_id=attempt.cause_id,
        package_arn=case.wanted.package.arn if case.wanted else case.pointer.live,
        model_version=f"{attempt.project}/{version}" if version else "",
        version=version,
        endpoint_name=case.wanted.target.endpoint_name if case.wanted else "",
    )
