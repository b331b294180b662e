"""What a verb hands back: facts for machines, a text for people, a code for the shell."""

from dataclasses import dataclass, field
from typing import Any

from rich.console import RenderableType

DONE = 0
REFUSED = 1  # refused by the gate, by a person, by a contract; or failed
UNASKED = 2  # the question itself cannot be put: unknown name, no stack, a wrong file
UNCHANGED = 3  # an answer, but nothing turned: nothing to go back to, a duplicate, waiting for people


@dataclass(frozen=True)
class Answer:
    """The end of a verb. `facts` is what `--json` prints."""

    facts: dict[str, Any]
    text: RenderableType = ""
    code: int = field(default=DONE)
