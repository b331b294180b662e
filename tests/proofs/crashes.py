"""Cut an execution off at one of its calls, deliver its cause again, and look at the end."""

from dataclasses import dataclass
from typing import Any

from tests.proofs.ends import differences, end
from tests.proofs.flow import Execution
from tests.proofs.model import broken
from tests.proofs.scenarios import SCENARIOS, Scenario, found
from tests.proofs.world import World

LATER = 2  # hours: longer than the lease of an upload or of a training


@dataclass(frozen=True)
class Plan:
    """The first execution that comes to this state dies there."""

    scenario: str
    flow: str
    state: str
    when: str  # before | after | during (of `.sync`: the job goes on)
    told: bool = False  # whether EventBridge tells of the death; else only the cause comes again

    def __str__(self) -> str:
        return f"{self.scenario}-{self.flow}-{self.state}-{self.when}{'-told' if self.told else ''}"


class Cut:
    """Kills by a plan, once, and remembers whom."""

    def __init__(self, plan: Plan | None) -> None:
        self.plan = plan
        self.dead: Execution | None = None

    def __call__(self, execution: Execution, state: str) -> str:
        plan = self.plan
        if plan is None or self.dead or (execution.flow, state) != (plan.flow, plan.state):
            return ""
        self.dead = execution
        return plan.when


def play(
    scenario: Scenario, plan: Plan | None, instead: dict[str, Any] | None = None
) -> tuple[dict[str, Any], list[str]]:
    """The end of a scenario under a plan, and what is wrong with it. `instead`: see `change`."""
    world, cut = World(), Cut(plan)
    world.cut, world.tells = cut, plan is None or plan.told
    with world.opened():
        scenario.before(world)
        change(world, instead or {})
        for step in scenario.steps:
            step(world)
            _settle(world, cut)
        if plan and not cut.dead:
            return {}, [f"nobody ever came to {plan.state}"]
        ended, wrong = end(world), _wrong(world, scenario)
        for cause in list(world.causes):  # all that ever was delivered, once more
            world.start(*cause)
        world.loop.run()
        return ended, wrong + [f"a late duplicate: {line}" for line in differences(ended, end(world))]


def change(world: World, instead: dict[str, Any]) -> None:
    """Other definitions by flow, other handlers by their function's name."""
    world.instead = {name: each for name, each in instead.items() if isinstance(each, dict)}
    world.functions.handlers |= {name: each for name, each in instead.items() if callable(each)}


def disturbed(plan: Plan, calm: dict[str, Any], instead: dict[str, Any] | None = None) -> list[str]:
    """How the end under a plan is wrong, or differs from the undisturbed one."""
    ended, wrong = play(SCENARIOS[plan.scenario], plan, instead)
    return wrong + (differences(calm, ended) if ended else [])


def _settle(world: World, cut: Cut) -> None:
    """Come to rest. What died is delivered again once, when its leases are over, unless its death was told."""
    before = cut.dead
    world.loop.run()
    if cut.dead and cut.dead is not before and cut.plan and not cut.plan.told:
        world.loop.skip(hours=LATER)
        world.start(cut.dead.flow, cut.dead.event)
        world.loop.run()


def _wrong(world: World, scenario: Scenario) -> list[str]:
    by_hand, ours = vars(scenario.expected), vars(found(world))
    lines = [f"{name} are {ours[name]}, not {by_hand[name]}" for name in by_hand if ours[name] != by_hand[name]]
    return lines + broken(world)
