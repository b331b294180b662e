"""The image of every Region."""

import pytest
from tidewheel.domain.errors import RegionWithoutImage
from tidewheel.domain.images import ACCOUNTS, xgboost_image


def test_the_image_of_a_region_is_in_the_registry_of_its_account():
    assert xgboost_image("eu-west-1") == "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.2-0"


def test_the_chinese_partition_has_its_own_domain():
    assert ".dkr.ecr.cn-north-1.amazonaws.com.cn/" in xgboost_image("cn-north-1")


def test_a_region_without_the_image_is_named_with_the_remedy():
    with pytest.raises(RegionWithoutImage, match=r"xx-north-1: .*training\.image"):
        xgboost_image("xx-north-1")


def test_every_account_is_twelve_digits():
    assert all(len(account) == 12 and account.isdigit() for account in ACCOUNTS.values())
