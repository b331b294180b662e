"""Serving: how a model version is put behind an endpoint, and what all of it is called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tidewheel.domain.identity import digest
from tidewheel.domain.package import Package

VARIANT = "live"  # every production variant: SageMaker updates an endpoint only under the same variant names

# Instances with disks of their own encrypt them in hardware, and refuse a configuration that names a key.
OWN_DISKS = re.compile(r"^ml\.(\w*\dg?i?a?d\w*|g[5-9]\w*|gr\d\w*|p[4-9]\w*|trn\d\w*)\.")


@dataclass(frozen=True)
class Serving:
    """How a project wants to be served: the `rollout` part of its file."""

    kind: Literal["realtime", "serverless"]
    instance: str
    count: int
    memory_mb: int
    max_concurrency: int

    @property
    def shape(self) -> dict[str, Any]:
        """The capacity, as a production variant says it."""
        if self.kind == "serverless":
            return {"ServerlessConfig": {"MemorySizeInMB": self.memory_mb, "MaxConcurrency": self.max_concurrency}}
        return {"InstanceType": self.instance, "InitialInstanceCount": self.count}

    @property
    def isolated(self) -> bool:
        """Whether the container has no network. Serverless endpoints do not offer that."""
        return self.kind == "realtime"

    @property
    def encrypted(self) -> bool:
        """Whether the instances' volumes take the stack's key."""
        return self.kind == "realtime" and not OWN_DISKS.match(self.instance)


@dataclass(frozen=True)
class Target:
    """What shall serve: a model and an endpoint configuration, both called `name`, which follows from all they say."""

    endpoint_name: str
    name: str
    variant: Mapping[str, Any]

    @classmethod
    def of(cls, prefix: str, project: str, package: Package, serving: Serving) -> "Target":
        """Real-time and serverless have an endpoint each: SageMaker cannot turn one into the other."""
        made_of = {"package": package.arn, "shape": serving.shape}
        name = f"{prefix}-{project}-{package.version}-{digest(made_of)[:6]}"
        suffix = "-serverless" if serving.kind == "serverless" else ""
        variant = {"VariantName": VARIANT, "ModelName": name, "InitialVariantWeight": 1, **serving.shape}
        return cls(f"{prefix}-{project}{suffix}", name, variant)


def environment(model_version: str) -> dict[str, str]:
    """What the container is told: which version it is, and where its script lies."""
    return {
        "TIDEWHEEL_MODEL_VERSION": model_version,
        "SAGEMAKER_PROGRAM": "inference.py",
        "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
    }
