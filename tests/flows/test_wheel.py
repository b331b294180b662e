"""The whole wheel, from project files and uploads alone: three kinds of problem side by side in one stack."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from tidewheel.domain.golden import difference, score_of

from tests.flows.deliveries import flowers, rents, shuffled
from tests.flows.wheel import turning


@pytest.fixture(scope="module")
def wheel():
    with turning("flows") as running:
        yield running


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory):
    """A first file for each of the small projects."""
    folder = tmp_path_factory.mktemp("deliveries")
    for name, text in {"flowers": flowers(900, 1), "rents": rents(900, 1)}.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.fixture(scope="module")
def serving(wheel, deliveries):
    """How the first uploads of both projects ended, which were under way at the same time."""

    def submit(name):
        return wheel.tidewheel("submit", deliveries / f"{name}.csv", "--project", name, "--watch")

    names = ("flowers", "rents")
    with ThreadPoolExecutor() as pool:
        return dict(zip(names, pool.map(submit, names), strict=True))


@pytest.mark.parametrize("project", ["flowers", "rents"])
def test_an_upload_becomes_a_model_that_serves(wheel, serving, project):
    assert serving[project][0] == 0, serving[project][1]["sentence"]

    _, told = wheel.tidewheel("status")

    lines = {line["project"]: line for line in told["projects"]}
    assert (lines[project]["champion"], lines[project]["health"]) == (f"{project}/1", "well")
    assert lines["bikeshare"]["health"] == "no model yet"


@pytest.mark.parametrize("project", ["flowers", "rents"])
def test_the_endpoint_answers_golden_rows_as_the_judged_model_did(wheel, serving, project, tmp_path):
    golden = wheel.golden(f"{project}/1")
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row["instance"]) for row in golden))

    _, told = wheel.tidewheel("predict", project, tmp_path / "rows.jsonl")

    assert {said["model_version"] for said in told["predictions"]} == {f"{project}/1"}
    assert difference([row["score"] for row in golden], [score_of(said) for said in told["predictions"]]) == ""


def test_the_endpoint_answers_as_the_booster_of_the_registered_artifact(wheel, serving, tmp_path):
    golden = wheel.golden("rents/1")
    rows = [[float(row["instance"][each]) for each in ("area", "rooms", "balcony")] for row in golden]

    boosted = wheel.boosted("rents/1", rows, tmp_path)

    assert [row["score"] for row in golden] == pytest.approx(boosted, rel=1e-6)


def test_the_same_bytes_again_change_nothing(wheel, serving, deliveries):
    file = deliveries / "flowers.csv"

    code, told = wheel.tidewheel("submit", file, "--as", "again.csv", "--project", "flowers", "--watch")

    assert (code, told["outcome"]) == (3, "unchanged"), told["sentence"]
    assert "duplicate" in told["sentence"]


def test_shuffled_labels_are_refused_the_first_model_serves_on_and_why_says_so(wheel, serving, tmp_path):
    (tmp_path / "later.csv").write_text(shuffled(rents(900, 2, after=900), 7))

    code, told = wheel.tidewheel("submit", tmp_path / "later.csv", "--project", "rents", "--watch")

    assert (code, told["outcome"]) == (1, "refused"), told["sentence"]
    _, answer = wheel.tidewheel("predict", "rents", "--row", "area=80,rooms=3,balcony=true")
    assert answer["predictions"][0]["model_version"] == "rents/1"
    assert "does not beat a constant answer" in " ".join(wheel.link("rents/2", "model")["says"])


def test_with_one_model_there_is_nothing_to_go_back_to(wheel, serving):
    assert wheel.tidewheel("rollback", "flowers", "--reason", "to see")[0] == 3
