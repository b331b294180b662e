"""An environment is made when its lock has changed, and left alone otherwise."""

import pytest

from local import environments
from local.environments import Environment

pytestmark = pytest.mark.proof  # each makes an environment of its own


@pytest.fixture
def empty(monkeypatch, tmp_path):
    """A project whose lock pins nothing."""
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / "none.txt").write_text("")
    return tmp_path


def test_an_environment_is_made_once_and_again_after_its_lock_has_changed(empty, capsys):
    first = environments.prepare(["none"])
    second = environments.prepare(["none"])
    said = capsys.readouterr().err

    (empty / "locks" / "none.txt").write_text("# changed\n")

    assert (first, second) == (0, 0)
    assert said.count("ready after") == 1
    assert not Environment("none").ready


def test_a_failure_is_told_with_the_end_of_the_log_and_leaves_nothing_that_looks_ready(empty, capsys):
    (empty / "locks" / "none.txt").write_text("tidewheel-no-such-package==1 --hash=sha256:00\n")

    status = environments.prepare(["none"])

    assert status == 1
    assert "tidewheel-no-such-package" in capsys.readouterr().err
    assert not Environment("none").ready
