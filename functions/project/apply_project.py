"""ApplyProject: make the stack be what the project file says that lies in the bucket now, whatever event woke us."""

from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from tidewheel.aws import ledger, objects, projects, schedules, subscriptions
from tidewheel.aws.projects import ProjectFile
from tidewheel.domain.identity import upload_cause
from tidewheel.messages.s3 import S3Event
from tidewheel.project.file import ProjectFileInvalid, parse_file
from tidewheel.project.model import Project
from tidewheel.project.resources import resource_name, resources
from tidewheel.settings import settings

logger = Logger()
ROUNDS = 5  # a file that changes oftener than that has events of its own under way


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    """Register, change or retire a project, or say why its file is not valid."""
    given = S3Event.model_validate(event)
    key = given.detail.object.key

    for _ in range(ROUNDS):
        found = projects.current(key)
        outcome = _apply(given, key, found)
        if projects.current(key) == found:
            break  # else it changed meanwhile, and an older one might have had the last word

    logger.info("project file applied", extra={"key": key, "outcome": outcome})
    return {"key": key, "outcome": outcome}


def _apply(given: S3Event, key: str, found: ProjectFile | None) -> str:
    if found is None:
        return _retire(given, key)
    try:
        project = parse_file(found.text, key)
    except ProjectFileInvalid as invalid:
        return _report(key, "invalid", found.version_id, invalid.report())
    return _register(given, key, found.version_id, project)


def _register(given: S3Event, key: str, version_id: str, project: Project) -> str:
    row = {
        "status": "active",
        "version_id": version_id,
        "document": project.model_dump(mode="json"),
        "contract_digest": project.contract_digest,
        "recipe_digest": project.recipe_digest,
        "cause_id": upload_cause(settings().automation_bucket, key, version_id),
        "updated_at": given.time.isoformat(),
    }
    projects.record(project.project, row, given.detail.object.sequencer)
    _reconcile(project.project)
    return _report(key, "active", version_id)


def _retire(given: S3Event, key: str) -> str:
    """Data, models and a running endpoint stay until an operator says otherwise."""
    name = key.removeprefix("projects/").removesuffix(".yaml")
    row = ledger.find(name, "project")
    if row is None:
        return "absent"
    retired = row | {"status": "retired", "updated_at": given.time.isoformat()}
    projects.record(name, retired, given.detail.object.sequencer)
    _reconcile(name)
    return _report(key, "retired", row["version_id"])


def _reconcile(name: str) -> None:
    """What hangs on the row follows the row, whoever wrote it: events out of order end in one state."""
    row = ledger.get(name, "project")
    active = row["status"] == "active"
    wanted = resources(Project.model_validate(row["document"]), settings().prefix) if active else ()
    if active:
        projects.ensure_group(resource_name(settings().prefix, name), name)
    schedule = next((it for it in wanted if it.kind == "schedule"), None)
    if schedule:
        schedules.put(schedule.name, name, schedule.says)
    else:
        schedules.remove(resource_name(settings().prefix, name))
    subscriptions.set_subscribers(name, [it.name for it in wanted if it.kind == "subscription"])


def _report(key: str, status: str, version_id: str, problems: Sequence[dict[str, Any]] = ()) -> str:
    answer = {"schema": 1, "status": status, "version_id": version_id, "problems": list(problems)}
    objects.write_json(settings().automation_bucket, f"{key.removesuffix('.yaml')}.report.json", answer)
    return status
