"""The seams of the emulator that we use: checked when taken, so that another version fails at start and by name.

None of them is public. An extension takes a seam with `replace` or `require`; a contract test per seam (tests/local/)
holds what stands behind it to the documented behaviour of AWS.
"""

import importlib
import inspect
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from local.errors import HookMissing

PINNED = "1.5.33"
EXTENSIONS = (
    "local.permissions",
    "local.lambdas",
    "local.cloudformation",
    "local.events",
    "local.scheduler",
    "local.states",
    "local.sagemaker",
)

_at_stop: list[Callable[[], None]] = []


def install() -> None:
    """Installs every extension, in order. Raises HookMissing, naming the seam that this emulator does not have."""
    for extension in EXTENSIONS:
        importlib.import_module(extension).install()


def require(module: str, name: str, parameters: str | None = None) -> Any:
    """The attribute `name` of the emulator's `module`; `parameters`: the names that a function must take, in order."""
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as missing:
        raise _missing(module, name, "is not there") from missing
    if parameters is not None:
        taken = ", ".join(inspect.signature(found).parameters)
        if taken != parameters:
            raise _missing(module, name, f"takes ({taken}), not ({parameters})")
    return found


def replace(module: str, name: str, ours: Any, parameters: str | None = None) -> Any:
    """Puts `ours` in the place of a function of the emulator, which it returns for those who build on it."""
    theirs = require(module, name, parameters)
    setattr(importlib.import_module(module), name, ours)
    return theirs


def at_stop(callback: Callable[[], None]) -> None:
    """Calls `callback` when the stack stops, last registered first: for child processes and open files."""
    _at_stop.append(callback)


def stop() -> None:
    """Calls what `at_stop` registered. One that fails does not keep the others from their turn."""
    while _at_stop:
        try:
            _at_stop.pop()()
        except Exception as fault:  # the process ends; the log is all that is left to tell
            print(f"while stopping: {fault!r}", flush=True)


def _missing(module: str, name: str, fault: str) -> HookMissing:
    try:
        installed = version("ministack")
    except PackageNotFoundError:
        installed = "none"
    return HookMissing(
        f"the hook {module}.{name} {fault}",
        place=f"ministack {installed} (pinned: {PINNED})",
        remedy="Install the pinned version: make setup",
    )
