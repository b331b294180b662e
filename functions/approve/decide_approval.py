"""DecideApproval: what becomes of a run's packages. The registry is the truth: what is decided there stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from tidewheel.aws import ledger, questions, registry
from tidewheel.domain.approval import decide, expire
from tidewheel.messages.approve import ApprovalExpired, DecideInput, Decisions, ModelTrained, Question
from tidewheel.project.model import Project
from tidewheel.settings import settings

logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """From ModelTrained or ApprovalExpired to new statuses, and to a question if people decide."""
    given = DecideInput.model_validate(event)
    wake = given.wake()

    answer = _trained(given, wake) if isinstance(wake, ModelTrained) else _expired(given, wake)

    logger.info("approval decided", extra=answer.model_dump(mode="json", exclude={"questions"}))
    return answer.model_dump(mode="json")


def _trained(given: DecideInput, trained: ModelTrained) -> Decisions:
    row = ledger.find(trained.project, "project")
    if row is None or row["status"] != "active":
        return Decisions(outcome="no_such_project" if row is None else "retired")
    approval = Project.model_validate(row["document"]).approval
    packages = {each.arn: registry.find(each.arn) for each in trained.packages}
    candidates = [each.candidate(package.status) for each in trained.packages if (package := packages[each.arn])]
    expires_at = _utc(given.event.time) + timedelta(days=approval.expiry_days)

    decided = decide(approval.mode, candidates, expires_at=expires_at, now=given.now)

    if decided.ask is None:
        return Decisions.of(decided)
    facts = package.facts if (package := packages[decided.ask.arn]) else {}
    question = Question.about(decided.ask, trained, facts, prefix=settings().prefix, expires_at=expires_at)
    asked = questions.asked(given.schedule_group, question.schedule)
    return Decisions.of(decided, () if asked else (question,))


def _expired(given: DecideInput, expired: ApprovalExpired) -> Decisions:
    package = registry.find(expired.package_arn)
    if package is None:
        return Decisions(outcome="nothing_to_decide")
    return Decisions.of(expire(package.arn, package.status, expires_at=_utc(given.event.time)))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
