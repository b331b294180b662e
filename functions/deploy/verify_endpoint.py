"""VerifyEndpoint: hold the live endpoint against what was intended, down to its answers to the golden rows."""

import json
from dataclasses import asdict
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from tidewheel.aws import endpoints, objects, registry
from tidewheel.domain.errors import GoldenRowsMissing
from tidewheel.domain.golden import difference, score_of
from tidewheel.domain.rollout import Finding, settled
from tidewheel.domain.serving import VARIANT
from tidewheel.messages.deploy import Standing, Verified, VerifyInput
from tidewheel.settings import settings

logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Whether the endpoint is what it shall be; `waiting` while that cannot be told."""
    given = VerifyInput.model_validate(event)
    endpoint = endpoints.find(given.endpoint_name)

    finding = settled(endpoint, given.goal.config_name)
    if finding.answer == "verified":
        finding = _right_model(given.goal) or _right_answers(given)

    logger.info("endpoint looked at", extra={"endpoint": given.endpoint_name, **asdict(finding)})
    return Verified.of(finding, stands_on=endpoint.config_name if endpoint else "").model_dump(mode="json")


def _right_model(goal: Standing) -> Finding | None:
    packages = endpoints.behind(goal.config_name)
    if packages == {VARIANT: goal.package_arn}:
        return None
    return Finding("failed", f"Behind {goal.config_name} stands {json.dumps(packages)}, not {goal.package_arn}")


def _right_answers(given: VerifyInput) -> Finding:
    golden = _golden(given)
    answered = endpoints.ask(given.endpoint_name, [row["instance"] for row in golden])
    if not answered.ready:
        return Finding("waiting", f"The endpoint is not ready: {answered.problem}")
    if answered.problem:
        return Finding("failed", f"The endpoint fails on golden rows: {answered.problem}")
    if answered.model_version != given.goal.model_version:
        return Finding("failed", f"The endpoint says that it is {answered.model_version}")
    wrong = difference([row["score"] for row in golden], [score_of(each) for each in answered.predictions])
    return (
        Finding("failed", f"Wrong answer: {wrong}") if wrong else Finding("verified", f"{len(golden)} golden rows hold")
    )


def _golden(given: VerifyInput) -> list[dict[str, Any]]:
    """The rows that the run kept for this model. A run of several recipes keeps rows for each, in one file."""
    package = registry.find(given.goal.package_arn)
    if package is None or not {"run_id", "recipe"} <= package.facts.keys():
        raise GoldenRowsMissing(
            "nothing says which run made this model", place=given.goal.package_arn, remedy="Register models by training"
        )
    text = objects.read(settings().models_bucket, f"{given.project}/{package.facts['run_id']}/golden.jsonl")
    rows = [json.loads(line) for line in text.splitlines() if line]
    return [row for row in rows if row["recipe"] == package.facts["recipe"]]
