"""The launcher: one stack per name, a clean stop, and seams of the emulator that are checked by name."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local import ROOT, hooks
from local.errors import HookMissing, StackUnavailable
from local.stack import LocalStack
from tests.local.conftest import eventually, zipped


def _command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


def _children(pid: int) -> set[str]:
    """Processes that any thread of `pid` has started."""
    return {child for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()}


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def other() -> LocalStack:
    return LocalStack("test-launcher")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_stack_leaves_no_process_no_port_and_no_temporary_file(
    other: LocalStack, role: str, number: signal.Signals
) -> None:
    with other:
        pid, port = other.running["pid"], int(other.endpoint.rsplit(":", 1)[1])
        functions = other.client("lambda")
        code = {"ZipFile": zipped({"index.py": "import time\ndef handler(event, context): time.sleep(event)\n"})}
        functions.create_function(FunctionName="f", Runtime="python3.13", Handler="index.handler", Role=role, Code=code)
        functions.invoke(FunctionName="f", Payload=b"0")
        functions.invoke(FunctionName="f", Payload=b"60", InvocationType="Event")
        workers = _children(pid)
        os.kill(pid, number)
        eventually(lambda: other.running is None and not other.home.tmp.exists())
        os.waitpid(pid, 0)

    assert workers
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    assert not _listens(port)


def test_a_stack_whose_process_was_killed_does_not_count_as_running(other: LocalStack) -> None:
    other.start()
    pid = other.running["pid"]
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

    assert other.running is None
    with other:
        assert other.running["pid"] != pid


def test_a_second_stack_of_the_same_name_is_refused(stack: LocalStack) -> None:
    refused = _command("serve", "--name", stack.home.name)

    assert refused.returncode == 1
    assert "it runs already" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_status_and_down_speak_of_one_stack(stack: LocalStack) -> None:
    running, absent = _command("status", "--name", stack.home.name), _command("status", "--name", "nobody")

    assert (running.returncode, absent.returncode) == (0, 3)
    assert stack.endpoint in running.stdout
    assert _command("down", "--name", "nobody").returncode == 0


def test_the_stack_answers_on_this_machine_only(stack: LocalStack) -> None:
    port = int(stack.endpoint.rsplit(":", 1)[1])
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines() if line.split()[3] == "0A"]

    assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


def test_an_endpoint_of_a_stack_that_does_not_run_says_how_to_start_it(other: LocalStack) -> None:
    with pytest.raises(StackUnavailable, match="make up"):
        _ = other.endpoint


def test_the_environment_holds_the_stack_and_nothing_else_of_aws(stack: LocalStack) -> None:
    environment = stack.environment({"HOME": "/home/me", "AWS_PROFILE": "production", "AWS_REGION": "eu-west-1"})

    assert "AWS_PROFILE" not in environment
    assert environment["AWS_ENDPOINT_URL"] == stack.endpoint
    assert environment["HOME"] == "/home/me"


@pytest.mark.parametrize(
    ("name", "parameters", "fault"),
    [("no_such_function", None, "is not there"), ("loads", "text", "takes (s, ")],
)
def test_a_seam_that_the_emulator_does_not_have_is_named_with_the_pinned_version(
    name: str, parameters: str | None, fault: str
) -> None:
    with pytest.raises(HookMissing) as missing:
        hooks.replace("json", name, print, parameters)

    assert f"json.{name} {fault}" in str(missing.value)
    assert f"pinned: {hooks.PINNED}" in str(missing.value)


def test_stopping_goes_on_when_one_callback_fails(capsys: pytest.CaptureFixture[str]) -> None:
    stopped: list[str] = []
    callbacks: list[Callable[[], object]] = [lambda: stopped.append("first"), lambda: 1 / 0]
    for callback in callbacks:
        hooks.at_stop(callback)

    hooks.stop()

    assert stopped == ["first"]
    assert "ZeroDivisionError" in capsys.readouterr().out
