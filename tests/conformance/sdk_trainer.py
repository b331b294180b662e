"""Runs in the SDK's environment: ModelTrainer of SDK v3 sends a script with its own launcher and waits for the job.

Arguments: file for the report, bucket, name, folder of the script."""

import json
import os
import sys
from pathlib import Path

import boto3

os.environ["SAGEMAKER_VALIDATE_ROLE"] = "false"

from sagemaker.core.helper.session_helper import Session
from sagemaker.core.image_uris import retrieve
from sagemaker.core.shapes import StoppingCondition
from sagemaker.core.training.configs import Compute, InputData, OutputDataConfig, SourceCode
from sagemaker.train.model_trainer import ModelTrainer

ROLE = "arn:aws:iam::000000000000:role/sagemaker"


def main(report_file: str, bucket: str, name: str, folder: str) -> None:
    region = boto3.Session().region_name
    trainer = ModelTrainer(
        sagemaker_session=Session(boto3.Session(), default_bucket=bucket),
        role=ROLE,
        base_job_name=name,
        training_image=retrieve("xgboost", region=region, version="3.2-0"),
        source_code=SourceCode(source_dir=folder, entry_script="train.py"),
        compute=Compute(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=30),
        output_data_config=OutputDataConfig(s3_output_path=f"s3://{bucket}/trainer"),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=60),
        hyperparameters={"act": "train"},
    )
    rows = InputData(channel_name="train", data_source=f"s3://{bucket}/rows/train/")
    trainer.train(input_data_config=[rows], wait=True, logs=False)
    job = trainer._latest_training_job
    job.refresh()
    report = {"status": job.training_job_status, "artifact": job.model_artifacts.s3_model_artifacts}
    Path(report_file).write_text(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
