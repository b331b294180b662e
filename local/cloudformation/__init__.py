"""CloudFormation that does what a template says, or refuses: resource types and properties were reviewed one by one."""

from local import hooks
from local.cloudformation import alarms, archives, buckets, functions, resources, roles, tables
from local.cloudformation.reviewed import REVIEWED

STACKS = "ministack.services.cloudformation.stacks"


def install() -> None:
    """Keeps the reviewed resource types only, completes those that drop properties, adds those that are missing."""
    handlers = hooks.require(resources.PROVISIONERS, "_RESOURCE_HANDLERS")
    blocking = hooks.require(STACKS, "_runs_on_worker_thread", "resource_type")
    hooks.replace(STACKS, "_runs_on_worker_thread", lambda kind: kind in REVIEWED or blocking(kind))
    for kind in [kind for kind in handlers if kind not in REVIEWED and not kind.startswith("AWS::CloudFormation::")]:
        del handlers[kind]
    archives.install()
    for part in (alarms, buckets, functions, roles, tables):
        part.install()
    resources.check_properties(REVIEWED)
