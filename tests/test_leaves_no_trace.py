"""A stack that was started, used as its own words say and stopped: everything that it wrote lies in the project."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from local import ROOT

pytestmark = pytest.mark.proof
PARTS = ("local", "cli", "layers", "functions", "containers", "statemachines", "projects", "locks")
PATH = "/usr/local/bin:/usr/bin:/bin"  # no tool that somebody installed for themselves
ELSEWHERE = ("AWS_", "XDG_", "PIP_CACHE_DIR")  # would lead out of the home
SECONDS = 120  # for a start with layers that have to be built first


class User:
    """Somebody with an own copy of the project, an empty home and an empty folder for temporary files."""

    def __init__(self, folder: Path) -> None:
        self.project, self.home, self.tmp = (folder / name for name in ("project", "home", "tmp"))
        for part in PARTS:
            shutil.copytree(ROOT / part, self.project / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "template.yaml", self.project)
        (self.project / ".tidewheel").mkdir()
        (self.project / ".tidewheel" / "env").symlink_to(ROOT / ".tidewheel" / "env")
        self.home.mkdir()
        self.tmp.mkdir()
        modules = os.pathsep.join([str(self.project), str(self.project / "layers" / "core")])
        told = {name: value for name, value in os.environ.items() if not name.startswith(ELSEWHERE)}
        self._environment = told | {
            "HOME": str(self.home),
            "TMPDIR": str(self.tmp),
            "PATH": PATH,
            "PYTHONPATH": modules,
        }

    def starts(self, command: list[str]) -> subprocess.Popen[str]:
        """A program in the project's folder, in a session of its own as a terminal gives one."""
        options = {"cwd": self.project, "env": self._environment, "text": True, "start_new_session": True}
        return subprocess.Popen(command, stdout=subprocess.PIPE, **options)

    def does(self, shell: str) -> str:
        """What shell lines print. They have to go well."""
        done = subprocess.run(["bash", "-c", shell], cwd=self.project, env=self._environment, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def processes(self) -> list[str]:
        """The command lines of processes that know of this project."""
        return [command for command, known in _processes() if str(self.project) in known]


def _processes() -> Iterator[tuple[str, str]]:
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command, environment = (process.joinpath(name).read_text() for name in ("cmdline", "environ"))
            yield command.replace("\0", " "), f"{command}{environment}{process.joinpath('cwd').readlink()}"


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    yield User(tmp_path)
    shutil.rmtree(tmp_path / "project")


def test_what_was_started_and_stopped_leaves_no_process_and_no_file_outside_the_project(user: User) -> None:
    with user.starts([sys.executable, "-m", "local", "up"]) as up:
        assert up.stdout is not None
        said = list(iter(up.stdout.readline, "  aws s3 ls\n"))
        printed = [line.strip() for line in said if line.startswith("  ")]
        meanwhile = user.processes()

        told = user.does(" && ".join([*printed, "tidewheel project push projects/bikeshare.yaml", "tidewheel status"]))
        up.send_signal(signal.SIGINT)
        status = up.wait(SECONDS)

    assert "bikeshare" in told
    assert status == 0
    assert len(meanwhile) >= 2  # `up` and the stack: those that we would see if they stayed
    assert user.processes() == []
    assert list(user.home.rglob("*")) == []
    assert list(user.tmp.rglob("*")) == []
    left = {path.name for path in (user.project / ".tidewheel" / "local" / "default").iterdir()}
    assert left == {"log.txt"}
