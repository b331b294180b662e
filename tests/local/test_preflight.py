"""Whoever has the wrong machine gets one sentence, at once."""

import ast
import platform
import sys
from pathlib import Path

import pytest

from local import preflight


def test_this_machine_is_fine():
    assert preflight.missing_platform() == ""
    assert preflight.missing_python() == ""


@pytest.mark.parametrize(("system", "processor"), [("Darwin", "arm64"), ("Windows", "AMD64"), ("Linux", "riscv64")])
def test_another_platform_is_named_with_a_way_out(monkeypatch, system, processor):
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: processor)

    said = preflight.missing_platform()

    assert f"{system} on {processor}" in said
    assert "WSL 2" in said


def test_a_linux_without_glibc_is_told_that_there_are_no_wheels(monkeypatch):
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert "musl" in preflight.missing_platform()


@pytest.mark.parametrize("version", [(3, 6, 9), (3, 10, 12), (3, 14, 0)])
def test_another_python_is_told_which_ones_will_do(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(platform, "python_version", lambda: ".".join(map(str, version)))

    said = preflight.missing_python()

    assert "Python 3.11, 3.12 or 3.13 is needed" in said
    assert "make PYTHON=" in said


def test_a_python_that_cannot_make_environments_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(preflight, "importable", lambda name: name != "ensurepip")

    said = preflight.missing_python()

    assert "lacks ensurepip" in said
    assert "apt install python3-venv" in said


def test_an_old_python_can_read_the_file_that_refuses_it():
    ast.parse(Path(preflight.__file__).read_text(), feature_version=(3, 6))
