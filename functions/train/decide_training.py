"""DecideTraining: where every cause to train meets the lease, the policy and what is new; its answer is stored."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from tidewheel.aws import executions, ledger, trainings
from tidewheel.aws.ledger import Row
from tidewheel.domain.decision import Cause, Decision, Facts, Policy, decide, must_ask, next_cause
from tidewheel.domain.errors import LedgerContended
from tidewheel.domain.identity import short
from tidewheel.messages.train import Decided, DecideInput, wake_detail
from tidewheel.project.model import Project
from tidewheel.settings import settings

logger = Logger()

ALMOST_A_SECOND = timedelta(microseconds=999_999)  # or it would ring too early, and be told to wait again
ATTEMPTS = 5  # to write a decision while others write theirs


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """From the event that woke the flow to the answer."""
    given = DecideInput.model_validate(event)
    cause = given.event.cause(given.execution)
    project = given.event.project or trainings.held_by(cause.died)

    if project:
        decided = _settled(project, _undecided(project, given) or cause, given)
    else:
        decided = Decided(answer="ignored", reasons=("no run died",))

    logger.info("training decided", extra=decided.model_dump(mode="json"))
    return decided.model_dump(mode="json")


def _undecided(project: str, given: DecideInput) -> Cause | None:
    """The cause that an execution carried which died before anything was decided about it."""
    first = given.event.first()
    if first.died or not given.event.died:
        return None
    cause = first.cause(given.execution)
    known = ledger.find(project, "decision", trainings.decision_id(cause))
    return cause if known is None or known["execution"] == given.execution else None


def _settled(project: str, cause: Cause, given: DecideInput) -> Decided:
    """The decision, written. Raises LedgerContended."""
    for _ in range(ATTEMPTS):
        row = ledger.find(project, "project")
        policy = _policy(row)
        facts = _facts(project, cause, row, given)
        decision = decide(project, cause, facts, policy, given.now)
        seen = {"new_rows": facts.new_rows, "hours": facts.hours, "recipe_digest": facts.recipe_digest}
        if trainings.commit(project, cause, decision, facts.training, seen, given.now.isoformat()):
            following = next_cause(cause, decision)
            return _settled(project, following, given) if following else _said(project, cause, decision)
    raise LedgerContended(
        "others kept writing the training row", place=f"project {project}", remedy="It is decided again by itself"
    )


def _facts(project: str, cause: Cause, row: Row | None, given: DecideInput) -> Facts:
    training = trainings.read(project)  # first: what is decided after this moment makes our write fail
    before = ledger.find(project, "decision", trainings.decision_id(cause)) or {}
    run = str(before.get("run_id", ""))
    asks = must_ask(training, cause, run, given.now)
    accepted = sorted(ledger.rows(project, "dataset"), key=lambda each: (each["updated_at"], each["sk"]))
    return Facts(
        training=training,
        datasets={str(each["sk"]).partition("#")[2]: each["rows"] for each in accepted},
        recipe_digest=str(row["recipe_digest"]) if row else "",
        hours=trainings.hours(project, given.now),
        active=row is not None and row["status"] == "active",
        answered=before.get("answer"),
        answered_run=run,
        answered_reasons=tuple(before.get("reasons", ())),
        holder_runs=executions.running(training.execution) if asks else True,
    )


def _policy(row: Row | None) -> Policy:
    if row is None:
        return Policy((), 0, 0, 1.0, timedelta(), None)
    project = Project.model_validate(row["document"])
    retrain, training = project.retrain, project.training
    return Policy(
        on=retrain.on,
        minimum_new_rows=retrain.minimum_new_rows,
        minimum_rows=project.gate.minimum_rows,
        holdout_share=1.0 if training.holdout_days else training.holdout_share,
        cooldown=timedelta(hours=retrain.cooldown_hours),
        monthly_hours=retrain.monthly_hours,
        freeze=tuple((each.start, each.end) for each in retrain.freeze),
    )


def _said(project: str, cause: Cause, decision: Decision) -> Decided:
    return Decided(
        answer=decision.answer,
        reasons=decision.reasons,
        project=project,
        cause_id=cause.id,
        decision_id=trainings.decision_id(cause),
        run_id=decision.run_id,
        fence=decision.training.fence,
        wake=_wake(project, decision),
    )


def _wake(project: str, decision: Decision) -> dict[str, str] | None:
    if decision.wake_at is None:
        return None
    at = (decision.wake_at + ALMOST_A_SECOND).strftime("%Y-%m-%dT%H:%M:%S")  # a schedule knows whole seconds
    name = f"{settings().prefix}-{project}-wake-{short(at, 8)}"
    return {"name": name, "at": at, "detail": wake_detail(project, name, at)}
