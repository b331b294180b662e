"""Approve a model version: the registry event that follows rolls it out."""

import argparse

from tidewheel.aws.clients import client

from cli.answer import UNCHANGED, Answer
from cli.records import package, split_version
from cli.stack import enter

STATUS = {"approve": "Approved", "reject": "Rejected"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tidewheel approve` and `tidewheel reject` take."""
    parser.add_argument("model_version", help="project/number, e.g. bikeshare/2")
    parser.add_argument("--reason", required=True, help="why; it is kept with the model version")


def run(options: argparse.Namespace) -> Answer:
    """Change the version's status in the registry, unless it is that already."""
    stack = enter(options)
    name, number = split_version(options.model_version)
    found = package(stack, name, number)
    status = STATUS[options.verb]
    facts = {"model_version": options.model_version, "before": found["ModelApprovalStatus"], "status": status}
    if found["ModelApprovalStatus"] == status:
        return Answer(
            facts, f"{options.model_version} is {status} already: {found.get('ApprovalDescription', '')}", UNCHANGED
        )

    client("sagemaker").update_model_package(
        ModelPackageArn=found["ModelPackageArn"], ModelApprovalStatus=status, ApprovalDescription=options.reason
    )
    follows = "It is rolled out now" if status == "Approved" else "It will not serve"
    return Answer(facts, f"{options.model_version} is {status}. {follows}: `tidewheel why {options.model_version}`.")
