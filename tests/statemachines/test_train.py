"""The train flow, played: what AWS is asked on the way to a registered candidate."""

import pytest

from tests.statemachines.training import ARN, CANDIDATE, DECIDED, JOB, JUDGED, PLAN, REQUEST, TOKENS, published, run


def test_an_upload_becomes_a_registered_candidate_in_eleven_transitions():
    played = run()

    assert played.status == "SUCCEEDED"
    assert played.transitions == 11
    assert played.end == "FinishRun"
    assert played.output["packages"][0] | {"reasons": []} == {
        "arn": ARN,
        "version": 1,
        "recipe": "current",
        "verdict": "first",
        "passed": True,
        "reasons": [],
    }


def test_the_event_lists_the_packages_best_first():
    second = CANDIDATE | {"recipe": "champion", "passed": False, "verdict": "worse"}
    arns = iter([ARN, ARN.replace("/1", "/2")])

    played = run(
        PlanTraining=PLAN | {"requests": [REQUEST, REQUEST | {"recipe": "champion", "job_name": "other"}]},
        JudgeCandidates=JUDGED | {"candidates": [CANDIDATE, second]},
        RegisterCandidate=lambda _: {"ModelPackageArn": next(arns)},
    )

    ((kind, detail),) = published(played, "PublishTrained")
    assert kind == "ModelTrained"
    assert [(each["version"], each["recipe"], each["passed"]) for each in detail["packages"]] == [
        (1, "current", True),
        (2, "champion", False),
    ]
    assert [asked["TrainingJobName"] for asked in played.asked("TrainCandidate")] == [JOB, "other"]


def test_a_training_job_is_isolated_bounded_and_tagged():
    (asked,) = run().asked("TrainCandidate")

    assert asked["EnableNetworkIsolation"] is True
    assert asked["EnableInterContainerTrafficEncryption"] is True
    assert asked["StoppingCondition"] == {"MaxRuntimeInSeconds": 86400}
    assert {tag["Key"]: tag["Value"] for tag in asked["Tags"]} == {
        "tidewheel:project": "bikes",
        "tidewheel:run": DECIDED["run_id"],
        "tidewheel:decision": "dec-1",
    }
    assert [channel["ChannelName"] for channel in asked["InputDataConfig"]] == ["train"]
    assert "KmsKeyId" not in asked["OutputDataConfig"]
    assert "VolumeKmsKeyId" not in asked["ResourceConfig"]


@pytest.mark.parametrize(("local_disk", "volume"), [(False, {"VolumeKmsKeyId": "arn:key"}), (True, {})])
def test_a_customer_key_encrypts_all_that_sagemaker_lets_it(local_disk, volume):
    plan = PLAN | {"requests": [REQUEST | {"local_disk": local_disk}]}

    played = run(tokens=TOKENS | {"Key": "arn:key"}, PlanTraining=plan)

    (asked,), (evaluated,) = played.asked("TrainCandidate"), played.asked("EvaluateCandidates")
    assert asked["OutputDataConfig"]["KmsKeyId"] == "arn:key"
    assert {name: asked["ResourceConfig"][name] for name in asked["ResourceConfig"] if "Kms" in name} == volume
    assert evaluated["ProcessingOutputConfig"]["KmsKeyId"] == "arn:key"


def test_spot_capacity_is_waited_for_and_checkpoints_are_kept():
    (asked,) = run(PlanTraining=PLAN | {"requests": [REQUEST | {"spot": True}]}).asked("TrainCandidate")

    assert asked["EnableManagedSpotTraining"] is True
    assert asked["StoppingCondition"] == {"MaxRuntimeInSeconds": 86400, "MaxWaitTimeInSeconds": 172800}
    assert asked["CheckpointConfig"]["LocalPath"] == asked["Environment"]["TIDEWHEEL_CHECKPOINTS"]


def test_a_candidate_is_registered_as_pending_with_its_evidence():
    (asked,) = run().asked("RegisterCandidate")

    assert asked["ModelApprovalStatus"] == "PendingManualApproval"
    assert asked["ModelPackageGroupName"] == "tw-bikes"
    assert asked["ModelMetrics"]["ModelQuality"]["Statistics"]["ContentDigest"] == "sha256:1"
    assert asked["DriftCheckBaselines"]["ModelDataQuality"]["Statistics"]["S3Uri"] == JUDGED["profile"]["uri"]


def test_the_final_write_frees_the_lease_only_under_its_own_fence():
    training, finished = (each["Update"] for each in run().asked("FinishRun")[0]["TransactItems"])

    assert training["ConditionExpression"] == "#owner = :run AND fence = :fence AND size(pending) = :zero"
    assert training["ExpressionAttributeValues"][":fence"] == {"N": "1"}
    assert finished["Key"]["sk"] == {"S": f"run#{DECIDED['run_id']}"}
    assert finished["ExpressionAttributeValues"][":packages"]["L"][0]["M"]["arn"] == {"S": ARN}
