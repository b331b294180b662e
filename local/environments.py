"""`python3 -I local/environments.py test image`: environments from locks, each under .tidewheel/env/, side by side.

One is made anew when its lock, its Python or its place has changed, and left alone otherwise.
"""

import hashlib
import platform
import shutil
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 5  # seconds between two signs of life


class Environment:
    """.tidewheel/env/<name>, which holds exactly what locks/<name>.txt says; `test` also our own packages."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = ROOT / "locks" / f"{name}.txt"
        self.folder = ROOT / ".tidewheel" / "env" / name
        self.log = self.folder.with_suffix(".log")

    @property
    def stamp(self) -> str:
        """What the environment was made from. The place belongs to it: scripts hold their interpreter's path."""
        sources = [self.lock] if self.name != "test" else [self.lock, ROOT / "pyproject.toml"]
        digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
        return f"{digest} {platform.python_version()} {self.folder}\n"

    @property
    def ready(self) -> bool:
        """Whether it was made to its end from what is there now."""
        stamp = self.folder / "stamp"
        return stamp.exists() and stamp.read_text() == self.stamp

    def make(self) -> bool:
        """Makes it; False, with the reason in the log, if a step failed."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        pip = [str(self.folder / "bin" / "python"), "-m", "pip", "install", "--no-input", "--no-deps"]
        steps = [[sys.executable, "-m", "venv", str(self.folder)], [*pip, "--require-hashes", "-r", str(self.lock)]]
        if self.name == "test":
            steps.append([*pip, "--no-build-isolation", "-e", str(ROOT)])  # the command `tidewheel`
        with self.log.open("w") as log:
            done = all(subprocess.call(step, cwd=ROOT, stdout=log, stderr=log) == 0 for step in steps)  # noqa: S603
        if done:
            (self.folder / "stamp").write_text(self.stamp)
        return done

    def progress(self) -> str:
        """How far the installation has come, read from pip's log."""
        total = self.lock.read_text().count("==")
        said = self.log.read_text() if self.log.exists() else ""
        if "Installing collected" in said:
            return "unpacking"
        return f"{min(said.count('Collecting '), total)} of {total} packages fetched"


def prepare(names: list[str]) -> int:
    """Makes the environments that are not ready, saying how far they are. Answers the exit status."""
    wanted = [environment for environment in map(Environment, names) if not environment.ready]
    began = time.monotonic()
    with ThreadPoolExecutor(max(len(wanted), 1)) as pool:
        jobs = {pool.submit(environment.make): environment for environment in wanted}
        pending: set[Future[bool]] = set(jobs)
        while pending:
            finished, pending = wait(pending, timeout=PATIENCE)
            for job in finished:
                say(jobs[job], f"{'ready' if job.result() else 'FAILED'} after {time.monotonic() - began:.0f} s")
            for job in pending if not finished else ():
                say(jobs[job], jobs[job].progress())
    failed = [environment for job, environment in jobs.items() if not job.result()]
    for environment in failed:
        lines = environment.log.read_text().splitlines()[-12:]
        print(f"The end of {environment.log}:", *lines, sep="\n  ", file=sys.stderr)
    return 1 if failed else 0


def say(environment: Environment, news: str) -> None:
    """One line about one environment."""
    print(f"environment {environment.name}: {news}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(prepare(sys.argv[1:]))
