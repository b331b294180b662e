"""A training that lasts as long as a test wants: its processes are held, and let go."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from local.stack import LocalStack

PATIENCE = 60  # seconds until a training of the project runs


@contextmanager
def held_training(stack: LocalStack, project: str) -> Iterator[None]:
    """Hold the next training job of a project for the length of a block."""
    held = _hold(stack.home.tmp / "sagemaker", f"-{project}-")
    try:
        yield
    finally:
        for process in held:
            os.kill(process, signal.SIGCONT)


def _hold(folder: Path, part: str) -> list[int]:
    deadline = time.monotonic() + PATIENCE
    while not (found := [process for process in _processes() if _trains(process, folder, part)]):
        assert time.monotonic() < deadline, "no training began"
        time.sleep(0.005)
    for process in found:
        os.kill(process, signal.SIGSTOP)
    return found


def _processes() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]


def _trains(process: int, folder: Path, part: str) -> bool:
    """Whether a process works in the folder of such a training job."""
    with suppress(OSError, ValueError):
        place = Path(os.readlink(f"/proc/{process}/cwd")).relative_to(folder).parts
        return place[0].startswith("training") and part in place[1]
    return False
