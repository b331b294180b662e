"""Runs in the SDK's environment: its resource classes train, register, deploy and predict against the local service.

Arguments: file for the report, bucket, name. The bucket holds rows/train/ and code/sourcedir.tar.gz."""

import json
import sys
from pathlib import Path

import boto3
from sagemaker.core.image_uris import retrieve
from sagemaker.core.resources import (
    Endpoint,
    EndpointConfig,
    Model,
    ModelPackage,
    ModelPackageGroup,
    TrainingJob,
)
from sagemaker.core.shapes import (
    AlgorithmSpecification,
    Channel,
    ContainerDefinition,
    DataSource,
    OutputDataConfig,
    ProductionVariant,
    ResourceConfig,
    S3DataSource,
    StoppingCondition,
)

ROLE = "arn:aws:iam::000000000000:role/sagemaker"
IMAGE = retrieve("xgboost", region=boto3.Session().region_name, version="3.2-0")


def train(bucket: str, name: str) -> TrainingJob:
    rows = S3DataSource(s3_data_type="S3Prefix", s3_uri=f"s3://{bucket}/rows/train/")
    job = TrainingJob.create(
        training_job_name=name,
        role_arn=ROLE,
        algorithm_specification=AlgorithmSpecification(training_image=IMAGE, training_input_mode="File"),
        hyper_parameters={
            "sagemaker_program": "train.py",
            "sagemaker_submit_directory": f"s3://{bucket}/code/sourcedir.tar.gz",
        },
        input_data_config=[Channel(channel_name="train", data_source=DataSource(s3_data_source=rows))],
        output_data_config=OutputDataConfig(s3_output_path=f"s3://{bucket}/models"),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=30),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=60),
    )
    job.wait(poll=1, logs=False)
    return job


def register(job: TrainingJob, name: str) -> ModelPackage:
    ModelPackageGroup.create(model_package_group_name=name).wait_for_status("Completed", poll=1)
    data = job.model_artifacts.s3_model_artifacts
    # ModelPackage.create of 3.27.0 fails on AWS as well: it reads a member that the answer does not have.
    created = boto3.client("sagemaker").create_model_package(
        ModelPackageGroupName=name,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={"Containers": [{"Image": IMAGE, "ModelDataUrl": data}]},
    )
    package = ModelPackage.get(created["ModelPackageArn"])
    package.wait_for_status("Completed", poll=1)
    package.update(model_approval_status="Approved")
    return package


def deploy(package: ModelPackage, name: str) -> Endpoint:
    environment = {"SAGEMAKER_PROGRAM": "inference.py", "VERSION": "sdk/1"}
    container = ContainerDefinition(model_package_name=package.model_package_arn, environment=environment)
    Model.create(model_name=name, execution_role_arn=ROLE, primary_container=container)
    variant = ProductionVariant(
        variant_name="live", model_name=name, instance_type="ml.t2.medium", initial_instance_count=1
    )
    EndpointConfig.create(endpoint_config_name=name, production_variants=[variant])
    endpoint = Endpoint.create(endpoint_name=name, endpoint_config_name=name)
    endpoint.wait_for_status("InService", poll=1)
    return endpoint


def main(report_file: str, bucket: str, name: str) -> None:
    job = train(bucket, name)
    package = register(job, name)
    endpoint = deploy(package, name)
    answer = endpoint.invoke(body="10", content_type="text/csv")
    report = {
        "status": job.training_job_status,
        "approval": ModelPackage.get(package.model_package_arn).model_approval_status,
        "versions": [entry.model_package_version for entry in ModelPackage.get_all(model_package_group_name=name)],
        "jobs": [entry.training_job_name for entry in TrainingJob.get_all(name_contains=name)],
        "answer": json.loads(answer.body.read()),
    }
    endpoint.delete()
    endpoint.wait_for_delete(poll=1)
    Path(report_file).write_text(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
