"""The whole wheel over boto3: train, evaluate, register, approve, deploy, predict, update, delete."""

import json

import pytest

from tests.local.sagemaker.toys import IMAGE, ROLE, TOY, members, wait


def test_a_model_is_trained_evaluated_registered_approved_and_served(sagemaker, runtime, s3, bucket, training, name):
    sagemaker.create_training_job(**training)
    trained = wait(sagemaker.describe_training_job, "TrainingJobStatus", TrainingJobName=name)
    assert trained["TrainingJobStatus"] == "Completed", trained.get("FailureReason")
    artifact = trained["ModelArtifacts"]["S3ModelArtifacts"]
    assert artifact == f"s3://{bucket}/models/{name}/output/model.tar.gz"
    archive = s3.get_object(Bucket=bucket, Key=f"models/{name}/output/model.tar.gz")["Body"].read()
    assert json.loads(members(archive)["slope.json"]) == {"slope": 2.0, "rows": 4}

    evaluated = evaluate(sagemaker, s3, bucket, name)
    assert evaluated == {"found": {"rows/deep/part-1.csv": "4,8\n", "rows/part-0.csv": "1,2\n2,4\n3,6\n"}, "limit": "7"}

    sagemaker.create_model_package_group(ModelPackageGroupName=name)
    package = sagemaker.create_model_package(
        ModelPackageGroupName=name,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={"Containers": [{"Image": IMAGE, "ModelDataUrl": artifact}]},
    )["ModelPackageArn"]
    assert package.endswith(f":model-package/{name}/1")
    model = {"ModelName": name, "ExecutionRoleArn": ROLE, "PrimaryContainer": container(package, "bikes/1")}
    with pytest.raises(sagemaker.exceptions.ClientError, match="not approved"):
        sagemaker.create_model(**model)
    sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus="Approved")
    sagemaker.create_model(**model)

    serve(sagemaker, name)
    answer = runtime.invoke_endpoint(EndpointName=name, ContentType="text/csv", Body="10\n20")
    assert json.loads(answer["Body"].read()) == {"predictions": [20.0, 40.0], "version": "bikes/1"}
    assert answer["InvokedProductionVariant"] == "live"
    assert answer["ContentType"] == "application/json"

    sagemaker.delete_endpoint(EndpointName=name)
    waiter = sagemaker.get_waiter("endpoint_deleted")
    waiter.wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 10})


def evaluate(sagemaker, s3, bucket, name):
    s3.put_object(Bucket=bucket, Key="code/evaluate.py", Body=TOY.joinpath("evaluate.py").read_bytes())
    inputs = "/opt/ml/processing/input"
    sources = {"code": f"s3://{bucket}/code/evaluate.py", "rows": f"s3://{bucket}/rows/train/"}
    sagemaker.create_processing_job(
        ProcessingJobName=name,
        RoleArn=ROLE,
        AppSpecification={
            "ImageUri": IMAGE,
            "ContainerEntrypoint": ["python3", f"{inputs}/code/evaluate.py"],
            "ContainerArguments": [inputs, "/opt/ml/processing/output"],
        },
        Environment={"LIMIT": "7", "MESSAGE_FILE": "/opt/ml/output/message"},
        ProcessingResources={
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
        },
        ProcessingInputs=[
            {
                "InputName": channel,
                "S3Input": {
                    "S3Uri": uri, "LocalPath": f"{inputs}/{channel}", "S3DataType": "S3Prefix", "S3InputMode": "File",
                },
            }
            for channel, uri in sources.items()
        ],
        ProcessingOutputConfig={
            "Outputs": [
                {
                    "OutputName": "evaluation",
                    "S3Output": {
                        "S3Uri": f"s3://{bucket}/evaluations/{name}",
                        "LocalPath": "/opt/ml/processing/output",
                        "S3UploadMode": "EndOfJob",
                    },
                }
            ]
        },
    )  # fmt: skip
    done = wait(sagemaker.describe_processing_job, "ProcessingJobStatus", ProcessingJobName=name)
    assert done["ProcessingJobStatus"] == "Completed", done.get("FailureReason")
    assert done["ExitMessage"] == "evaluated"
    return json.loads(s3.get_object(Bucket=bucket, Key=f"evaluations/{name}/evaluation.json")["Body"].read())


def container(package, version):
    environment = {
        "VERSION": version,
        "SAGEMAKER_PROGRAM": "inference.py",
        "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
    }
    return {"ModelPackageName": package, "Environment": environment}


def serve(sagemaker, name):
    variant = {
        "VariantName": "live", "ModelName": name, "InstanceType": "ml.t2.medium", "InitialInstanceCount": 1,
    }  # fmt: skip
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    waiter = sagemaker.get_waiter("endpoint_in_service")
    waiter.wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
