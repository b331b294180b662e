"""Who may do what: trust, wildcards, PassRole, boundaries. What no linter sees of the translated template."""

import re

import pytest

from tests.template.statements import granted, statements

# Actions for which IAM knows no resource, and why they are needed.
WITHOUT_RESOURCE = {
    "logs:CreateLogDelivery": "a flow's log",
    "logs:GetLogDelivery": "a flow's log",
    "logs:UpdateLogDelivery": "a flow's log",
    "logs:DeleteLogDelivery": "a flow's log",
    "logs:ListLogDeliveries": "a flow's log",
    "logs:PutResourcePolicy": "a flow's log",
    "logs:DescribeResourcePolicies": "a flow's log",
    "logs:DescribeLogGroups": "a flow's log",
    "xray:PutTraceSegments": "a flow's trace",
    "xray:PutTelemetryRecords": "a flow's trace",
    "xray:GetSamplingRules": "a flow's trace",
    "xray:GetSamplingTargets": "a flow's trace",
    "sns:GetSubscriptionAttributes": "a project's subscribers",
    "sns:SetSubscriptionAttributes": "a project's subscribers",
    "sns:Unsubscribe": "a project's subscribers",
    "ecr:GetAuthorizationToken": "a job's image",
    "cloudwatch:PutMetricData": "a job's metrics; bounded by namespace",
    "cloudwatch:DescribeAlarms": "an auditor reads",
    "cloudwatch:GetMetricData": "an auditor reads",
    "scheduler:ListSchedules": "an auditor reads",
    **{
        f"sagemaker:List{kind}": "an auditor reads"
        for kind in (
            "EndpointConfigs",
            "Endpoints",
            "ModelPackageGroups",
            "ModelPackages",
            "Models",
            "ProcessingJobs",
            "TrainingJobs",
        )
    },
}
# Managed by AWS and attached by SAM to every function: its log and its trace.
ATTACHED = re.compile(r"/(service-role/AWSLambdaBasicExecutionRole|AWSXrayWriteOnlyAccess|AWSXRayDaemonWriteAccess)$")


@pytest.fixture(scope="module")
def policies(of_type):
    """(name, statements) of every role and every managed policy."""
    roles = [(name, granted(role)) for name, role in of_type("AWS::IAM::Role").items()]
    people = of_type("AWS::IAM::ManagedPolicy").items()
    return roles + [(name, list(statements(each["Properties"]["PolicyDocument"]))) for name, each in people]


def test_every_trust_names_one_service_and_the_account_that_it_acts_for(of_type):
    for name, role in of_type("AWS::IAM::Role").items():
        (trust,) = statements(role["Properties"]["AssumeRolePolicyDocument"])
        assert trust.principals.keys() == {"Service"}, name
        assert len(trust.principals["Service"]) == 1, name
        assert trust.condition[("StringEquals", "aws:SourceAccount")] == ["${AWS::AccountId}"], name


def test_a_service_that_says_for_what_it_acts_is_held_to_it(of_type):
    """Lambda does not say; a function's role is given to it by PassRole alone."""
    for name, role in of_type("AWS::IAM::Role").items():
        (trust,) = statements(role["Properties"]["AssumeRolePolicyDocument"])
        if trust.principals["Service"] != ["lambda.amazonaws.com"]:
            assert any(key == "aws:SourceArn" for _, key in trust.condition), name


def test_no_statement_allows_every_action_of_a_service(policies):
    broad = {
        (name, action)
        for name, allowed in policies
        for each in allowed
        for action in each.actions
        if "*" in action and not action.endswith(":Describe*")
    }
    assert broad == set()


def test_only_actions_without_resources_are_allowed_on_everything(policies):
    unbounded = {
        (name, action)
        for name, allowed in policies
        for each in allowed
        if "*" in each.resources and each.effect == "Allow"
        for action in each.actions
    }
    assert {action for _, action in unbounded} == set(WITHOUT_RESOURCE)


def test_every_resource_lies_in_this_stack_or_is_named_by_it(policies):
    """An ARN holds the stack's name or a resource of the template, or is one of AWS's own, listed here."""
    of_aws = re.compile(
        r"rule/StepFunctionsGetEventsForSageMaker|repository/sagemaker-xgboost$|:\$\{AWS::AccountId\}:repository/\*$"
        r"|log-group:/aws/sagemaker/\*$"
    )
    strange = {
        (name, resource)
        for name, allowed in policies
        for each in allowed
        for resource in each.resources
        if resource != "*"
        and not re.search(
            r"\$\{(AWS::StackName|AWS::StackId|[A-Z]\w+(\.Arn)?)\}", re.sub(r"\$\{AWS::(?!Stack)\w+\}", "", resource)
        )
        and not of_aws.search(resource)
    }
    assert strange == set()


def test_a_role_is_passed_by_its_exact_name_and_to_one_service(policies):
    passing = [(name, each) for name, allowed in policies for each in allowed if "iam:PassRole" in each.actions]

    assert passing
    for name, each in passing:
        assert each.actions == ("iam:PassRole",), name
        assert all(re.fullmatch(r"\$\{\w+Role\.Arn\}", resource) for resource in each.resources), name
        assert len(each.condition[("StringEquals", "iam:PassedToService")]) == 1, name


def test_every_role_can_be_bounded(of_type):
    for name, role in of_type("AWS::IAM::Role").items():
        assert role["Properties"]["PermissionsBoundary"]["Fn::If"][0] == "Bounded", name


def test_only_sam_attaches_managed_policies_for_logs_and_traces(of_type):
    attached = {
        (name, arn)
        for name, role in of_type("AWS::IAM::Role").items()
        for arn in role["Properties"].get("ManagedPolicyArns", [])
    }
    assert {pair for pair in attached if not (pair[0].endswith("FunctionRole") and ATTACHED.search(pair[1]))} == set()


def test_only_approve_and_a_failed_rollout_and_an_approver_change_a_packages_status(policies):
    able = {name for name, allowed in policies for each in allowed if "sagemaker:UpdateModelPackage" in each.actions}
    assert able == {"ApproveFlowRole", "DeployFlowRole", "ApproverPolicy"}


def test_an_approver_is_denied_whatever_starts_a_model(policies):
    (denied,) = [each for each in dict(policies)["ApproverPolicy"] if each.effect == "Deny"]

    assert {"s3:PutObject", "events:PutEvents", "states:StartExecution"} <= set(denied.actions)
    assert {"${InboxBucket.Arn}/*", "${AutomationBucket.Arn}/*", "${Bus.Arn}"} <= set(denied.resources)


def test_an_auditor_changes_nothing(policies):
    verbs = {action.split(":")[1] for each in dict(policies)["AuditorPolicy"] for action in each.actions}
    assert [verb for verb in verbs if not re.match(r"(Get|List|Describe|Query|Filter|Decrypt)", verb)] == []
