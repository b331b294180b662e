"""The demo's hand on the keyboard: it runs the command `tidewheel`, as a person would, and reads its JSON."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from tidewheel.domain.errors import TidewheelError

from local import ROOT


class StoryBroken(TidewheelError):
    """A command of the story ended otherwise than the story tells."""


@dataclass(frozen=True)
class Operator:
    """Somebody with a shell. `environment` points the command at a stack."""

    environment: Mapping[str, str]
    console: Console

    def does(self, *words: str, expecting: int = 0) -> None:
        """Run the command for all to see. Raises StoryBroken if it ends with another code than expected."""
        self.console.print(f"\n[bold]$ tidewheel {escape(' '.join(words))}[/]", soft_wrap=True)
        code = subprocess.run(self._command(words), env=self._environment(), cwd=ROOT).returncode  # noqa: S603
        if code != expecting:
            place = f"tidewheel {' '.join(words)}"
            raise StoryBroken(f"it ended with code {code}, not {expecting}", place=place, remedy="Its words are above")

    def asks(self, *words: str) -> Any:
        """The command's facts. Raises StoryBroken with what it said if it fails."""
        answer = subprocess.run(  # noqa: S603
            self._command((*words, "--json")), env=self._environment(), cwd=ROOT, capture_output=True, text=True
        )
        if answer.returncode:
            said = (answer.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise StoryBroken(said, place=f"tidewheel {' '.join(words)}", remedy="Run it by itself with --keep")
        return json.loads(answer.stdout)

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "cli.main", *words]

    def _environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(ROOT / "layers" / "core"), str(ROOT)])
        return {**self.environment, "PYTHONPATH": path}
