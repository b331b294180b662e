"""Nothing is lost between services: dead letters, alarms on them, and the right to write into what is encrypted."""

import re
from pathlib import Path

import pytest

from tests.template.statements import granted, statements, words

ROOT = Path(__file__).parents[2]
QUEUES = {"UndeliveredEvents", "UndeliveredSchedules", "UnappliedProjects"}


@pytest.fixture(scope="module")
def rules(of_type):
    return {name: each["Properties"] for name, each in of_type("AWS::Events::Rule").items()}


@pytest.fixture(scope="module")
def alarms(of_type):
    return {name: each["Properties"] for name, each in of_type("AWS::CloudWatch::Alarm").items()}


@pytest.fixture(scope="module")
def key_policy(resources):
    return list(statements(resources["Key"]["Properties"]["KeyPolicy"]))


def test_every_rule_retries_for_a_day_and_then_keeps_the_event(rules):
    for name, rule in rules.items():
        for target in rule["Targets"]:
            assert target["DeadLetterConfig"]["Arn"] == {"Fn::GetAtt": ["UndeliveredEvents", "Arn"]}, name
            assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}, name


def test_every_rule_that_starts_a_flow_has_the_role_for_it(rules, resources):
    (start,) = granted(resources["StartFlowsRole"])
    started = {words(target["Arn"]) for rule in rules.values() for target in rule["Targets"] if "RoleArn" in target}

    assert started == set(start.resources)
    for rule in rules.values():
        for target in rule["Targets"]:
            assert ("StateMachine" in words(target["Arn"])) == ("RoleArn" in target)


def test_a_rule_on_s3_is_limited_to_one_bucket_and_none_that_its_flow_writes(rules):
    watched = {
        name: [words(bucket) for bucket in rule["EventPattern"]["detail"]["bucket"]["name"]]
        for name, rule in rules.items()
        if rule["EventPattern"].get("source") == ["aws.s3"]
    }
    assert watched == {
        "UploadRule": ["${InboxBucket}"],
        "ApplyProjectFunctionProjectFile": ["${AutomationBucket}"],
    }
    reports = rules["ApplyProjectFunctionProjectFile"]["EventPattern"]["detail"]["object"]["key"]
    assert reports == [{"wildcard": "projects/*.yaml"}]  # not the .report.json that answers it


def test_only_an_update_that_approves_wakes_deploy(rules):
    detail = rules["DeployOnApprovalRule"]["EventPattern"]["detail"]
    assert detail["ModelApprovalStatus"] == ["Approved"]
    assert detail["UpdatedModelPackageFields"] == ["ModelApprovalStatus"]
    assert [words(each["prefix"]) for each in detail["ModelPackageGroupName"]] == ["${AWS::StackName}-"]


def test_every_queue_is_encrypted_kept_for_two_weeks_and_alarmed(of_type, alarms):
    assert set(of_type("AWS::SQS::Queue")) == QUEUES
    for name, queue in of_type("AWS::SQS::Queue").items():
        assert queue["Properties"]["MessageRetentionPeriod"] == 1209600
        assert queue["Properties"]["KmsMasterKeyId"]["Fn::If"][0] == "CustomerKey"
        assert queue["Properties"]["SqsManagedSseEnabled"]["Fn::If"][0] == "ServiceKey"
        assert alarms[f"{name}Alarm"]["Dimensions"] == [
            {"Name": "QueueName", "Value": {"Fn::GetAtt": [name, "QueueName"]}}
        ]


def test_every_rule_is_in_the_alarm_for_what_is_lost(rules, alarms):
    dimensions = str([each.get("MetricStat", {}).get("Metric", {}) for each in alarms["LostEventsAlarm"]["Metrics"]])
    assert {name for name in rules if f"'{name}'" not in dimensions} == set()


def test_every_flow_has_an_alarm_for_each_way_of_ending_badly(of_type, alarms):
    for name in of_type("AWS::StepFunctions::StateMachine"):
        metrics = alarms[name.replace("StateMachine", "FlowAlarm")]["Metrics"]
        watched = {
            each["MetricStat"]["Metric"]["MetricName"]
            for each in metrics
            if "MetricStat" in each and each["MetricStat"]["Metric"]["Dimensions"][0]["Value"] == {"Ref": name}
        }
        assert watched == {"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"}


def test_every_alarm_is_explicit_reaches_people_and_names_its_runbook(alarms):
    for name, alarm in alarms.items():
        assert {"TreatMissingData", "DatapointsToAlarm", "EvaluationPeriods"} <= alarm.keys(), name
        assert alarm["AlarmActions"] == [{"Ref": "Topic"}], name
        (runbook,) = re.findall(r"docs/runbooks/[\w-]+\.md$", alarm["AlarmDescription"])
        assert (ROOT / runbook).exists(), name


def test_every_runbook_belongs_to_an_alarm(alarms):
    named = {alarm["AlarmDescription"].rpartition("/")[2] for alarm in alarms.values()}
    assert {path.name for path in (ROOT / "docs" / "runbooks").glob("*.md")} == named


@pytest.mark.parametrize("service", ["events.amazonaws.com", "cloudwatch.amazonaws.com"])
def test_a_service_that_writes_into_what_is_encrypted_may_use_the_key(service, key_policy):
    (grant,) = [each for each in key_policy if each.principals.get("Service") == [service]]

    assert {"kms:Decrypt", "kms:GenerateDataKey"} <= set(grant.actions)
    assert grant.condition == {("StringEquals", "aws:SourceAccount"): ["${AWS::AccountId}"]}


@pytest.mark.parametrize("service", ["s3", "sqs", "sns", "dynamodb"])
def test_the_stacks_roles_may_use_the_key_through_the_services_that_they_call(service, key_policy):
    (grant,) = [each for each in key_policy if ("StringEquals", "kms:ViaService") in each.condition]

    assert f"{service}.${{AWS::Region}}.${{AWS::URLSuffix}}" in grant.condition[("StringEquals", "kms:ViaService")]
    assert grant.condition[("StringEquals", "kms:CallerAccount")] == ["${AWS::AccountId}"]
    assert ("ArnLike", "aws:PrincipalArn") in grant.condition


def test_whoever_may_use_the_key_is_bounded_by_account_or_source(key_policy):
    for each in key_policy:
        ours = each.principals.get("AWS") == ["arn:${AWS::Partition}:iam::${AWS::AccountId}:root"]
        assert ours or each.condition


def test_queues_and_topic_take_only_what_the_stack_sends_and_only_over_tls(of_type):
    for kind in ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"):
        for name, policy in of_type(kind).items():
            found = list(statements(policy["Properties"]["PolicyDocument"]))
            assert any(each.condition == {("Bool", "aws:SecureTransport"): ["false"]} for each in found), name
            for each in found:
                if each.effect == "Allow":
                    assert ("StringEquals", "aws:SourceAccount") in each.condition, name
                    assert ("ArnLike", "aws:SourceArn") in each.condition, name


def test_every_queue_has_a_policy(of_type):
    policies = of_type("AWS::SQS::QueuePolicy").values()
    assert {queue["Ref"] for policy in policies for queue in policy["Properties"]["Queues"]} == QUEUES
