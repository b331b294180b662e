"""Where a local stack keeps everything that it writes: one folder of the project per stack."""

import json
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from local import ROOT
from local.errors import StackUnavailable

STATE = ROOT / ".tidewheel"


@dataclass(frozen=True)
class Home:
    """The folder of the stack `name`: `running.json`, `log.txt` and `tmp/`, emptied at every start and stop."""

    name: str = "default"

    @cached_property
    def path(self) -> Path:
        return STATE / "local" / self.name

    @property
    def log(self) -> Path:
        return self.path / "log.txt"

    @property
    def tmp(self) -> Path:
        return self.path / "tmp"

    @property
    def _running(self) -> Path:
        return self.path / "running.json"

    def prepare(self) -> None:
        """Makes the folder, with an empty `tmp/`."""
        shutil.rmtree(self.tmp, ignore_errors=True)
        self.tmp.mkdir(parents=True)

    def announce(self, facts: dict[str, Any]) -> None:
        """Says in `running.json` that the stack answers; written at once, so that a reader never sees half of it."""
        draft = self._running.with_suffix(".draft")
        draft.write_text(json.dumps(facts, indent=2) + "\n")
        draft.replace(self._running)

    def running(self) -> dict[str, Any] | None:
        """What the running stack announced, or None if none runs: a file that a killed process left does not count."""
        try:
            facts: dict[str, Any] = json.loads(self._running.read_text())
            command = Path(f"/proc/{facts['pid']}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return facts if b"local" in command else None  # empty: it has ended; another one: its number was given again

    def require_free(self) -> None:
        """Raises StackUnavailable if a stack of this name runs."""
        if facts := self.running():
            place = f"local stack {self.name}, process {facts['pid']}"
            raise StackUnavailable(
                "it runs already", place=place, remedy=f"Stop it: python -m local down --name {self.name}"
            )

    def clear(self) -> None:
        """Forgets the stack: no announcement, no temporary files. The log stays."""
        self._running.unlink(missing_ok=True)
        shutil.rmtree(self.tmp, ignore_errors=True)
