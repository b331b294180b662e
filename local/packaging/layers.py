"""Layers for this machine, built by their own recipe and kept until their sources change."""

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from local import ROOT
from local.errors import BuildFailed
from local.home import STATE
from local.packaging import archive

BUILDS = STATE / "build"
KEPT = 3  # builds of one thing: this one and those of the branches one goes back to
ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]  # as Lambda calls it
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
CACHE = {"PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", str(STATE / "cache" / "pip"))}  # pip's own is in the home


def build(logical_id: str, source: Path) -> Path:
    """The zip file of a layer whose folder has a Makefile with a target `build-<logical id>`, as `sam build` wants it.

    Raises BuildFailed with the end of what `make` said.
    """
    recipes = sorted(source.parent.glob("*.mk"))
    sources = [source, *recipes, *([ROOT / "containers"] if logical_id == "CoreLayer" else [])]
    name = f"{logical_id}-{archive.digest(sources, PYTHON, ARCHITECTURE)[:16]}"
    packed = BUILDS / f"{name}.zip"
    if not packed.exists():
        BUILDS.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=BUILDS) as folder:  # others may build it as well
            _make(logical_id, source, Path(folder))
            archive.write(Path(folder), packed, ignored=frozenset())  # a layer brings its bytecode along
        forget_old(logical_id)
    packed.touch()
    return packed


def _make(logical_id: str, source: Path, folder: Path) -> None:
    variables = (f"ARTIFACTS_DIR={folder}", f"LAYER_PYTHON={PYTHON}", f"LAYER_ARCH={ARCHITECTURE}")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # the recipe's python3 is ours
    done = subprocess.run(  # noqa: S603
        ["make", "--no-print-directory", "-C", str(source), f"build-{logical_id}", *variables],  # noqa: S607
        env=os.environ | CACHE | {"PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = (done.stderr or done.stdout)[-1500:].strip()
        raise BuildFailed(
            f"make build-{logical_id} failed: {said}", place=str(source), remedy="Run it by hand to see more."
        )


def forget_old(name: str) -> None:
    """Keeps the newest builds of one layer, or the newest archives of one folder."""
    builds = sorted(BUILDS.glob(f"{name}-*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in builds[KEPT:]:
        old.unlink(missing_ok=True)
