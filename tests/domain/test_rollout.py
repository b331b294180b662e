"""Whether a model shall serve, and whether it does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.package import APPROVED, PENDING, REJECTED, Package, project_of, version_of
from tidewheel.domain.rollout import Endpoint, Pointer, Served, Wanted, before, plan, plan_rollback, settled
from tidewheel.domain.serving import Serving, Target

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
SERVING = Serving("realtime", "ml.t2.medium", 1, 2048, 5)


def wanted(version=2, status=APPROVED, endpoint=None, serving=SERVING):
    package = Package(f"arn:group/{version}", "tw-bikeshare", version, status)
    return Wanted(package, serving, Target.of("tw", "bikeshare", package, serving), endpoint)


def pointing_at(version, **more):
    return Pointer(revision=2, fence=1, live=f"arn:group/{version}", live_version=version, **more)


pointers = st.one_of(
    st.just(Pointer()),
    st.builds(pointing_at, st.integers(1, 5), deploying=st.sampled_from(["", "arn:group/2", "arn:group/4"])),
)
endpoints = st.one_of(
    st.none(),
    st.builds(
        Endpoint,
        st.sampled_from(["InService", "Creating", "Updating", "Deleting", "Failed", "SystemUpdating"]),
        st.sampled_from(["tw-bikeshare-1-aaaaaa", wanted().target.name]),
        st.sampled_from(["", wanted().target.name, "tw-bikeshare-9-ffffff"]),
    ),
)
versions = st.integers(1, 5)
statuses = st.sampled_from([APPROVED, REJECTED, PENDING])


@given(versions, statuses, endpoints, pointers, st.booleans())
def test_only_what_is_approved_and_newer_is_ever_deployed(version, status, endpoint, pointer, held):
    answer = plan(wanted(version, status, endpoint), pointer, held=held).answer

    if answer in ("deploy", "clear"):
        assert status == APPROVED
        assert version > pointer.live_version
        assert not held


@given(versions, statuses, endpoints, pointers)
def test_a_claim_of_others_is_never_overruled(version, status, endpoint, pointer):
    case = wanted(version, status, endpoint)

    assert plan(case, pointer, held=True).answer == "busy"
    assert plan_rollback(case, pointer, held=True).answer == "busy"


@given(versions, endpoints, pointers)
def test_an_endpoint_that_is_on_its_way_elsewhere_is_never_touched(version, endpoint, pointer):
    case = wanted(version, APPROVED, endpoint)

    answers = {plan(case, pointer, held=False).answer, plan_rollback(case, pointer, held=False).answer}

    if endpoint and endpoint.status != "InService" and endpoint.heading_for != case.target.name:
        assert not answers & {"deploy", "rollback"}


@given(st.permutations([2, 3, 4]))
def test_whatever_the_order_of_approvals_the_newest_serves_in_the_end(order):
    pointer = pointing_at(1)
    for version in order:
        if plan(wanted(version), pointer, held=False).answer == "deploy":
            pointer = pointing_at(version)

    assert pointer.live_version == 4


@given(st.lists(st.integers(1, 9), max_size=12), st.integers(0, 10))
def test_going_back_again_and_again_ends_and_never_returns(rolled_out, live):
    history = [Served(version, f"arn:group/{version}") for version in rolled_out]
    path = [live]
    while older := before(path[-1], history):
        path.append(older[0].version)

    assert path[1:] == sorted({version for version in rolled_out if version < live}, reverse=True)


def test_an_update_that_is_on_its_way_to_what_is_wanted_is_adopted():
    endpoint = Endpoint("Updating", "tw-bikeshare-1-aaaaaa", wanted().target.name)

    assert plan(wanted(endpoint=endpoint), pointing_at(1), held=False).answer == "deploy"


def test_a_rollout_that_was_cut_off_and_rejected_goes_back_once_the_endpoint_is_still():
    cut_off = pointing_at(1, deploying="arn:group/2", execution="arn:dead")

    still = plan(wanted(2, REJECTED, Endpoint("InService", "x")), cut_off, held=False)
    moving = plan(wanted(2, REJECTED, Endpoint("Updating", "x")), cut_off, held=False)

    assert (still.answer, moving.answer) == ("go_back", "busy")


def test_reasons_say_what_to_do():
    assert "ask for a rollback" in plan(wanted(1), pointing_at(2), held=False).reason
    nothing = plan_rollback(None, pointing_at(2), held=False)
    assert nothing.reason == "There is nothing to go back to: version 2 serves, and no approved one did before"


def test_a_lease_binds_others_until_its_time_is_over():
    pointer = Pointer(execution="arn:one", lease_until=(NOW + timedelta(hours=1)).isoformat())

    assert pointer.leased("arn:two", NOW)
    assert not pointer.leased("arn:one", NOW)
    assert not pointer.leased("arn:two", NOW + timedelta(hours=1))
    assert not Pointer().leased("arn:two", NOW)


@pytest.mark.parametrize(
    ("endpoint", "answer"),
    [
        (None, "failed"),
        (Endpoint("InService", "wanted"), "verified"),
        (Endpoint("InService", "old"), "failed"),
        (Endpoint("Updating", "old", "wanted"), "waiting"),
        (Endpoint("Creating", "wanted"), "waiting"),
        (Endpoint("Failed", "wanted", failure="no ping"), "failed"),
        (Endpoint("OutOfService", "wanted"), "failed"),
        (Endpoint("UpdateRollbackFailed", "wanted"), "failed"),
    ],
)
def test_only_in_service_on_the_wanted_configuration_is_settled(endpoint, answer):
    assert settled(endpoint, "wanted").answer == answer


def test_groups_and_versions_are_read_from_names():
    assert [project_of("tw", group) for group in ("tw-bikeshare", "other-bikeshare", "tw")] == ["bikeshare", "", ""]
    assert version_of("arn:aws:sagemaker:eu-west-1:123456789012:model-package/tw-bikeshare/12") == 12
