"""`python -m local.demo`: from the first upload to a better model, on real data, in one terminal."""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from tidewheel.domain.errors import TidewheelError

from local import ROOT
from local.demo.hours import derive
from local.demo.page import page
from local.demo.source import fetch
from local.demo.story import tell
from local.demo.summary import commands, summary
from local.stack import LocalStack

STATE = ROOT / ".tidewheel"
NAME = "demo"


def main(arguments: list[str] | None = None) -> int:
    """Tell the story; the answer is the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the stack running at the end")
    parser.add_argument("--shuffled", action="store_true", help="shuffle the second year's labels: nothing to learn")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    try:
        _run(console, keep=options.keep, shuffle=options.shuffled)
    except TidewheelError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _run(console: Console, *, keep: bool, shuffle: bool) -> None:
    folder = STATE / "demo"
    hours = derive(fetch(STATE / "data"))
    stack = LocalStack(NAME)
    stack.stop()  # one that an earlier demo kept
    stack.start()
    try:
        story = tell(stack, hours, folder, console, shuffle=shuffle)
    except BaseException:
        stack.stop()
        raise
    if not keep:
        stack.stop()
    console.print(summary(story))
    file = folder / "story.html"
    file.write_text(page(story))
    console.print(f"\nThe story with charts: {_near(file)}", soft_wrap=True)
    console.print(commands(kept=keep), soft_wrap=True)


def _near(file: Path) -> str:
    return str(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)


if __name__ == "__main__":
    sys.exit(main())
