"""Step Functions on one machine: a small interpreter of the Amazon States Language, JSONata only."""


def install() -> None:
    """Put the interpreter in the place of the emulator's own. Call it once, after `import ministack.app`."""
    from local.states import service  # the interpreter itself needs no emulator

    service.install()
