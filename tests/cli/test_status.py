"""`tidewheel status`: what needs a person comes first."""

from tests.cli.world import AT, RUN, accepted, endpoint, register, save, serving, trained, uploaded


def health(facts):
    return {each["project"]: each["health"] for each in facts("status")["projects"]}


def test_a_new_project_has_no_model_yet(facts):
    assert health(facts) == {"bikeshare": "no model yet"}


def test_a_serving_model_is_well_and_has_an_age(stack, facts):
    serving(1)
    endpoint()

    line = facts("status")["projects"][0]

    assert (line["health"], line["champion"]) == ("well", "bikeshare/1")
    assert isinstance(line["age_seconds"], float)


def test_a_pointer_without_an_endpoint_is_the_worst(stack, facts):
    serving(1)
    register("aardvark")

    assert list(health(facts).items()) == [("bikeshare", "no endpoint"), ("aardvark", "no model yet")]


def test_a_failed_last_run_is_worse_than_work_under_way(stack, facts):
    trained(status="failed", error="x")
    register("aardvark")
    save("aardvark", "training", "", {"owner": "aardvark-00001-abcdef"})

    assert list(health(facts).items()) == [("bikeshare", "last run failed"), ("aardvark", "working")]


def test_running_work_is_named(stack, facts):
    save("bikeshare", "training", "", {"owner": RUN})
    uploaded(status="claimed")

    assert facts("status")["projects"][0]["running"] == ["validates bikeshare/2012.csv", f"trains {RUN}"]


def test_a_rollout_under_way_is_named(stack, facts):
    serving(1, deploying="arn:aws:sagemaker:eu-west-1:1:model-package/tw-bikeshare/2")

    assert facts("status")["projects"][0]["running"] == ["rolls out 2"]


def test_the_last_decision_stands_with_its_reasons(stack, facts, tidewheel):
    accepted()

    line = facts("status")["projects"][0]

    assert line["decision"].endswith(" started")
    assert (line["decided_at"], line["reasons"]) == (AT, ["8,784 new rows"])
    assert "8,784 new rows" in tidewheel("status")[1]


def test_clearing_up_after_a_dead_run_is_not_the_last_decision(stack, facts):
    accepted()
    later = {"answer": "skipped", "trigger": "died", "updated_at": "2026-11-21T13:00:00+00:00"}
    save("bikeshare", "decision", "dec-later", later)

    assert facts("status")["projects"][0]["decision"].endswith(" started")


def test_a_retired_project_comes_last(stack, facts):
    save("aardvark", "project", "", {"status": "retired", "document": {}})

    assert list(health(facts)) == ["bikeshare", "aardvark"]
