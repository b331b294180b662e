"""`python -m local up|down|status|env|serve`: Tidewheel on this machine, without an AWS account.

up      start a stack, deploy the template, stay until Ctrl-C
down    stop it from elsewhere
status  whether it runs, and where
env     shell lines that point `aws`, `sam` and `tidewheel` at it, and find the latter: eval "$(python -m local env)"
serve   AWS alone, with nothing deployed, in this process
"""

import argparse
import json
import shlex
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from tidewheel.domain.errors import TidewheelError

from local import server
from local.home import Home
from local.stack import STACK_NAME, LocalStack

NOT_RUNNING = 3


def main(arguments: list[str]) -> int:
    """Runs one command; the answer is the exit status."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__, formatter_class=form)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--name", default="default", help="several stacks can run side by side (default: default)")
    parser.add_argument("--auth", action="store_true", help="check every call against IAM policies")
    parser.add_argument("--json", action="store_true", help="one JSON line for machines")
    options = parser.parse_args(arguments)
    try:
        return COMMANDS[options.command](options)
    except TidewheelError as error:
        print(error, file=sys.stderr)
        return 1


def _up(options: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with LocalStack(options.name, auth=options.auth) as stack:
            outputs = stack.deploy()
            print(json.dumps(stack.running | {"outputs": outputs}) if options.json else _welcome(stack), flush=True)
            while stack.running:
                time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    print(f"The stack ended by itself; its log is {stack.home.log}", file=sys.stderr)
    return 1


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _welcome(stack: LocalStack) -> str:
    name = "" if stack.home.name == "default" else f" --name {stack.home.name}"
    return f"""ready: the stack `{STACK_NAME}` runs on this machine, at {stack.endpoint} (Ctrl-C stops it)

In another terminal, point every tool at it:
  eval "$({sys.executable} -m local env{name})"
and then, for example:
  tidewheel status
  aws s3 ls"""


def _down(options: argparse.Namespace) -> int:
    LocalStack(options.name).stop()
    return 0


def _status(options: argparse.Namespace) -> int:
    facts = Home(options.name).running()
    answer = f"running at {facts['endpoint']}, process {facts['pid']}" if facts else "not running"
    print(json.dumps(facts) if options.json else answer)
    return 0 if facts else NOT_RUNNING


def _env(options: argparse.Namespace) -> int:
    for name, value in LocalStack(options.name).environment({}).items():
        print(f"export {name}={shlex.quote(value)}")
    print(f'export PATH="$PATH":{shlex.quote(str(Path(sys.executable).parent))}')
    return 0


def _serve(options: argparse.Namespace) -> int:
    server.serve(Home(options.name), auth=options.auth, as_json=options.json)
    return 0


COMMANDS = {"up": _up, "down": _down, "status": _status, "env": _env, "serve": _serve}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
