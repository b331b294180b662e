"""DynamoDB: moto's tables, without the HTTP that lies between them and boto3. It takes a third of the time."""

import json
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError, ServiceException
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.responses import DynamoHandler

from tests.proofs.answers import Refused
from tests.proofs.bus import ACCOUNT, REGION


class Tables:
    """Every action of DynamoDB that moto knows, under boto3's name for it; a transaction of a known token is done."""

    def __init__(self) -> None:
        self._tokens: set[str] = set()

    def __getattr__(self, action: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            token = arguments.pop("ClientRequestToken", "")
            if token in self._tokens:
                return {}
            handler = DynamoHandler()
            handler.current_account, handler.region = ACCOUNT, REGION
            handler.body = json.loads(json.dumps(arguments))
            try:
                answer = getattr(handler, action)()
            except (JsonRESTError, ServiceException) as refused:
                raise _refused(refused) from None
            self._tokens |= {token} - {""}
            return _plain(answer.result)

        return call


def _refused(error: Any) -> Refused:
    """moto's error as DynamoDB says it, with the reasons of a cancelled transaction."""
    said = json.loads(error.description) if isinstance(error, JsonRESTError) else {"__type": error.code}
    code = said.get("__type", "").rpartition("#")[2]
    message = said.get("Message") or said.get("message") or str(error)
    return Refused(code, message, CancellationReasons=said.get("CancellationReasons", []))


def _plain(value: Any) -> Any:
    """What moto answers as JSON."""
    if isinstance(value, Item):
        return _plain(value.attrs)
    if isinstance(value, DynamoType):
        return {value.type: _plain(value.value)}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
