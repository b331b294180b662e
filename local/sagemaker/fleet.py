"""The containers behind endpoints, and which of them a request goes to. The swap of a fleet is one assignment."""

import random
import threading
from collections.abc import Mapping

from ministack.core.responses import AccountRegionScopedDict

from local.sagemaker.errors import ThrottlingException, ValidationError
from local.sagemaker.replica import Replica

Fleet = Mapping[str, Replica]  # variant -> container

FLEETS: AccountRegionScopedDict = AccountRegionScopedDict()  # endpoint -> Fleet
_choice = random.Random(7)  # noqa: S311 - which variant answers is no secret; seeded so that runs repeat
_lock = threading.Lock()


def swap(endpoint: str, fleet: Fleet) -> Fleet:
    """Send all traffic to a fleet from now on; gives the one that had it."""
    with _lock:
        before: Fleet = FLEETS.get(endpoint, {})
        FLEETS[endpoint] = fleet
    return before


def remove(endpoint: str) -> Fleet:
    """Take an endpoint's traffic away; gives the fleet that had it."""
    with _lock:
        fleet: Fleet = FLEETS.pop(endpoint, {})
    return fleet


def stop(fleet: Fleet) -> None:
    """Drain and stop every container."""
    for replica in fleet.values():
        replica.stop()


def choose(endpoint: str, weights: Mapping[str, float], target: str | None) -> Replica:
    """The container for a request: the target variant's, else by weight. ValidationError for an unknown variant."""
    fleet: Fleet = FLEETS.get(endpoint, {})
    if target is not None and target not in fleet:
        raise ValidationError(f"Variant {target} not found for endpoint {endpoint}.")
    if not fleet:
        raise ValidationError(f"Endpoint {endpoint} has no instances in service.")
    names = sorted(fleet)
    shares = [weights.get(name, 0.0) for name in names]
    if target is None and not sum(shares):
        raise ValidationError(f"All production variants of endpoint {endpoint} have weight 0.")
    return fleet[target or _choice.choices(names, shares)[0]]


def admit(replica: Replica, variant: Mapping[str, object]) -> None:
    """A serverless variant takes MaxConcurrency requests at once; ThrottlingException for one more."""
    serverless = variant.get("CurrentServerlessConfig")
    if isinstance(serverless, dict) and replica.under_way >= serverless["MaxConcurrency"]:
        raise ThrottlingException(f"The serverless variant {variant['VariantName']} has reached its MaxConcurrency.")
