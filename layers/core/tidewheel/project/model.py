"""The project file as a value: `Project`, one model that the stack keeps alive."""

from typing import Annotated, Any, Literal

from pydantic import Field

from tidewheel.domain.contract import Column, Contract
from tidewheel.domain.identity import digest
from tidewheel.project.parts import (
    Address,
    ApprovalPart,
    ContractPart,
    GatePart,
    Part,
    RetrainPart,
    RolloutPart,
    TrainingPart,
)

NAME = r"^[a-z][a-z0-9-]{0,22}[a-z0-9]$"
WHERE_IT_RUNS = {"instance", "instances", "volume_gb", "spot", "max_runtime_hours"}


class Project(Part):
    """All that Tidewheel knows about one model: what it learns from, what it must prove, how it is served."""

    project: Annotated[str, Field(pattern=NAME, description="2 to 24 of a-z, 0-9 and -, as in projects/<name>.yaml")]
    problem: Literal["binary", "multiclass", "regression"]
    contract: ContractPart
    training: TrainingPart = TrainingPart()
    gate: GatePart = GatePart()
    approval: ApprovalPart = ApprovalPart()
    rollout: RolloutPart = RolloutPart()
    retrain: RetrainPart = RetrainPart()
    notify: tuple[Address, ...] = ()

    def features(self) -> tuple[str, ...]:
        """The columns a model sees: as named, or all but the label and timestamps, in the contract's order."""
        if self.training.features is not None:
            return self.training.features
        columns = self.contract.columns.items()
        return tuple(name for name, column in columns if name != self.contract.label and column.type != "timestamp")

    def recipe(self) -> dict[str, Any]:
        """What decides what is learnt from given data; not on which machines."""
        training = self.training.model_dump(mode="json", exclude=WHERE_IT_RUNS)
        about = {"problem": self.problem, "label": self.contract.label, "event_time": self.contract.event_time}
        return training | about | {"features": list(self.features())}

    def data_contract(self) -> Contract:
        """The contract as the domain's value."""
        columns = tuple(Column(name, **column.model_dump()) for name, column in self.contract.columns.items())
        return Contract(**self.contract.model_dump(exclude={"columns"}), columns=columns)

    @property
    def recipe_digest(self) -> str:
        """The identity of the recipe."""
        return digest(self.recipe())

    @property
    def contract_digest(self) -> str:
        """The identity of the contract."""
        return digest(self.contract.model_dump(mode="json"))
