"""JudgeCandidates: hold the evaluation's numbers against the gate, and write the verdict with its evidence."""

import json
from dataclasses import asdict
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from tidewheel.aws import jobs, objects, trainings
from tidewheel.domain.gate import Gate, Judgement, judge, rank
from tidewheel.domain.identity import digest
from tidewheel.domain.provenance import facts, token
from tidewheel.messages.train import Candidate, Judged, JudgeInput, Plan
from tidewheel.reports.training import origins, training_page

logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """From the evaluation to verdicts, best candidate first."""
    given = JudgeInput.model_validate(event)
    body = objects.read(*objects.locate(f"{given.plan.folder}/evaluation/evaluation.json"))
    evaluation, gate = json.loads(body), Gate(**given.plan.gate)

    judgements = rank({name: judge(name, each, evaluation, gate) for name, each in evaluation["candidates"].items()})

    judged = _said(given.plan, evaluation, judgements, digest(body))
    _keep(given, evaluation, judgements, gate, judged)
    logger.info("candidates judged", extra={"run_id": given.plan.run_id, "verdict": judged.verdict})
    return judged.model_dump(mode="json")


def _said(plan: Plan, evaluation: dict[str, Any], judgements: list[Judgement], digested: str) -> Judged:
    requests = {request.recipe: request for request in plan.requests}
    candidates = tuple(
        Candidate(
            recipe=each.recipe,
            verdict=each.verdict,
            passed=each.passed,
            reasons=each.reasons,
            image=requests[each.recipe].image,
            model_url=requests[each.recipe].model_url,
            facts=facts(plan.told(each.recipe), each, evaluation["candidates"][each.recipe]["metrics"]),
            token=token(plan.run_id, each.recipe),
        )
        for each in judgements
    )
    evidence = {"uri": f"{plan.folder}/evaluation/evaluation.json", "digest": f"sha256:{digested}"}
    profile = objects.read(*objects.locate(plan.profile_uri))
    return Judged(
        candidates=candidates,
        verdict=judgements[0].verdict,
        report_uri=f"{plan.folder}/report.html",
        evaluation=evidence,
        profile={"uri": plan.profile_uri, "digest": f"sha256:{digest(profile)}"},
    )


def _keep(
    given: JudgeInput, evaluation: dict[str, Any], judgements: list[Judgement], gate: Gate, judged: Judged
) -> None:
    """Verdict, report and golden rows beside the evaluation; verdict and costs in the run's row."""
    plan, bucket = given.plan, objects.locate(given.plan.folder)[0]
    gains = origins(evaluation, gate.metric)
    verdict = {
        "schema": 1,
        **plan.model_dump(mode="json", include={"project", "run_id", "decision_id", "snapshot_id", "gate"}),
        "verdict": judged.verdict,
        "passed": judgements[0].passed,
        "candidates": [asdict(each) for each in judgements],
        "origins": {"data": gains[0], "recipe": gains[1]} if gains else None,
    }
    costs = [jobs.training(each.job_name) for each in plan.requests] + [jobs.processing(plan.evaluation_job)]
    folder = objects.locate(plan.folder)[1]
    golden = objects.read(bucket, f"{folder}/evaluation/golden.jsonl")
    objects.write(bucket, f"{folder}/golden.jsonl", golden, "application/jsonl")
    page = training_page(plan.told("current"), evaluation, judgements, gate)
    objects.write(bucket, f"{folder}/report.html", page, "text/html; charset=utf-8")
    objects.write_json(bucket, f"{folder}/verdict.json", verdict)
    trainings.judged(plan.project, plan.run_id, judged.verdict, judged.report_uri, costs, given.now.isoformat())
