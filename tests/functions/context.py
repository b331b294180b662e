"""The context that Lambda hands to a handler, as far as Powertools reads it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Context:
    """A function's name, size and ARN, and the id of a request."""

    function_name: str = "step"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:111122223333:function:step"
    aws_request_id: str = "5b441b59-a550-11e8-b3d5-3f5a7d1a4f7a"
