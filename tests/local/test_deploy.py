"""The fast way to deploy: a SAM template with local paths, deployed, changed, deployed again."""

import json
from pathlib import Path

import pytest

from local.errors import DeployFailed
from local.stack import LocalStack

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  GreetFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: greet.handler
      CodeUri: functions/
      AutoPublishAlias: live
      AutoPublishAliasAllProperties: true
      Environment: {Variables: {NAME: !Sub "${AWS::StackName}"}}
Outputs:
  Version: {Value: !Ref GreetFunction.Version}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "greet.py").write_text(greet("hello"))
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    return tmp_path


def greet(word: str) -> str:
    return f"import os\ndef handler(event, context):\n    return '{word} ' + os.environ['NAME']\n"


def answer(stack: LocalStack, function: str) -> str:
    return str(json.load(stack.client("lambda").invoke(FunctionName=function)["Payload"]))


def test_a_second_deploy_publishes_the_change_and_the_first_version_still_runs(
    stack: LocalStack, name: str, project: Path
) -> None:
    first = stack.deploy(name, project / "template.yaml")["Version"]
    (project / "functions" / "greet.py").write_text(greet("good day"))
    second = stack.deploy(name, project / "template.yaml")["Version"]

    assert answer(stack, first) == f"hello {name}"
    assert answer(stack, second) == f"good day {name}"


def test_a_deploy_without_a_change_is_no_failure(stack: LocalStack, name: str, project: Path) -> None:
    first = stack.deploy(name, project / "template.yaml")

    assert stack.deploy(name, project / "template.yaml") == first


def test_a_template_that_fails_says_which_resource_and_why(stack: LocalStack, name: str, project: Path) -> None:
    broken = TEMPLATE.replace("AutoPublishAlias: live", "Layers: [arn:aws:lambda:us-east-1:000000000000:layer:none:1]")
    (project / "template.yaml").write_text(
        broken.replace("      AutoPublishAliasAllProperties: true\n", "").split("Outputs")[0]
    )

    with pytest.raises(DeployFailed, match="GreetFunction"):
        stack.deploy(name, project / "template.yaml")
