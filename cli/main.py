"""The command's door: reads the line, runs the verb, prints its answer or one clear sentence."""

import argparse
import json
import sys
from types import ModuleType

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from tidewheel.domain.errors import TidewheelError

from cli import approve, down, predict, project, reject, retrain, rollback, status, stop, submit, why
from cli.answer import REFUSED, UNASKED, Answer
from cli.stack import default_name, options

WIDE = 160  # columns of a table that no terminal shows
ABOUT = "Operate Tidewheel: ask how its models fare and why, hand it data, change its mind."
VERBS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (status, why, submit, predict, retrain, approve, reject, rollback, stop, down, project)
}


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and answer the exit code: 0 done, 1 refused or failed, 2 not askable, 3 nothing to change."""
    asked = parser().parse_args(arguments)
    try:
        answer: Answer = VERBS[asked.verb].run(asked)
    except TidewheelError as error:
        return _sorry(asked, error.problem, error.place, error.remedy, UNASKED)
    except ClientError as error:
        said = error.response.get("Error", {})
        return _sorry(asked, said.get("Message") or str(error), error.operation_name, said.get("Code", ""), REFUSED)
    except BotoCoreError as error:
        remedy = "Check the region, the credentials and, for the local stack, AWS_ENDPOINT_URL"
        return _sorry(asked, str(error).rstrip("."), "AWS", remedy, REFUSED)
    except (OSError, UnicodeDecodeError) as error:
        return _sorry(asked, str(error), "this machine", "Check the file and its rights", UNASKED)
    except KeyboardInterrupt:
        return _sorry(asked, "stopped watching", "tidewheel", "The work itself goes on: see `tidewheel status`", 130)
    _say(asked, answer)
    return answer.code


def parser() -> argparse.ArgumentParser:
    """The whole command line; each verb adds its own arguments."""
    whole = argparse.ArgumentParser(prog="tidewheel", description=ABOUT, parents=[options()])
    verbs = whole.add_subparsers(dest="verb", required=True, metavar="verb")
    for name, module in VERBS.items():
        summary = (module.__doc__ or "").splitlines()[0]
        verb = verbs.add_parser(name, help=summary, description=module.__doc__, parents=[options()])
        module.arguments(verb)
    whole.set_defaults(stack=default_name(), region=None, json=False)
    return whole


def _say(asked: argparse.Namespace, answer: Answer) -> None:
    if asked.json:
        print(json.dumps(answer.facts, indent=2, ensure_ascii=False, default=str))
    elif answer.text:
        plain = isinstance(answer.text, str)
        Console(highlight=False, width=None if sys.stdout.isatty() else WIDE).print(
            answer.text, markup=not plain, soft_wrap=plain
        )


def _sorry(asked: argparse.Namespace, problem: str, place: str, remedy: str, code: int) -> int:
    if asked.json:
        print(json.dumps({"error": {"problem": problem, "place": place, "remedy": remedy}}), file=sys.stderr)
    else:
        print(f"tidewheel: {place}: {problem.rstrip('. ')}. {remedy}".rstrip(". ") + ".", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
