"""Script mode: what SageMaker's framework images make of hyperparameters, channels and hosts before they run a script.

The variables are those that the classic toolkits set; decision record 0004 lists the sources."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RESERVED = (
    "sagemaker_program", "sagemaker_submit_directory", "sagemaker_region", "sagemaker_job_name",
    "sagemaker_container_log_level", "sagemaker_enable_cloudwatch_metrics", "sagemaker_s3_output",
    "sagemaker_requirements", "sagemaker_code_dir",
)  # fmt: skip


def arguments(hyperparameters: Mapping[str, Any]) -> list[str]:
    """Hyperparameters as command line arguments: sorted, `--name value`, or `-n value` for a single letter."""
    words: list[str] = []
    for name in sorted(hyperparameters):
        words += [f"--{name}" if len(name) > 1 else f"-{name}", _word(hyperparameters[name])]
    return words


def program(hyperparameters: Mapping[str, str]) -> str | None:
    """The script that the request names, or None where the image is to run its own algorithm."""
    return _decode(hyperparameters["sagemaker_program"]) if "sagemaker_program" in hyperparameters else None


def source(hyperparameters: Mapping[str, str]) -> str:
    """Where the script's source is: an S3 URI, or a path in the container."""
    return str(_decode(hyperparameters.get("sagemaker_submit_directory", "/opt/ml/code")))


def own(hyperparameters: Mapping[str, str]) -> dict[str, Any]:
    """The hyperparameters that are the script's, decoded."""
    return {name: _decode(value) for name, value in hyperparameters.items() if name not in RESERVED}


def variables(opt_ml: Path, job_name: str, config: Mapping[str, Any]) -> dict[str, str]:
    """The SM_* variables of a training job.

    `config` holds the three documents of input/config: hyperparameters, inputdataconfig, resourceconfig."""
    every = {name: _decode(value) for name, value in config["hyperparameters"].items()}
    hps = own(config["hyperparameters"])
    resources, channels = config["resourceconfig"], config["inputdataconfig"]
    entry = program(config["hyperparameters"])
    values: dict[str, Any] = {
        **_folders(opt_ml),
        **_hosts(resources),
        "channels": sorted(channels),
        "input_data_config": channels,
        "hps": hps,
        "user_args": arguments(hps),
        "log_level": every.get("sagemaker_container_log_level", 20),
        "framework_params": {name: value for name, value in every.items() if name in RESERVED},
        "framework_module": "sagemaker_xgboost_container.training:main",
        "user_entry_point": entry or "",
        "module_name": entry.removesuffix(".py") if entry else "",
        "module_dir": source(config["hyperparameters"]),
    }
    values |= {f"channel_{name}": str(opt_ml / "input/data" / name) for name in channels}
    values |= {f"hp_{name}": value for name, value in hps.items()}
    values["training_env"] = _training_env(opt_ml, job_name, values)
    return {f"SM_{name.upper()}": _text(value) for name, value in values.items()}


def _folders(opt_ml: Path) -> dict[str, str]:
    return {
        "model_dir": str(opt_ml / "model"),
        "input_dir": str(opt_ml / "input"),
        "input_config_dir": str(opt_ml / "input/config"),
        "input_data_dir": str(opt_ml / "input/data"),
        "output_dir": str(opt_ml / "output"),
        "output_data_dir": str(opt_ml / "output/data"),
        "output_intermediate_dir": str(opt_ml / "output/intermediate"),
        "output_failure": str(opt_ml / "output/failure"),
    }


def _hosts(resources: Mapping[str, Any]) -> dict[str, Any]:
    group = resources["current_group_name"]
    return {
        "hosts": resources["hosts"],
        "current_host": resources["current_host"],
        "current_instance_type": resources["current_instance_type"],
        "current_instance_group": group,
        "current_instance_group_hosts": resources["hosts"],
        "instance_groups": [group],
        "instance_groups_dict": {entry["instance_group_name"]: entry for entry in resources["instance_groups"]},
        "distribution_instance_groups": [],
        "is_hetero": False,
        "network_interface_name": resources["network_interface_name"],
        "resource_config": resources,
        "num_cpus": os.cpu_count() or 1,
        "num_gpus": 0,
        "num_neurons": 0,
    }


def _training_env(opt_ml: Path, job_name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    chosen = ("channels", "current_host", "hosts", "input_data_config", "log_level", "model_dir", "module_dir",
              "module_name", "network_interface_name", "num_cpus", "num_gpus", "output_data_dir", "output_dir",
              "resource_config", "user_entry_point")  # fmt: skip
    return {
        **{name: values[name] for name in chosen},
        "hyperparameters": values["hps"],
        "channel_input_dirs": {name: str(opt_ml / "input/data" / name) for name in values["channels"]},
        "job_name": job_name,
        "is_master": True,
        "master_hostname": values["current_host"],
    }


def _decode(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _word(value: Any) -> str:
    if isinstance(value, dict):
        return ",".join(f"{key}={item}" for key, item in sorted(value.items()))
    return str(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
