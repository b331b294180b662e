"""Functions and flows: their code, settings and logs; and that the local stack knows every kind of resource."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

from tidewheel.settings import ProjectSettings, Settings

from local.cloudformation.reviewed import REVIEWED
from tests.template.statements import words
from tests.template.translation import source, translated

ROOT = Path(__file__).parents[2]
STEPS = [path for path in (ROOT / "functions").glob("*/*.py") if path.name != "__init__.py"]
BY_POWERTOOLS = {"POWERTOOLS_SERVICE_NAME"}
SECONDS_OF_A_RETRY = 60  # Lambda repeats an asynchronous call after a minute: it must not meet the first one


def reads(path: Path) -> set[str]:
    """The environment variables that a file reads by name: os.environ["X"], os.environ.get("X"), os.getenv("X")."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Subscript(value=ast.Attribute(attr="environ"), slice=ast.Constant(value=name)):
                found.add(name)
            case ast.Call(func=ast.Attribute(attr="getenv"), args=[ast.Constant(value=name), *_]):
                found.add(name)
            case ast.Call(
                func=ast.Attribute(attr="get", value=ast.Attribute(attr="environ")), args=[ast.Constant(value=name), *_]
            ):
                found.add(name)
    return found


def test_every_variable_that_code_reads_is_set_and_every_one_that_is_set_is_read(of_type):
    files = [*STEPS, *(ROOT / "layers" / "core").rglob("*.py")]
    fields = Settings.__dataclass_fields__ | ProjectSettings.__dataclass_fields__
    read = {name.upper() for name in fields}.union(*map(reads, files))
    given = [set(each["Properties"]["Environment"]["Variables"]) for each in of_type("AWS::Lambda::Function").values()]

    assert set().union(*given) - BY_POWERTOOLS == {name for name in read if not name.startswith("AWS_")}
    assert all(each >= {name.upper() for name in Settings.__dataclass_fields__} for each in given)


def test_the_arrow_layer_is_attached_where_numpy_or_pyarrow_is_imported_and_nowhere_else(of_type):
    functions = {
        each["Properties"]["Handler"]: each["Properties"] for each in of_type("AWS::Lambda::Function").values()
    }
    carrying = {handler for handler, each in functions.items() if "ArrowLayer" in words(each["Layers"])}

    assert {handler for handler in functions if imports_arrow(handler)} == carrying


def imports_arrow(handler: str) -> bool:
    """Whether the step cannot be imported where there is neither."""
    without = "import sys; sys.modules |= dict.fromkeys(('numpy', 'pyarrow')); import " + handler.rpartition(".")[0]
    path = os.pathsep.join(str(ROOT / folder) for folder in ("functions", "layers/core", "."))
    command = [sys.executable, "-c", without]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True)
    assert not done.returncode or "import of numpy" in done.stderr or "import of pyarrow" in done.stderr, done.stderr
    return bool(done.returncode)


def test_every_function_and_flow_logs_into_a_group_that_forgets(of_type):
    groups = of_type("AWS::Logs::LogGroup")
    named = {
        each["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for each in of_type("AWS::Lambda::Function").values()
    }
    for flow in of_type("AWS::StepFunctions::StateMachine").values():
        logging = flow["Properties"]["LoggingConfiguration"]
        (group,) = logging["Destinations"]
        named.add(group["CloudWatchLogsLogGroup"]["LogGroupArn"]["Fn::GetAtt"][0])
        assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False)

    assert named == set(groups)
    assert all(each["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"} for each in groups.values())


def test_every_function_and_flow_is_traced(of_type):
    assert all(
        each["Properties"]["TracingConfig"] == {"Mode": "Active"} for each in of_type("AWS::Lambda::Function").values()
    )
    flows = of_type("AWS::StepFunctions::StateMachine").values()
    assert all(each["Properties"]["TracingConfiguration"] == {"Enabled": True} for each in flows)


def test_an_asynchronous_function_ends_before_its_first_retry_and_its_failures_are_kept(resources):
    config = resources["ApplyProjectFunctionEventInvokeConfig"]["Properties"]

    assert resources["ApplyProjectFunction"]["Properties"]["Timeout"] < SECONDS_OF_A_RETRY
    assert config["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["UnappliedProjects", "Arn"]}
    assert config["MaximumRetryAttempts"] == 2


def test_a_change_of_a_layer_alone_publishes_every_function_anew():
    """Or a flow would go on with the version that holds the layer of yesterday."""
    versions = {name for name, each in translated()["Resources"].items() if each["Type"] == "AWS::Lambda::Version"}
    changed = translated(layer="s3://packaged/other")["Resources"]

    assert versions & set(changed) == set()


def test_nothing_has_a_physical_name_but_what_the_stacks_name_makes_unique(resources):
    """Bus, schedule group, flows and the flows' logs, whose ARNs others must be able to write down."""
    own_name = {f"{kind}Name" for kind in ("", "Bucket", "Table", "Queue", "Topic", "Role", "LogGroup", "StateMachine")}
    named = {
        name: words(value)
        for name, each in resources.items()
        for key, value in each["Properties"].items()
        if key in own_name | {"AlarmName", "ManagedPolicyName"} and each["Type"] != "AWS::Lambda::Alias"
    }
    assert {name for name, value in named.items() if "${AWS::StackName}" not in value} == set()


def test_the_local_stack_knows_every_kind_of_resource_and_every_property(resources):
    unknown = {
        (name, each["Type"], *sorted(each.get("Properties", {}).keys() - REVIEWED.get(each["Type"], set())))
        for name, each in resources.items()
        if not each.get("Properties", {}).keys() <= REVIEWED.get(each["Type"], {None})
    }
    assert unknown == set()


def test_the_outputs_are_what_the_command_finds_the_stack_by():
    assert {
        "Prefix", "InboxBucket", "DatasetsBucket", "FeaturesBucket", "ModelsBucket", "AutomationBucket", "LedgerTable",
        "BusName", "TopicArn", "ScheduleGroup",
        "DataStateMachine", "TrainStateMachine", "ApproveStateMachine", "DeployStateMachine",
    } == set(source()["Outputs"])  # fmt: skip


def test_every_definition_is_json_before_sam_fills_it_in():
    for path in (ROOT / "statemachines").glob("*.asl.json"):
        json.loads(path.read_text())
