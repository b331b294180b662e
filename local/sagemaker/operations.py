"""The operations that this service does. Whatever is not in this table is an honest UnknownOperationException."""

from collections.abc import Callable

from local.sagemaker import endpoints, jobs, models, processing, registry, shapes, store, tagging, training, transform
from local.sagemaker.errors import UnknownOperationException
from local.sagemaker.kinds import KINDS, PACKAGE, PROCESSING, TRAINING, TRANSFORM, Kind
from local.sagemaker.lists import page
from local.sagemaker.store import Record

Operation = Callable[[Record], Record]


def answer(name: str, request: Record) -> Record:
    """Validate a request against the model, do it, and give what the output shape has room for."""
    shapes.validate(name, request)
    if name not in OPERATIONS:
        raise UnknownOperationException(f"{name} is not simulated by the local SageMaker service.")
    result = OPERATIONS[name](request)
    with store.LOCK:
        return shapes.project(shapes.operation(name).output_shape, result)


def _describe(kind: Kind) -> Operation:
    return lambda request: store.get(kind, request[kind.name_field])


def _list(kind: Kind) -> Operation:
    return lambda request: page(f"List{kind.noun}s", kind, store.every(kind), request)


def _stop(kind: Kind) -> Operation:
    return lambda request: jobs.stop(kind, request[kind.name_field])


OPERATIONS: dict[str, Operation] = {
    **{f"Describe{kind.noun}": _describe(kind) for kind in KINDS},
    **{f"List{kind.noun}s": _list(kind) for kind in KINDS},
    **{f"Stop{kind.noun}": _stop(kind) for kind in (TRAINING, PROCESSING, TRANSFORM)},
    "CreateTrainingJob": training.create,
    "CreateProcessingJob": processing.create,
    "CreateTransformJob": transform.create,
    "CreateModelPackageGroup": registry.create_group,
    "DescribeModelPackageGroup": registry.describe_group,
    "DeleteModelPackageGroup": registry.delete_group,
    "CreateModelPackage": registry.create_package,
    "DescribeModelPackage": registry.describe_package,
    "UpdateModelPackage": registry.update_package,
    "DeleteModelPackage": registry.delete_package,
    "ListModelPackages": lambda request: page("ListModelPackages", PACKAGE, registry.list_packages(request), request),
    "CreateModel": models.create_model,
    "DeleteModel": models.delete_model,
    "CreateEndpointConfig": models.create_config,
    "DeleteEndpointConfig": models.delete_config,
    "CreateEndpoint": endpoints.create,
    "UpdateEndpoint": endpoints.update,
    "DeleteEndpoint": endpoints.delete,
    "UpdateEndpointWeightsAndCapacities": endpoints.update_weights,
    "AddTags": tagging.add,
    "ListTags": tagging.show,
    "DeleteTags": tagging.remove,
}
