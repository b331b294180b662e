"""`python -m local up|down|status`: AWS on this machine, in the foreground until Ctrl-C."""

import argparse
import json
import sys

from tidewheel.domain.errors import TidewheelError

from local import server
from local.home import Home
from local.stack import LocalStack


def main(arguments: list[str]) -> int:
    """Runs one command; the answer is the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=("up", "down", "status"))
    parser.add_argument("--name", default="default", help="several stacks can run side by side (default: default)")
    parser.add_argument("--auth", action="store_true", help="check every call against IAM policies")
    parser.add_argument("--json", action="store_true", help="one JSON line for machines")
    options = parser.parse_args(arguments)
    try:
        return {"up": _up, "down": _down, "status": _status}[options.command](options)
    except TidewheelError as error:
        print(error, file=sys.stderr)
        return 1


def _up(options: argparse.Namespace) -> int:
    server.serve(Home(options.name), auth=options.auth, as_json=options.json)
    return 0


def _down(options: argparse.Namespace) -> int:
    LocalStack(options.name).stop()
    return 0


def _status(options: argparse.Namespace) -> int:
    facts = Home(options.name).running()
    answer = f"running at {facts['endpoint']}, process {facts['pid']}" if facts else "not running"
    print(json.dumps(facts) if options.json else answer)
    return 0 if facts else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
