"""The Lambda executor against what AWS documents about functions in Python."""

import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.stack import LocalStack
from tests.local.conftest import zipped

Function = Callable[..., str]


@pytest.fixture
def invoke(stack: LocalStack, name: str) -> Callable[..., Any]:
    def call(event: Any = None, **options: Any) -> Any:
        answer = stack.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event), LogType="Tail", **options)
        body = json.load(answer["Payload"])
        return body | {"_log": b64decode(answer["LogResult"]).decode()} if isinstance(body, dict) else body

    return call


def test_an_exception_is_answered_with_its_own_class_name_and_the_worker_survives(function: Function, invoke) -> None:
    function(
        "class DataQualityError(Exception): pass\ncalls = 0\n"
        "def handler(event, context):\n    global calls\n    calls += 1\n"
        "    if event == 'bad': raise DataQualityError('too few rows')\n    return calls\n"
    )

    assert invoke("good") == 1
    error = invoke("bad")
    assert (error["errorType"], error["errorMessage"]) == ("DataQualityError", "too few rows")
    assert "raise DataQualityError" in error["stackTrace"][-1]
    assert error["requestId"] in error["_log"]
    assert invoke("good") == 3  # the same process counted on


def test_a_module_that_cannot_be_imported_is_named(function: Function, invoke) -> None:
    function("import nowhere\ndef handler(event, context): pass\n")

    error = invoke()

    assert error["errorType"] == "Runtime.ImportModuleError"
    assert "No module named 'nowhere'" in error["errorMessage"]


def test_a_function_that_takes_too_long_is_stopped_at_its_timeout(function: Function, invoke) -> None:
    function("import time\ndef handler(event, context):\n    if event: time.sleep(9)\n    return 'quick'\n", Timeout=1)

    error = invoke("slow")

    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith("Task timed out after 1.00 seconds")
    assert invoke() == "quick"


def test_a_function_that_exits_or_fills_its_memory_is_an_error_of_the_runtime(function: Function, invoke) -> None:
    function(
        "import os, time\ndef handler(event, context):\n    if event == 'exit': os._exit(3)\n"
        "    hoard = bytearray(300_000_000)\n    time.sleep(3)\n",
        MemorySize=128,
    )

    assert invoke("exit")["errorType"] == "Runtime.ExitError"
    assert invoke("hoard")["errorType"] == "Runtime.OutOfMemory"


def test_an_answer_above_six_megabytes_is_refused(function: Function, invoke) -> None:
    function("def handler(event, context):\n    return 'x' * event\n")

    assert len(invoke(6_000_000)) == 6_000_000
    assert invoke(7_000_000)["errorType"] == "Function.ResponseSizeTooLarge"


def test_the_environment_is_the_functions_and_that_of_aws_only(function: Function, invoke, monkeypatch) -> None:
    function(
        "import os\ndef handler(event, context):\n    return dict(os.environ)\n",
        Environment={"Variables": {"COLOUR": "blue"}}, MemorySize=256,
    )  # fmt: skip

    seen = invoke()

    assert seen["COLOUR"] == "blue"
    assert seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert seen["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert seen["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert not {"HOME", "VIRTUAL_ENV", "GATEWAY_PORT", "PYTEST_CURRENT_TEST"} & seen.keys()


def test_a_function_sees_its_code_before_its_layers_and_nothing_of_this_environment(
    stack: LocalStack, name: str, function: Function, invoke
) -> None:
    files = {"python/shadowed.py": "origin = 'layer'", "python/in_layer.py": "origin = 'layer'"}
    layer = stack.client("lambda").publish_layer_version(LayerName=name, Content={"ZipFile": zipped(files)})
    function(
        "import importlib.util, shadowed, in_layer, boto3\ndef handler(event, context):\n"
        "    return [shadowed.origin, in_layer.origin, importlib.util.find_spec('pyarrow')]\n",
        Layers=[layer["LayerVersionArn"]],
        files={"shadowed.py": "origin = 'code'"},
    )

    assert invoke() == ["code", "layer", None]


def test_every_invocation_leaves_the_lines_of_the_platform_around_its_own(
    stack: LocalStack, function: Function, invoke
) -> None:
    name = function("def handler(event, context):\n    print('hello from the handler')\n")
    invoke()

    events = stack.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
    lines = [event["message"] for event in events]
    assert [line.split()[0] for line in lines] == ["START", "hello", "END", "REPORT"]
    assert "Max Memory Used:" in lines[-1]
    assert "Init Duration:" in lines[-1]
    assert float(lines[-1].split("Duration: ")[1].split(" ms")[0]) >= 0


def test_a_published_version_keeps_its_code(stack: LocalStack, function: Function, invoke) -> None:
    source = "def handler(event, context):\n    return {}\n"
    name = function(source.format(1))
    version = stack.client("lambda").publish_version(FunctionName=name)["Version"]
    stack.client("lambda").update_function_code(FunctionName=name, ZipFile=zipped({"index.py": source.format(2)}))

    assert (invoke(Qualifier=version), invoke()) == (1, 2)


@pytest.mark.parametrize(
    ("path", "machine", "reason"),
    [("numpy/core.cpython-38-x86_64-linux-gnu.so", None, "for Python 3.8"), ("lib/plain.so", 8, "for another machine")],
)
def test_native_modules_of_another_platform_are_refused_by_name(
    stack: LocalStack, name: str, path: str, machine: int | None, reason: str
) -> None:
    here = {"x86_64": 62, "aarch64": 183}[__import__("platform").machine()]
    header = b"\x7fELF" + bytes(14) + (machine or here).to_bytes(2, "little")

    with pytest.raises(ClientError) as refused:
        stack.client("lambda").publish_layer_version(LayerName=name, Content={"ZipFile": zipped({path: header})})

    assert f"{path} ({reason})" in str(refused.value)
