"""VerifyEndpoint against endpoints that are right, not yet right, and wrong."""

import pytest
from botocore.stub import Stubber
from deploy.verify_endpoint import handler
from tidewheel.aws.clients import client
from tidewheel.domain.errors import GoldenRowsMissing, ObjectMissing

from tests.functions.deploy import world

pytestmark = pytest.mark.usefixtures("aws")

GOAL = {"config_name": "tw-bikeshare-1-aaaaaa", "package_arn": world.arn(1), "model_version": "bikeshare/1"}
RIGHT = {"predictions": [{"score": 0.9}, {"score": 0.1}], "model_version": "bikeshare/1"}


def verify(goal=GOAL):
    found = handler({"endpoint_name": "tw-bikeshare", "project": "bikeshare", "goal": goal}, world.Context())
    return found["answer"], found["reason"]


def serve(body=RIGHT, **endpoint):
    world.register("Approved")
    world.make_endpoint("tw-bikeshare", GOAL["config_name"], world.arn(1), **endpoint)
    world.answers(body)


def test_the_right_model_that_answers_as_stored_is_verified():
    serve()

    found = handler({"endpoint_name": "tw-bikeshare", "project": "bikeshare", "goal": GOAL}, world.Context())

    assert found == {"answer": "verified", "reason": "2 golden rows hold", "stands_on": GOAL["config_name"]}


def test_an_endpoint_that_is_not_there_is_not_verified():
    assert verify() == ("failed", "There is no endpoint")


@pytest.mark.parametrize("status", ["Creating", "Updating", "SystemUpdating", "RollingBack"])
def test_an_endpoint_that_changes_is_waited_for(status):
    serve(status=status)

    assert verify()[0] == "waiting"


@pytest.mark.parametrize("status", ["Failed", "OutOfService", "UpdateRollbackFailed", "Deleting"])
def test_an_endpoint_that_ended_badly_is_a_failure(status):
    serve(status=status)

    assert verify() == ("failed", f"The endpoint is {status}: SageMaker gives no reason")


def test_an_endpoint_that_sagemaker_took_back_silently_is_a_failure():
    serve()

    answer = verify(GOAL | {"config_name": "tw-bikeshare-2-bbbbbb"})

    assert answer == ("failed", "SageMaker went back to tw-bikeshare-1-aaaaaa: SageMaker gives no reason")


def test_another_package_behind_the_configuration_is_a_failure():
    serve()

    assert "model-package/tw-bikeshare/1" in verify(GOAL | {"package_arn": world.arn(2)})[1]


def test_a_variant_of_another_name_is_a_failure():
    serve(variant="AllTraffic")

    assert verify()[0] == "failed"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({**RIGHT, "model_version": "bikeshare/9"}, "The endpoint says that it is bikeshare/9"),
        ({**RIGHT, "predictions": [{"score": 0.9}, {"score": 0.2}]}, "golden row 2 is answered 0.2, not 0.1"),
        ({**RIGHT, "predictions": [{"score": 0.9}]}, "2 golden rows were asked, 1 were answered"),
        ({"message": "fine"}, "it answers"),
        ("fine", "it answers"),
    ],
)
def test_a_wrong_answer_is_a_failure_that_says_which(body, reason):
    serve(body)

    answer, said = verify()

    assert answer == "failed"
    assert reason in said


@pytest.mark.parametrize(
    ("code", "answer"),
    [("ModelError", "failed"), ("ValidationError", "failed"), ("ModelNotReadyException", "waiting")],
)
def test_an_error_of_the_model_is_a_failure_and_one_of_the_platform_is_not_yet(code, answer):
    serve()
    with Stubber(client("sagemaker-runtime")) as runtime:
        runtime.add_client_error("invoke_endpoint", code, "no", http_status_code=424)

        assert verify()[0] == answer


def test_without_golden_rows_nothing_is_verified():
    serve()
    client("s3").delete_object(Bucket="models", Key="bikeshare/bikeshare-00001-abcdef/golden.jsonl")

    with pytest.raises(ObjectMissing):
        verify()


def test_a_package_that_no_run_of_ours_made_cannot_be_verified():
    world.register("Approved")
    client("sagemaker").create_model_package(ModelPackageGroupName="tw-bikeshare", ModelApprovalStatus="Approved")
    world.make_endpoint("tw-bikeshare", GOAL["config_name"], world.arn(2))

    with pytest.raises(GoldenRowsMissing):
        verify(GOAL | {"package_arn": world.arn(2)})
