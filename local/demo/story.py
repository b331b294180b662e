"""What happens in the demo, in order. It uploads files and runs the operator's command; the stack does the rest."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.rule import Rule

from local import ROOT
from local.demo.figures import Contest, Month, contest, months
from local.demo.hours import Hour, between, shuffled, write
from local.demo.operator import Operator

PROJECT = "bikeshare"
FIRST_YEAR = (datetime(2010, 10, 1), datetime(2011, 10, 1))
SECOND_YEAR = (datetime(2012, 1, 1), datetime(2013, 1, 1))
AFTERWARDS = (datetime(2013, 1, 1), datetime(2014, 1, 1))  # neither model has seen anything of it
A_MORNING = slice(7 * 24 + 6, 7 * 24 + 10)  # of the time afterwards: Tuesday, 6 to 10 o'clock
SEED = 7


@dataclass(frozen=True)
class Turn:
    """One turn of the wheel: the chain that `why` tells, its steps, and the evaluation of its run."""

    name: str
    chain: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]
    contest: Contest

    def link(self, what: str) -> Mapping[str, Any]:
        """The chain's first link of a kind, or nothing."""
        return next((link for link in self.chain if link["what"] == what), {})

    @property
    def seconds(self) -> float:
        """From the first step to the last one's end."""
        ends = [datetime.fromisoformat(step["ended"] or step["started"]) for step in self.steps]
        return (max(ends) - datetime.fromisoformat(self.steps[0]["started"])).total_seconds() if ends else 0.0


@dataclass(frozen=True)
class Story:
    """All that was seen, for the summary and the page."""

    turns: Sequence[Turn]
    months: Sequence[Month]
    answers: Mapping[str, Sequence[float]]  # model version -> its answers for the hours afterwards
    morning: Sequence[Mapping[str, Any]]
    champion: str
    seconds: float
    shuffled: bool = False  # whether the second year's labels were dealt anew


def tell(stack: Any, hours: Sequence[Hour], folder: Path, console: Console, *, shuffle: bool) -> Story:
    """Deploy, teach, ask, teach again, ask again. Raises StoryBroken if the wheel does not turn as told."""
    began = time.monotonic()
    files = deliver(hours, folder, shuffle=shuffle)

    console.print(Rule("The stack: one template, no AWS account", align="left"))
    outputs = stack.deploy()
    operator = Operator({**stack.environment(), "TIDEWHEEL_STACK": outputs["Prefix"]}, console)
    ready = time.monotonic() - began
    console.print(f"{len(outputs)} outputs, up after {ready:.1f} s at {stack.endpoint}\n", highlight=False)
    operator.does("project", "push", f"projects/{PROJECT}.yaml")

    console.print(Rule("October 2010 to September 2011: the first year of the bicycles", align="left"))
    operator.does("submit", files["first"], "--project", PROJECT, "--watch")
    answers = _asked(operator, files)
    turns = [_turn(operator, stack, outputs, "first turn", f"{PROJECT}/1")]

    console.print(
        Rule("2012: the city has changed" + (", and its labels were shuffled" if shuffle else ""), align="left")
    )
    operator.does("submit", files["second"], "--project", PROJECT, "--watch", expecting=1 if shuffle else 0)
    again = _asked(operator, files)
    turns.append(_turn(operator, stack, outputs, "second turn", f"{PROJECT}/2"))

    console.print(Rule(f"Why {PROJECT}/2 {'does not serve' if shuffle else 'serves'}", align="left"))
    operator.does("why", f"{PROJECT}/2")
    operator.does("status")
    scores = {said[0]["model_version"]: [each["score"] for each in said] for said in (answers, again)}
    later = between(hours, *AFTERWARDS)
    last, seconds = again[0]["model_version"], time.monotonic() - began
    return Story(turns, months(later, scores), scores, _morning(later, scores), last, seconds, shuffle)


def deliver(hours: Sequence[Hour], folder: Path, *, shuffle: bool) -> dict[str, str]:
    """The files that a data team would upload, and those that somebody would ask about, as the shell calls them."""
    second = between(hours, *SECOND_YEAR)
    later = between(hours, *AFTERWARDS)
    written = {
        "first": write(between(hours, *FIRST_YEAR), folder / "2010-10-to-2011-09.csv"),
        "second": write(shuffled(second, SEED) if shuffle else second, folder / "2012.csv"),
        "later": write(later, folder / "2013.csv"),
        "morning": write(later[A_MORNING], folder / "a-morning.csv"),
    }
    return {name: os.path.relpath(file, ROOT) for name, file in written.items()}


def _asked(operator: Operator, files: Mapping[str, str]) -> list[dict[str, Any]]:
    """A few hours for all to see, then a whole year quietly."""
    operator.does("predict", PROJECT, files["morning"])
    return list(operator.asks("predict", PROJECT, files["later"])["predictions"])


def _turn(operator: Operator, stack: Any, outputs: Mapping[str, str], name: str, version: str) -> Turn:
    told = operator.asks("why", version, "--steps")
    run = next(link["id"] for link in told["chain"] if link["what"] == "run")
    key = f"{PROJECT}/{run}/evaluation/evaluation.json"
    body = stack.client("s3").get_object(Bucket=outputs["ModelsBucket"], Key=key)["Body"].read()
    return Turn(name, told["chain"], told["steps"], contest(json.loads(body)))


def _morning(later: Sequence[Hour], scores: Mapping[str, Sequence[float]]) -> list[dict[str, Any]]:
    picked = {version: answers[A_MORNING] for version, answers in scores.items()}
    return [
        {"ts": hour.ts, "busy": hour.busy, **{version: each[place] for version, each in picked.items()}}
        for place, hour in enumerate(later[A_MORNING])
    ]
