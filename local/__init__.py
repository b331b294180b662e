"""AWS on one machine: the emulator ministack in our own process, plus what it lacks."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if (core := str(ROOT / "layers" / "core")) not in sys.path:
    sys.path.append(core)  # for `python -m local` in a checkout, where nothing has installed the package `tidewheel`
