"""What holds state: kept, encrypted, private, versioned, and out of the wrong hands."""

import pytest

from tests.template.statements import statements, words

STATEFUL = {"AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::KMS::Key"}
ROOT = "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"
# Bucket -> who may write in it. Everybody else is denied, whatever else they are allowed.
WRITERS = {
    "DatasetsBucket": {"ValidateUploadFunctionRole", "PlanTrainingFunctionRole"},
    "FeaturesBucket": set(),
    "ModelsBucket": {"PlanTrainingFunctionRole", "JudgeCandidatesFunctionRole", "TrainingRole", "EvaluationRole"},
    "AutomationBucket": {"ApplyProjectFunctionRole"},
}


@pytest.fixture(scope="module")
def bucket_policies(of_type):
    """Bucket -> the statements of its policy."""
    return {
        each["Properties"]["Bucket"]["Ref"]: list(statements(each["Properties"]["PolicyDocument"]))
        for each in of_type("AWS::S3::BucketPolicy").values()
    }


def test_what_holds_state_outlives_the_stack_and_its_replacement(resources):
    for name, each in resources.items():
        kept = each.get("DeletionPolicy") == each.get("UpdateReplacePolicy") == "Retain"
        assert kept == (each["Type"] in STATEFUL) or each["Type"] == "AWS::Lambda::Version", name


def test_every_bucket_is_private_versioned_swept_and_announces_its_objects(of_type):
    assert len(of_type("AWS::S3::Bucket")) == 5
    for bucket in of_type("AWS::S3::Bucket").values():
        about = bucket["Properties"]
        assert set(about["PublicAccessBlockConfiguration"].values()) == {True}
        assert about["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        assert about["VersioningConfiguration"] == {"Status": "Enabled"}
        assert about["NotificationConfiguration"]["EventBridgeConfiguration"]["EventBridgeEnabled"] is True
        rules = {kind for rule in about["LifecycleConfiguration"]["Rules"] for kind in rule}
        assert {"AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"} <= rules


def test_every_bucket_is_encrypted_by_the_stacks_key_or_by_s3_as_the_parameter_says(of_type):
    for bucket in of_type("AWS::S3::Bucket").values():
        (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        by_default = rule["ServerSideEncryptionByDefault"]
        assert words(by_default["SSEAlgorithm"]) == "aws:kms if CustomerKey else AES256"
        assert by_default["KMSMasterKeyID"]["Fn::If"][:2] == ["CustomerKey", {"Fn::GetAtt": ["Key", "Arn"]}]
        assert rule["BucketKeyEnabled"]["Fn::If"][:2] == ["CustomerKey", True]


def test_every_bucket_answers_over_tls_only(of_type, bucket_policies):
    assert set(bucket_policies) == set(of_type("AWS::S3::Bucket"))
    for bucket, policy in bucket_policies.items():
        insecure = [each for each in policy if each.condition == {("Bool", "aws:SecureTransport"): ["false"]}]
        assert [(each.effect, each.actions) for each in insecure] == [("Deny", ("s3:*",))]
        assert insecure[0].resources == (f"${{{bucket}.Arn}}", f"${{{bucket}.Arn}}/*")


@pytest.mark.parametrize("bucket", WRITERS)
def test_people_are_kept_out_of_what_only_automation_writes(bucket, bucket_policies):
    writing = ("s3:PutObject*", "s3:DeleteObject*")

    (denied,) = [
        each
        for each in bucket_policies[bucket]
        if each.actions == writing and ("ArnNotEquals", "aws:PrincipalArn") in each.condition
    ]

    assert set(denied.condition[("ArnNotEquals", "aws:PrincipalArn")]) == {
        ROOT,
        *(f"${{{role}.Arn}}" for role in WRITERS[bucket]),
    }


def test_people_write_project_files_and_automation_does_not(bucket_policies):
    files = "${AutomationBucket.Arn}/projects/*.yaml"
    everyone_but, automation = bucket_policies["AutomationBucket"][1:]

    assert everyone_but.excepted == (files,)
    assert automation.resources == (files,)
    assert automation.condition == {("ArnEquals", "aws:PrincipalArn"): ["${ApplyProjectFunctionRole.Arn}"]}


def test_no_step_writes_into_the_inbox_which_would_wake_it_again(of_type, bucket_policies):
    denied = bucket_policies["InboxBucket"][1]
    writers = {role for roles in WRITERS.values() for role in roles} - {"ApplyProjectFunctionRole"}

    assert set(denied.condition[("ArnEquals", "aws:PrincipalArn")]) == {f"${{{role}.Arn}}" for role in writers}
    assert denied.effect == "Deny"


def test_the_ledger_can_be_restored_expires_rows_and_is_hard_to_delete(resources):
    ledger = resources["LedgerTable"]["Properties"]

    assert ledger["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert ledger["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert ledger["DeletionProtectionEnabled"] == {"Ref": "ProtectLedger"}
    assert [index["IndexName"] for index in ledger["GlobalSecondaryIndexes"]] == ["kind"]


def test_the_key_turns_and_can_be_taken_back_for_a_month(resources):
    key = resources["Key"]["Properties"]
    assert (key["EnableKeyRotation"], key["PendingWindowInDays"]) == (True, 30)


def test_nothing_is_made_that_costs_while_it_idles(resources):
    """docs/idle-bill.md itemises it: a key, alarms, and storage of what is there."""
    billed = {"KMS::Key": 1, "CloudWatch::Alarm": 8}
    free = {
        *("S3::Bucket", "S3::BucketPolicy", "DynamoDB::Table", "Events::EventBus", "Events::Archive", "Events::Rule"),
        *("SQS::Queue", "SQS::QueuePolicy", "SNS::Topic", "SNS::TopicPolicy", "SNS::Subscription"),
        *(
            "IAM::Role",
            "IAM::ManagedPolicy",
            "Scheduler::ScheduleGroup",
            "Logs::LogGroup",
            "StepFunctions::StateMachine",
        ),
        *("Lambda::Function", "Lambda::Version", "Lambda::Alias", "Lambda::LayerVersion", "Lambda::Permission"),
        "Lambda::EventInvokeConfig",
    }
    kinds = [each["Type"].removeprefix("AWS::") for each in resources.values()]

    assert {kind: kinds.count(kind) for kind in set(kinds) - free} == billed
    assert resources["LedgerTable"]["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
    assert "ProvisionedConcurrencyConfig" not in str(resources)
