"""`python -m local.sam [--name default]`: `sam build` and `sam deploy --config-env local` onto a local stack."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tidewheel.domain.errors import TidewheelError

from local import ROOT
from local.errors import DeployFailed
from local.home import STATE
from local.packaging import layers
from local.stack import LocalStack

TOOLS = STATE / "env" / "sam" / "bin"
# SAM CLI's own state stays in the project, and it speaks to nobody but the stack.
QUIET = {"SAM_CLI_TELEMETRY": "0", "__SAM_CLI_APP_DIR": str(STATE / "sam"), "SAM_CLI_POLL_DELAY": "0.5"}
LAYERS = {"LAYER_PYTHON": layers.PYTHON, "LAYER_ARCH": layers.ARCHITECTURE}


def build_and_deploy(stack: LocalStack, project: Path = ROOT) -> None:
    """What an operator does against AWS, with layers for this machine. Raises DeployFailed if a command fails."""
    path = f"{TOOLS}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = stack.environment() | QUIET | LAYERS | {"PATH": path}
    architecture = f"Architecture={layers.ARCHITECTURE}"
    for words in (("build",), ("deploy", "--parameter-overrides", architecture)):
        command = [str(TOOLS / "sam"), words[0], "--config-env", "local", *words[1:]]
        if subprocess.run(command, cwd=project, env=environment, check=False).returncode:  # noqa: S603
            raise DeployFailed(f"`sam {words[0]}` failed", place=str(project), remedy="Its own output says why.")


def main(arguments: list[str]) -> int:
    """Runs both commands; the answer is the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local.sam", description=__doc__)
    parser.add_argument("--name", default="default", help="the local stack that `make up` runs (default: default)")
    try:
        build_and_deploy(LocalStack(parser.parse_args(arguments).name))
    except TidewheelError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
