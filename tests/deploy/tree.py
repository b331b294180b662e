"""A copy of what is deployed, to be built elsewhere and to be changed."""

import shutil
from pathlib import Path

from local import ROOT

DEPLOYED = ("template.yaml", "samconfig.toml", "functions", "layers", "containers", "statemachines")


def plant(folder: Path) -> Path:
    """A folder with a copy of everything that `sam build` reads."""
    for name in DEPLOYED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def change(file: Path, old: str, new: str) -> None:
    """Put other words in a file; they stand there once."""
    text = file.read_text()
    assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
    file.write_text(text.replace(old, new))
