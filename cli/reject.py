"""Reject a model version: it will not serve; one that serves already stays until `rollback`."""

from cli.approve import arguments, run

__all__ = ["arguments", "run"]
