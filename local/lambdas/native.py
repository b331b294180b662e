"""Code for another platform: it would deploy green and fail at its first import, so it is refused at upload."""

import io
import platform
import re
import struct
import sys
import zipfile

from ministack.core.responses import error_response_json

from local import hooks

MACHINES = {62: "x86_64", 183: "aarch64"}  # e_machine in the header of an ELF file
TAG = re.compile(r"\.cpython-(\d)(\d+)[a-z]*-")


def install() -> None:
    """Checks every archive that comes through Lambda's API; templates are checked in local/cloudformation/."""
    service, name = "ministack.services.lambda_svc", "_reject_unreadable_zip"
    theirs = hooks.require(service, name, "zip_data")

    def refuse(zip_data: bytes | None) -> tuple[int, dict[str, str], bytes] | None:
        if unreadable := theirs(zip_data):
            return unreadable  # type: ignore[no-any-return]
        return (
            error_response_json("InvalidParameterValueException", fault, 400) if (fault := refusal(zip_data)) else None
        )

    hooks.replace(service, name, refuse)


def refusal(archive: bytes | None) -> str | None:
    """Why this machine's Python cannot run an archive's native modules, naming the first three; None if it can."""
    if not (foreign := foreign_modules(archive) if archive else []):
        return None
    here = f"{platform.machine()} with Python {sys.version_info.major}.{sys.version_info.minor}"
    return f"{len(foreign)} native modules cannot run on this machine ({here}): {', '.join(foreign[:3])}"


def foreign_modules(archive: bytes) -> list[str]:
    """The native modules that this machine's Python cannot load, each with the reason; empty if all is well."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        found = ((info.filename, _fault(files, info)) for info in files.infolist() if ".so" in info.filename)
        return [f"{name} ({fault})" for name, fault in found if fault]


def _fault(files: zipfile.ZipFile, info: zipfile.ZipInfo) -> str | None:
    with files.open(info) as file:
        header = file.read(20)
    if header[:4] != b"\x7fELF":
        return None
    machine = MACHINES.get(struct.unpack_from("<H", header, 18)[0], "another machine")
    if machine != platform.machine():
        return f"for {machine}"
    tag = TAG.search(info.filename)
    if tag and tag.groups() != tuple(str(part) for part in sys.version_info[:2]):
        return f"for Python {tag[1]}.{tag[2]}"
    return None
