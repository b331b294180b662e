"""Patterns of the service's model, which Java wrote, hold here for what they hold on AWS."""

import pytest

from local.sagemaker.errors import ValidationException
from local.sagemaker.shapes import validate

GROUP = {"ModelPackageGroupName": "tw-bikeshare"}


def test_a_description_may_have_every_sign_that_people_write():
    validate("CreateModelPackageGroup", GROUP | {"ModelPackageGroupDescription": "Better: 0.42 → 0.27 (±5 %), naïve?"})


@pytest.mark.parametrize("unprintable", ["two\nlines", "a\ttab", "\x00"])
def test_a_description_may_have_no_control_character(unprintable):
    with pytest.raises(ValidationException, match="modelPackageGroupDescription"):
        validate("CreateModelPackageGroup", GROUP | {"ModelPackageGroupDescription": unprintable})
