"""How a model version is put behind an endpoint, and what it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.package import APPROVED, Package
from tidewheel.domain.serving import Serving, Target

PACKAGE = Package("arn:group/2", "tw-bikeshare", 2, APPROVED)
servings = st.builds(
    Serving,
    st.sampled_from(["realtime", "serverless"]),
    st.sampled_from(["ml.t2.medium", "ml.m5.large"]),
    st.integers(1, 100),
    st.sampled_from([1024, 2048]),
    st.integers(1, 200),
)


def serving(kind="realtime", instance="ml.t2.medium"):
    return Serving(kind, instance, 1, 2048, 5)


@given(servings, servings)
def test_the_name_is_the_same_exactly_when_what_it_names_is(one, other):
    names = [Target.of("tw", "bikeshare", PACKAGE, each).name for each in (one, other)]

    assert (names[0] == names[1]) == (one.shape == other.shape)


def test_names_of_the_longest_stack_and_project_fit():
    package = Package("arn:group/999999", "g", 999_999, APPROVED)

    target = Target.of("s" * 16, "p" * 24, package, serving("serverless"))

    assert len(target.name) <= 63
    assert len(target.endpoint_name) <= 63


def test_serverless_has_an_endpoint_of_its_own_and_a_variant_without_instances():
    realtime, serverless = (Target.of("tw", "bikeshare", PACKAGE, serving(kind)) for kind in ("realtime", "serverless"))

    assert (realtime.endpoint_name, serverless.endpoint_name) == ("tw-bikeshare", "tw-bikeshare-serverless")
    assert {"InstanceType", "InitialInstanceCount"} <= realtime.variant.keys()
    assert not {"InstanceType", "InitialInstanceCount"} & serverless.variant.keys()
    assert realtime.variant["VariantName"] == serverless.variant["VariantName"] == "live"


@pytest.mark.parametrize(
    ("instance", "takes_a_key"),
    [
        ("ml.t2.medium", True),
        ("ml.m5.large", True),
        ("ml.c6gn.large", True),
        ("ml.p3.2xlarge", True),
        ("ml.inf1.xlarge", True),
        ("ml.m5d.large", False),
        ("ml.m6gd.large", False),
        ("ml.r5dn.large", False),
        ("ml.g4dn.xlarge", False),
        ("ml.g5.xlarge", False),
        ("ml.p4d.24xlarge", False),
        ("ml.trn1.2xlarge", False),
    ],
)
def test_instances_with_disks_of_their_own_take_no_key(instance, takes_a_key):
    assert serving(instance=instance).encrypted is takes_a_key
