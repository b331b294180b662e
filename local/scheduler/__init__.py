"""EventBridge Scheduler on time: looked at every second, with context attributes, retries and dead letters."""

from local import hooks
from local.scheduler import schedules, ticker

SERVICE = "ministack.services.scheduler"


def install() -> None:
    """Takes over the firing of schedules; refuses at creation what could never fire."""
    hooks.require("ministack.services.eventbridge", "_parse_rate_seconds", "expr")
    hooks.require("ministack.services.eventbridge", "_parse_cron_fields", "expr")
    hooks.require("ministack.services.eventbridge", "_cron_next_fire", "fields, after_dt")
    hooks.replace(SERVICE, "_tick_schedules", ticker.tick, "")
    hooks.replace(SERVICE, "_SCHEDULE_TICK_INTERVAL", ticker.SECONDS)
    for name in ("_create_schedule", "_update_schedule"):
        hooks.replace(SERVICE, name, schedules.checked(hooks.require(SERVICE, name, "name, body")))
