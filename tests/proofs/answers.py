"""Services that are not there: a refusal, and the hook by which boto3's clients reach those who stand in for them."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore import xform_name
from botocore.client import BaseClient
from botocore.validate import validate_parameters

Handler = Callable[[dict[str, Any], Any], Any]


class Refused(Exception):
    """What a service answers instead: an error code of its model, a message, and what else the error says."""

    def __init__(self, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.code, self.more = code, more


@contextmanager
def answering(services: Mapping[str, Any], before: Callable[[], None]) -> Iterator[None]:
    """Calls to `services` (botocore's names) are answered by their methods; others go on. `before` precedes each."""
    whole = BaseClient._make_api_call

    def make_api_call(self: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        before()
        service = services.get(self.meta.service_model.service_name)
        if service is None:
            return whole(self, operation, arguments)
        validate_parameters(arguments, self.meta.service_model.operation_model(operation).input_shape)
        try:
            return getattr(service, xform_name(operation))(**arguments)
        except Refused as refused:
            said = {"Error": {"Code": refused.code, "Message": str(refused)}, **refused.more}
            raise self.exceptions.from_code(refused.code)(
                said | {"ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "r"}}, operation
            ) from None

    BaseClient._make_api_call = make_api_call
    try:
        yield
    finally:
        BaseClient._make_api_call = whole


class Functions:
    """Lambda: a handler is called in process, with what JSON keeps of its input, and answers as Lambda does."""

    def __init__(self, handlers: Mapping[str, Handler], context: Any) -> None:
        self.handlers = dict(handlers)
        self.context = context

    def invoke(self, FunctionName: str, Payload: bytes | str) -> dict[str, Any]:  # noqa: N803 (boto3's spelling)
        """The handler's answer, or its error as a document."""
        try:
            said = self.handlers[FunctionName](json.loads(Payload), self.context)
        except Exception as error:
            document = {"errorType": type(error).__name__, "errorMessage": str(error)}
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": _body(document)}
        return {"StatusCode": 200, "ExecutedVersion": "1", "Payload": _body(said)}


def _body(value: object) -> io.BytesIO:
    return io.BytesIO(json.dumps(value).encode())
