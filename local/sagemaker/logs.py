"""A container's lines: to a file in its folder and to the CloudWatch log group of its kind."""

import threading
import time
from pathlib import Path

from ministack.services import cloudwatch_logs

GROUPS = {
    "training-job": "/aws/sagemaker/TrainingJobs",
    "processing-job": "/aws/sagemaker/ProcessingJobs",
    "transform-job": "/aws/sagemaker/TransformJobs",
}


class Log:
    """One log stream."""

    def __init__(self, group: str, stream: str, file: Path) -> None:
        self.group, self.stream = group, stream
        self._file = file.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        cloudwatch_logs._create_log_group({"logGroupName": group})
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})

    def write(self, line: str) -> None:
        """Append a line."""
        event = {"timestamp": int(time.time() * 1000), "message": line}
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()
            cloudwatch_logs._put_log_events(
                {"logGroupName": self.group, "logStreamName": self.stream, "logEvents": [event]}
            )


def of_job(segment: str, name: str, home: Path) -> Log:
    """The stream of a job: `<job>/algo-1-<epoch>`."""
    return Log(GROUPS[segment], f"{name}/algo-1-{int(time.time())}", home / "log.txt")


def of_endpoint(name: str, variant: str, instance: str, home: Path) -> Log:
    """The stream of one instance behind an endpoint: `<variant>/<instance>`."""
    return Log(f"/aws/sagemaker/Endpoints/{name}", f"{variant}/{instance}", home / "log.txt")
