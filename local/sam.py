"""`python -m local.sam [--name default]`: `sam build` and `sam deploy --config-env local` onto a local stack."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tidewheel.domain.errors import TidewheelError

from local import ROOT
from local.errors import DeployFailed
from local.home import STATE
from local.packaging import layers
from local.stack import LocalStack

TOOLS = STATE / "env" / "sam" / "bin"
TMP = STATE / "tmp"  # `sam` leaves empty folders behind
# SAM CLI's own state stays in the project, and it speaks to nobody but the stack.
QUIET = {"SAM_CLI_TELEMETRY": "0", "__SAM_CLI_APP_DIR": str(STATE / "sam"), "SAM_CLI_POLL_DELAY": "0.5"}
LAYERS = {"LAYER_PYTHON": layers.PYTHON, "LAYER_ARCH": layers.ARCHITECTURE}


def build(project: Path = ROOT) -> None:
    """`sam build`, with layers for this machine. Raises DeployFailed if it fails."""
    _sam(project, dict(os.environ), "build")


def deploy(stack: LocalStack, project: Path = ROOT) -> None:
    """`sam deploy` of what was built, for this machine's processor. Raises DeployFailed if it fails."""
    _sam(project, stack.environment(), "deploy", "--parameter-overrides", f"Architecture={layers.ARCHITECTURE}")


def build_and_deploy(stack: LocalStack, project: Path = ROOT) -> None:
    """What an operator does against AWS. Raises DeployFailed if a command fails."""
    build(project)
    deploy(stack, project)


def delete(stack: LocalStack, project: Path = ROOT) -> None:
    """`sam delete`, without a question. Raises DeployFailed if it fails."""
    _sam(project, stack.environment(), "delete", "--no-prompts")


def _sam(project: Path, base: Mapping[str, str], command: str, *options: str) -> None:
    TMP.mkdir(parents=True, exist_ok=True)
    path = f"{TOOLS}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**base, **QUIET, **LAYERS, **layers.CACHE, "TMPDIR": str(TMP), "PATH": path}
    words = [str(TOOLS / "sam"), command, "--config-env", "local", *options]
    if subprocess.run(words, cwd=project, env=environment, check=False).returncode:  # noqa: S603
        raise DeployFailed(f"`sam {command}` failed", place=str(project), remedy="Its own output says why.")


def main(arguments: list[str]) -> int:
    """Builds and deploys; the answer is the exit status."""
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
