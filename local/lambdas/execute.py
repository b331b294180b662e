"""One invocation: a worker, its answer, its log lines."""

import json
import math
import threading
from collections import deque
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc

from local.lambdas.outcome import Outcome
from local.lambdas.runtime_api import Invocation
from local.lambdas.worker import Worker

MOST_IDLE = 20  # workers kept warm, over all functions; beyond it the one idle longest ends


class Pool:
    """Warm workers per function version and configuration."""

    def __init__(self) -> None:
        self._idle: deque[Worker] = deque()  # used longest ago first
        self._busy: set[Worker] = set()
        self._lock = threading.Lock()

    def take(self, config: dict[str, Any], archive: bytes) -> Worker:
        """A worker for one invocation, warm if there is one."""
        key = _key(config)
        with self._lock:
            worker = next((idle for idle in reversed(self._idle) if idle.key == key), None)
            if worker:
                self._idle.remove(worker)
        worker = worker or Worker(key, config, archive)
        with self._lock:
            self._busy.add(worker)
        return worker

    def give_back(self, worker: Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            self._idle.append(worker)
            surplus = [self._idle.popleft() for _ in range(len(self._idle) - MOST_IDLE)]
        for old in surplus:
            old.close()

    def drop(self, worker: Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
        worker.close()

    def close(self) -> None:
        """Ends every worker, busy ones too."""
        with self._lock:
            workers = [*self._busy, *self._idle]
            self._idle.clear()
        for worker in workers:
            worker.close()


POOL = Pool()


def execute(func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
    """Takes the place of the emulator's executor: its arguments, its result {body, error, log, ...}."""
    config, archive = func.get("config") or func, func.get("code_zip")
    if not archive:
        raise FileNotFoundError(f"the function {config['FunctionName']} was deployed without code")
    worker = POOL.take(config, archive)
    usable = False
    try:
        outcome = worker.invoke(_invocation(config, event, request_id), float(config.get("Timeout", 3)))
        log = _log(config, request_id, worker, outcome)
        usable = worker.alive and not outcome.fatal
    finally:
        (POOL.give_back if usable else POOL.drop)(worker)
    return {"body": outcome.body, "error": outcome.failed, "log": log, "log_source": "rie", "request_id": request_id}


def _invocation(config: dict[str, Any], event: Any, request_id: str) -> Invocation:
    return Invocation(
        request_id=request_id,
        payload=json.dumps(event, ensure_ascii=False).encode(),
        function_arn=config["FunctionArn"],
        deadline_ms=0,
        trace_id=lambda_svc._xray_trace_id_for_invocation(config),
    )


def _log(config: dict[str, Any], request_id: str, worker: Worker, outcome: Outcome) -> str:
    """The platform's lines around the function's own, as in CloudWatch Logs."""
    start = f"START RequestId: {request_id} Version: {config.get('Version', '$LATEST')}"
    init, worker.init_ms = worker.init_ms or 0.0, 0.0  # reported once, with the invocation that waited for it
    report = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {worker.handler_ms:.2f} ms",
        f"Billed Duration: {math.ceil(worker.handler_ms + init)} ms",
        f"Memory Size: {config.get('MemorySize', 128)} MB",
        f"Max Memory Used: {worker.peak_memory_mb()} MB",
        *([f"Init Duration: {init:.2f} ms"] if init else []),
    ]
    said = worker.log().rstrip("\n")
    ended = [outcome.body["errorMessage"]] if outcome.fatal else []
    return "\n".join([start, *([said] if said else []), *ended, f"END RequestId: {request_id}", "\t".join(report)])


def _key(config: dict[str, Any]) -> tuple[str, ...]:
    parts = (config.get(name, "") for name in ("FunctionName", "Version", "RevisionId", "CodeSha256"))
    return (get_account_id(), get_region(), *map(str, parts))
