"""The Model Registry: versions, approval, metadata, and its conflicts."""

import pytest
from botocore.exceptions import ClientError

from tests.local.sagemaker.toys import IMAGE

CONTAINERS = {"Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz"}]}


@pytest.fixture
def group(sagemaker, name) -> str:
    sagemaker.create_model_package_group(ModelPackageGroupName=name, Tags=[{"Key": "project", "Value": "bikes"}])
    return name


@pytest.fixture
def register(sagemaker, group):
    def create(**members) -> str:
        request = {"ModelPackageGroupName": group, "InferenceSpecification": CONTAINERS} | members
        return sagemaker.create_model_package(**request)["ModelPackageArn"]

    return create


def test_versions_count_up_and_are_never_given_twice(sagemaker, register, group):
    first, second = register(), register()
    sagemaker.delete_model_package(ModelPackageName=second)

    third = register()

    assert [arn.rsplit("/", 1)[1] for arn in (first, second, third)] == ["1", "2", "3"]
    assert sagemaker.describe_model_package(ModelPackageName=third)["ModelPackageVersion"] == 3


def test_a_repeated_client_token_registers_once(sagemaker, register, group):
    first, again = register(ClientToken="run-1"), register(ClientToken="run-1")

    assert first == again
    listed = sagemaker.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"]
    assert [package["ModelPackageArn"] for package in listed] == [first]


def test_a_package_keeps_everything_that_it_was_registered_with(sagemaker, register):
    metrics = {"ContentType": "application/json", "S3Uri": "s3://models/e.json", "ContentDigest": "sha256:" + "0" * 64}
    members = {
        "CustomerMetadataProperties": {"snapshot_id": "snap-1"},
        "ModelMetrics": {"ModelQuality": {"Statistics": metrics}},
        "MetadataProperties": {"CommitId": "abc"},
        "ModelPackageDescription": "better",
        "SkipModelValidation": "All",
    }

    described = sagemaker.describe_model_package(ModelPackageName=register(**members))

    assert {name: described[name] for name in members} == members
    assert described["ModelApprovalStatus"] == "PendingManualApproval"
    assert described["ModelPackageStatus"] == "Completed"


def test_an_update_changes_status_and_metadata(sagemaker, register):
    arn = register(CustomerMetadataProperties={"a": "1", "b": "2"})

    sagemaker.update_model_package(
        ModelPackageArn=arn,
        ModelApprovalStatus="Approved",
        ApprovalDescription="it won",
        CustomerMetadataProperties={"c": "3"},
        CustomerMetadataPropertiesToRemove=["a"],
    )

    described = sagemaker.describe_model_package(ModelPackageName=arn)
    assert (described["ModelApprovalStatus"], described["ApprovalDescription"]) == ("Approved", "it won")
    assert described["CustomerMetadataProperties"] == {"b": "2", "c": "3"}
    assert "LastModifiedTime" in described


def test_packages_are_listed_by_status_newest_last_as_asked(sagemaker, register, group):
    arns = [register() for _ in range(12)]
    sagemaker.update_model_package(ModelPackageArn=arns[3], ModelApprovalStatus="Approved")

    approved = sagemaker.list_model_packages(ModelPackageGroupName=group, ModelApprovalStatus="Approved")
    pages = sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=group, SortBy="CreationTime", SortOrder="Descending"
    )

    assert [package["ModelPackageArn"] for package in approved["ModelPackageSummaryList"]] == [arns[3]]
    listed = [package["ModelPackageArn"] for page in pages for package in page["ModelPackageSummaryList"]]
    assert listed == arns[::-1]


def test_groups_are_described_listed_tagged_and_deleted_when_empty(sagemaker, register, group):
    arn = sagemaker.describe_model_package_group(ModelPackageGroupName=group)["ModelPackageGroupArn"]
    package = register()
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "project", "Value": "bikes"}]
    found = sagemaker.list_model_package_groups(NameContains=group)["ModelPackageGroupSummaryList"]
    assert [entry["ModelPackageGroupArn"] for entry in found] == [arn]

    with pytest.raises(sagemaker.exceptions.ConflictException):
        sagemaker.delete_model_package_group(ModelPackageGroupName=group)
    sagemaker.delete_model_package(ModelPackageName=package)
    sagemaker.delete_model_package_group(ModelPackageGroupName=group)

    with pytest.raises(ClientError, match="does not exist"):
        sagemaker.describe_model_package_group(ModelPackageGroupName=group)


def test_a_deleted_group_that_is_made_anew_starts_at_one_again_with_new_packages(sagemaker, register, group):
    sagemaker.delete_model_package(ModelPackageName=register())
    sagemaker.delete_model_package_group(ModelPackageGroupName=group)

    sagemaker.create_model_package_group(ModelPackageGroupName=group)

    assert register().endswith("/1")


def test_a_package_without_a_group_has_a_name(sagemaker, name):
    arn = sagemaker.create_model_package(ModelPackageName=name, InferenceSpecification=CONTAINERS)["ModelPackageArn"]

    assert arn.endswith(f":model-package/{name}")
    assert sagemaker.describe_model_package(ModelPackageName=name)["ModelPackageName"] == name
    listed = sagemaker.list_model_packages(NameContains=name)["ModelPackageSummaryList"]
    assert [package["ModelPackageArn"] for package in listed] == [arn]
