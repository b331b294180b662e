"""Inside a training job: /opt/ml as the container finds it, the command that the image runs, what is kept after."""

import json
import time
from pathlib import Path
from typing import Any

from local.sagemaker import script_mode, transfer
from local.sagemaker.container import Container
from local.sagemaker.errors import AlgorithmError, ClientError
from local.sagemaker.store import Record
from local.sagemaker.timing import CHECKPOINT_EVERY

HOST, GROUP = "algo-1", "homogeneousCluster"
DRIVERS = "sm_drivers"  # the channel in which SDK v3 sends its launcher
CONFIG_FILES = {  # variables that the XGBoost image sets
    "SM_INPUT_TRAINING_CONFIG_FILE": "hyperparameters",
    "SM_INPUT_DATA_CONFIG_FILE": "inputdataconfig",
    "SM_CHECKPOINT_CONFIG_FILE": "checkpointconfig",
}
FOLDERS = ("input/config", "input/data", "model", "output/data", "output/intermediate", "code")


class TrainingContainer:
    """One attempt of a training job."""

    def __init__(self, record: Record, container: Container, s3: Any) -> None:
        self.record, self.container, self.s3 = record, container, s3
        self.opt_ml = container.path("/opt/ml")
        self.config = configuration(record)
        self._synced: dict[Path, tuple[int, int]] = {}
        self._next_sync = 0.0

    def prepare(self) -> None:
        """Lay out /opt/ml: configuration, channels, restored checkpoints, the script's source."""
        for folder in FOLDERS:
            (self.opt_ml / folder).mkdir(parents=True, exist_ok=True)
        for name, document in self.config.items():
            (self.opt_ml / f"input/config/{name}.json").write_text(self.container.local(json.dumps(document)))
        for channel in self.record.get("InputDataConfig", []):
            folder = self.opt_ml / "input/data" / channel["ChannelName"]
            transfer.download(self.s3, channel["DataSource"]["S3DataSource"], folder)
            if channel["ChannelName"] == DRIVERS:
                self._localise(folder)
        if "CheckpointConfig" in self.record:
            self._checkpoints.mkdir(parents=True, exist_ok=True)
            transfer.restore(self.s3, self._checkpoint_uri + "/", self._checkpoints)
            self._synced = self._seen()

    def command(self) -> list[str]:
        """What `docker run` would start: the request's entry point, or the framework image's script mode."""
        algorithm = self.record["AlgorithmSpecification"]
        if "ContainerEntrypoint" in algorithm:
            return [*algorithm["ContainerEntrypoint"], *algorithm.get("ContainerArguments", [])]
        entry = script_mode.program(self.config["hyperparameters"])
        if entry is None:
            raise ClientError("The image's own algorithm is not simulated locally: give sagemaker_program.")
        self._fetch_source()
        own = script_mode.own(self.config["hyperparameters"])
        return ["python3", "-m", entry.removesuffix(".py"), *script_mode.arguments(own)]

    def environment(self, credentials: dict[str, str], region: str) -> dict[str, str]:
        """What SageMaker and the framework set, then what the request sets."""
        return {
            "TRAINING_JOB_NAME": self.record["TrainingJobName"],
            "TRAINING_JOB_ARN": self.record["TrainingJobArn"],
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            **{name: f"/opt/ml/input/config/{file}.json" for name, file in CONFIG_FILES.items()},
            **credentials,
            **self._toolkit(),
            **self.record.get("Environment", {}),
        }

    def _toolkit(self) -> dict[str, str]:
        if "ContainerEntrypoint" in self.record["AlgorithmSpecification"]:
            return {}  # the image's toolkit does not run
        return script_mode.variables(self.opt_ml, self.record["TrainingJobName"], self.config)

    def upload(self) -> None:
        """The model as one archive, or as files; output/data as an archive if there is any; the last checkpoints."""
        output = self.record["OutputDataConfig"]
        key, base = output.get("KmsKeyId"), self.record["ModelArtifacts"]["S3ModelArtifacts"].rsplit("/", 1)[0]
        if output.get("CompressionType") == "NONE":
            transfer.upload(self.s3, self.opt_ml / "model", f"{base}/model", key)
        else:
            archive = transfer.pack(self.opt_ml / "model", self.container.home / "model.tar.gz")
            transfer.put(self.s3, archive, f"{base}/model.tar.gz", key)
            archive.unlink()
        if any((self.opt_ml / "output/data").iterdir()):
            archive = transfer.pack(self.opt_ml / "output/data", self.container.home / "output.tar.gz")
            transfer.put(self.s3, archive, f"{base}/output.tar.gz", key)
        self.sync(force=True)

    def sync(self, force: bool = False) -> None:
        """Put checkpoints that are new or changed to S3, once a second at most."""
        if "CheckpointConfig" not in self.record or (time.monotonic() < self._next_sync and not force):
            return
        for file, stamp in self._seen().items():
            if self._synced.get(file) != stamp:
                uri = f"{self._checkpoint_uri}/{file.relative_to(self._checkpoints).as_posix()}"
                transfer.put(self.s3, file, uri, self.record["OutputDataConfig"].get("KmsKeyId"))
                self._synced[file] = stamp
        self._next_sync = time.monotonic() + CHECKPOINT_EVERY

    @property
    def _checkpoints(self) -> Path:
        return self.container.path(self.record["CheckpointConfig"].get("LocalPath", "/opt/ml/checkpoints"))

    @property
    def _checkpoint_uri(self) -> str:
        return str(self.record["CheckpointConfig"]["S3Uri"]).rstrip("/")

    def _seen(self) -> dict[Path, tuple[int, int]]:
        files = [file for file in self._checkpoints.rglob("*") if file.is_file()]
        return {file: (file.stat().st_mtime_ns, file.stat().st_size) for file in files}

    def _localise(self, folder: Path) -> None:
        """The SDK's own drivers name /opt/ml in their text; users' code must not, and is left as it is."""
        for file in folder.rglob("*"):
            if file.suffix in (".py", ".sh", ".json"):
                file.write_text(self.container.local(file.read_text()))

    def _fetch_source(self) -> None:
        source = script_mode.source(self.config["hyperparameters"])
        code = self.opt_ml / "code"
        if source.startswith("s3://"):
            if self.record.get("EnableNetworkIsolation"):
                raise AlgorithmError(
                    f"Network isolation: the container cannot download {source}. Give the source as an input channel "
                    "and sagemaker_submit_directory as its path below /opt/ml/input/data, exit code: 1"
                )
            archive = transfer.fetch(self.s3, source, self.container.home / "sourcedir.tar.gz", "the script's source")
        else:
            archive = self.container.path(source)
        if archive.is_dir():
            code.rmdir()
            code.symlink_to(archive)
        else:
            transfer.unpack(archive, code)
        if (code / "requirements.txt").exists():
            raise ClientError("requirements.txt is not installed by the local service: use what the image has.")


