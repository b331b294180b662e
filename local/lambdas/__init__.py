"""Lambda functions on AWS's own runtime client, in place of the emulator's executor."""

from local import hooks
from local.lambdas import native
from local.lambdas.execute import POOL, execute

SERVICE = "ministack.services.lambda_svc"


def install() -> None:
    """Every Python function runs here from now on; code for another platform is refused when it is uploaded."""
    for name, parameters in (("_resolve_layer_zip", "attachment"), ("_xray_trace_id_for_invocation", None)):
        hooks.require(SERVICE, name, parameters)
    hooks.require("ministack.core.lambda_runtime", "execution_credentials", "config")
    hooks.replace(SERVICE, "_execute_function_warm", execute, "func, event, request_id")
    native.install()
    hooks.at_stop(POOL.close)
