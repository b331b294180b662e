"""What the XGBoost image runs to serve a model: /ping and /invocations around a script's functions, on Flask.

The image's interpreter runs this file by its path; it imports nothing of ours. Arguments: port, model folder.
In script mode an exception of any function is Flask's bare 500, as in the image: its words are in the log alone."""

import importlib
import os
import sys
import threading

import flask
from werkzeug.serving import WSGIRequestHandler, make_server

JSON, CSV = "application/json", "text/csv"
ANY = "*/*"


class ScriptError(Exception):
    """What the image's toolkit makes of every exception of a script's function, whatever status that one has."""


class Script:
    """A user's module in script mode: model_fn, and either transform_fn or input_fn, predict_fn, output_fn."""

    def __init__(self, module, model_dir):
        self.functions = {
            name: getattr(module, name)
            for name in ("model_fn", "input_fn", "predict_fn", "output_fn", "transform_fn")
            if hasattr(module, name)
        }
        parts = {"input_fn", "predict_fn", "output_fn"} & self.functions.keys()
        if "transform_fn" in self.functions and parts:
            raise ValueError("Cannot use transform_fn implementation with input_fn, predict_fn, and/or output_fn")
        if "model_fn" not in self.functions:
            raise NotImplementedError("Please provide a model_fn implementation.")
        self.model = self.functions["model_fn"](model_dir)

    def answer(self):
        """What the functions make of the request: a Response, a body, or a body with its content type."""
        content_type = flask.request.headers.get("Content-Type") or JSON
        data = flask.request.get_data(as_text=content_type in (JSON, CSV))
        accept = flask.request.headers.get("Accept", ANY)
        wanted = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", JSON) if accept == ANY else accept
        try:
            result = self.transform(data, content_type, wanted)
        except Exception as error:
            raise ScriptError(error) from error
        return flask.Response(result[0], mimetype=result[1]) if isinstance(result, tuple) else result

    def transform(self, data, content_type, accept):
        """transform_fn, or the three functions in a row, with the image's defaults for those that are not given."""
        if "transform_fn" in self.functions:
            return self.functions["transform_fn"](self.model, data, content_type, accept)
        read = self.functions.get("input_fn", matrix)(data, content_type)
        prediction = self.functions.get("predict_fn", predict)(read, self.model)
        return self.functions.get("output_fn", write)(prediction, accept)


class Algorithm:
    """The image's own serving of a lone `xgboost-model`: CSV in, scores out."""

    def __init__(self, model_dir):
        import xgboost

        names = sorted(name for name in os.listdir(model_dir) if not name.startswith("."))
        files = [path for path in (os.path.join(model_dir, name) for name in names) if os.path.isfile(path)]
        if not files:
            raise FileNotFoundError("no model file in " + model_dir)
        self.model = xgboost.Booster()
        self.model.load_model(files[0])

    def answer(self):
        """The scores as JSON or as one line each; 204 for no body, 415, 406 and 400 for what cannot be done."""
        body = flask.request.get_data(as_text=True)
        if not body:
            return "", 204
        try:
            rows = matrix(body, flask.request.headers.get("Content-Type") or CSV)
        except ValueError as error:
            return str(error), 415
        accept = flask.request.headers.get("Accept", ANY)
        wanted = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", CSV) if accept == ANY else accept
        if wanted not in (JSON, CSV):
            return "Accept type " + wanted + " is not supported.", 406
        try:
            scores = predict(rows, self.model)
        except Exception as error:
            return "Unable to evaluate payload provided: " + str(error), 400
        if wanted == JSON:
            return flask.jsonify({"predictions": [{"score": score} for score in scores.tolist()]})
        return flask.Response(write(scores, CSV)[0], mimetype=CSV)


def matrix(data, content_type):
    """The image's default input: a DMatrix of comma separated features without a label; an empty cell is missing."""
    import numpy
    import xgboost

    if content_type.split(";")[0].strip() not in (CSV, "csv"):
        raise ValueError("Content type " + content_type + " is not supported.")
    rows = [[float(cell) if cell.strip() else float("nan") for cell in line.split(",")] for line in data.splitlines()]
    return xgboost.DMatrix(numpy.array(rows, dtype="float32"))


def predict(data, model):
    """The image's default prediction."""
    return model.predict(data, validate_features=False)


def write(prediction, accept):
    """The image's default output: an array as JSON or as CSV."""
    if accept == JSON:
        return flask.json.dumps(prediction.tolist()), JSON
    if accept != CSV:
        raise ValueError("Accept type " + accept + " is not supported.")
    lines = [",".join(map(str, row)) if isinstance(row, list) else str(row) for row in prediction.tolist()]
    return "\n".join(lines), CSV


def load(model_dir):
    """The user's module if the model names one, else the image's algorithm."""
    program = os.environ.get("SAGEMAKER_PROGRAM")
    if not program:
        return Algorithm(model_dir)
    sys.path.insert(0, os.environ.get("SAGEMAKER_SUBMIT_DIRECTORY", os.path.join(model_dir, "code")))
    name = program[:-3] if program.endswith(".py") else program
    return Script(importlib.import_module(name), model_dir)


def application(service):
    """The three routes of a serving container."""
    app = flask.Flask("serving")
    limits = {"MaxConcurrentTransforms": 1, "BatchStrategy": "MULTI_RECORD", "MaxPayloadInMB": 6}
    app.add_url_rule("/ping", "ping", lambda: flask.Response(status=200))
    app.add_url_rule("/execution-parameters", "limits", lambda: flask.jsonify(limits))
    app.add_url_rule("/invocations", "invocations", service.answer, methods=["POST"])
    return app


class Quiet(WSGIRequestHandler):
    """Keeps no access log."""

    def log_request(self, *words):
        """Nothing."""


def leave_with_parent():
    """End when the service that holds the other end of our standard input is gone."""
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    """Load the model, then listen."""
    port, model_dir = int(sys.argv[1]), sys.argv[2]
    threading.Thread(target=leave_with_parent, daemon=True).start()
    make_server("127.0.0.1", port, application(load(model_dir)), threaded=True, request_handler=Quiet).serve_forever()


if __name__ == "__main__":
    main()