def configuration(record: Record) -> dict[str, Any]:
    """The documents of input/config, by file name."""
    resources = record["ResourceConfig"]
    documents = {
        "hyperparameters": dict(record.get("HyperParameters", {})),
        "inputdataconfig": {
            channel["ChannelName"]: _channel(channel, record) for channel in record.get("InputDataConfig", [])
        },
        "resourceconfig": {
            "current_host": HOST,
            "current_instance_type": resources["InstanceType"],
            "current_group_name": GROUP,
            "hosts": [HOST],
            "instance_groups": [
                {"instance_group_name": GROUP, "instance_type": resources["InstanceType"], "hosts": [HOST]}
            ],
            "network_interface_name": "eth0",
        },
    }
    if "CheckpointConfig" in record:
        documents["checkpointconfig"] = {"LocalPath": "/opt/ml/checkpoints", **record["CheckpointConfig"]}
    return documents


def _channel(channel: dict[str, Any], record: Record) -> dict[str, str]:
    source = channel["DataSource"]["S3DataSource"]
    mode = channel.get("InputMode", record["AlgorithmSpecification"].get("TrainingInputMode", "File"))
    described = {"ContentType": channel["ContentType"]} if "ContentType" in channel else {}
    return described | {
        "TrainingInputMode": mode,
        "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
        "RecordWrapperType": channel.get("RecordWrapperType", "None"),
    }
