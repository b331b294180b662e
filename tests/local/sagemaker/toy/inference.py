"""The toy's serving script."""

import json
import os
import time
from pathlib import Path

from werkzeug import Response
from werkzeug.exceptions import UnsupportedMediaType


def model_fn(model_dir):
    """The slope."""
    return json.loads(Path(model_dir, "slope.json").read_text())["slope"]


def input_fn(data, content_type):
    """Numbers, one a line; words make errors and delays."""
    if content_type != "text/csv":
        raise UnsupportedMediaType("not a CSV")
    if data.startswith("die"):
        os._exit(1)
    if data.startswith("sleep"):
        time.sleep(float(data.split()[1]))
        return [1.0]
    return [float(line) for line in data.split()]


def predict_fn(data, model):
    """Multiply."""
    return [x * model for x in data]


def output_fn(prediction, accept):
    """JSON with the version that gave it; a Response for nothing to predict, the only way to a status of one's own."""
    if not prediction:
        return Response("there are no numbers", status=422)
    return json.dumps({"predictions": prediction, "version": os.environ.get("VERSION")}), "application/json"
