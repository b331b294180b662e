"""The reviewed resource types: our template needs no other, and what is merely stored is told to the reader."""

import pytest

from local import ROOT
from local.cloudformation.reviewed import HONOURED, REVIEWED, STORED
from local.packaging import template

SERVERLESS = {"AWS::Serverless::Function", "AWS::Serverless::LayerVersion", "AWS::Serverless::StateMachine"}


def test_every_resource_type_of_the_template_is_reviewed() -> None:
    resources = template.load(ROOT / "template.yaml")["Resources"].values()

    assert {resource["Type"] for resource in resources} - SERVERLESS <= REVIEWED.keys()


@pytest.mark.parametrize("kind", STORED)
def test_a_stored_property_is_not_called_honoured(kind: str) -> None:
    assert not set(STORED[kind].split()) & set(HONOURED[kind].split())
