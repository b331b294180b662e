"""`python3 -I local/preflight.py`: says at once what this machine lacks, in words that older Pythons can read too."""

import platform
import sys

NEEDED = ("venv", "ensurepip", "ssl", "sqlite3", "lzma", "ctypes")  # parts that distributions like to leave out
REMEDY = "Install one and name it: make PYTHON=/path/to/python3"


def missing_platform():
    """What is wrong with the machine, or an empty string."""
    if platform.system() != "Linux" or platform.machine() not in ("x86_64", "aarch64"):
        place = f"{platform.system()} on {platform.machine()}"
        return f"Linux on x86-64 or arm64 is needed, and this is {place}. A virtual machine or WSL 2 will do."
    if platform.libc_ver()[0] != "glibc":
        return "A Linux with glibc is needed (Debian, Ubuntu, Fedora, Amazon Linux): there are no wheels for musl."
    return ""


def missing_python():
    """What is wrong with this Python, or an empty string."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        return f"Python 3.11, 3.12 or 3.13 is needed, and {sys.executable} is {platform.python_version()}. {REMEDY}"
    absent = [name for name in NEEDED if not importable(name)]
    if absent:
        debian = "Debian and Ubuntu: apt install python3-venv"
        return f"{sys.executable} lacks {', '.join(absent)} and cannot make environments ({debian}). {REMEDY}"
    return ""


def importable(name):
    """Whether this Python has the module."""
    try:
        __import__(name)
    except ImportError:
        return False
    return True


if __name__ == "__main__":
    sys.exit("\n".join(filter(None, (missing_platform(), missing_python()))) or 0)
