"""What the XGBoost image runs to serve a model: /ping and /invocations around a script's functions.

The image's interpreter runs this file by its path; it imports nothing of ours. Arguments: port, model folder."""

import importlib
import json
import os
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TEXT = ("text/", "application/json", "application/jsonlines")
LIMIT = 6291456  # bytes of a request


class Unsupported(ValueError):
    """A content type or an accept type that the functions do not know."""


class Script:
    """A user's module in script mode: model_fn and either transform_fn or input_fn, predict_fn, output_fn."""

    def __init__(self, module, model_dir):
        self.functions = {
            name: getattr(module, name)
            for name in ("model_fn", "input_fn", "predict_fn", "output_fn", "transform_fn")
            if hasattr(module, name)
        }
        parts = {"input_fn", "predict_fn", "output_fn"} & self.functions.keys()
        if "transform_fn" in self.functions and parts:
            raise ValueError("transform_fn cannot be mixed with input_fn, predict_fn and output_fn")
        if "model_fn" not in self.functions:
            raise NotImplementedError("Please provide a model_fn implementation.")
        self.model = self.functions["model_fn"](model_dir)

    def answer(self, body, content_type, accept):
        """The body and content type of the answer."""
        data = body.decode() if content_type.startswith(TEXT) else body
        if "transform_fn" in self.functions:
            result = self.functions["transform_fn"](self.model, data, content_type, accept)
        else:
            data = self.functions.get("input_fn", matrix)(data, content_type)
            prediction = self.functions.get("predict_fn", predict)(data, self.model)
            result = self.functions.get("output_fn", text)(prediction, accept)
        if isinstance(result, tuple):
            return result[0], result[1]
        if hasattr(result, "get_data"):  # a flask or werkzeug Response
            return result.get_data(), result.mimetype
        return result, accept


class Algorithm:
    """The image's own serving of a lone `xgboost-model`: CSV or libsvm in, scores out."""

    def __init__(self, model_dir):
        import xgboost

        files = sorted(name for name in os.listdir(model_dir) if not name.startswith("."))
        files = [name for name in files if os.path.isfile(os.path.join(model_dir, name))]
        if not files:
            raise FileNotFoundError("no model file in " + model_dir)
        self.model = xgboost.Booster()
        self.model.load_model(os.path.join(model_dir, files[0]))

    def answer(self, body, content_type, accept):
        """The scores as JSON or as one line each."""
        scores = predict(matrix(body.decode(), content_type), self.model)
        wanted = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "text/csv") if accept == "*/*" else accept
        if wanted == "application/json":
            return json.dumps({"predictions": [{"score": score} for score in scores.tolist()]}), wanted
        return text(scores, wanted)


def matrix(data, content_type):
    """The image's default input: a DMatrix of comma separated features without a label; an empty cell is missing."""
    import numpy
    import xgboost

    if content_type.split(";")[0].strip() not in ("text/csv", "csv"):
        raise Unsupported("Content type " + content_type + " is not supported.")
    rows = [[float(cell) if cell.strip() else float("nan") for cell in line.split(",")] for line in data.splitlines()]
    return xgboost.DMatrix(numpy.array(rows, dtype="float32"))


def predict(data, model):
    """The image's default prediction."""
    return model.predict(data, validate_features=False)


def text(prediction, accept):
    """The image's default output."""
    if accept.split(";")[0].strip() not in ("text/csv", "*/*"):
        raise Unsupported("Accept type " + accept + " is not supported.")
    lines = [",".join(map(str, row)) if isinstance(row, list) else str(row) for row in prediction.tolist()]
    return "\n".join(lines), "text/csv"


def load(model_dir):
    """The user's module if the model names one, else the image's algorithm."""
    program = os.environ.get("SAGEMAKER_PROGRAM")
    if not program:
        return Algorithm(model_dir)
    sys.path.insert(0, os.environ.get("SAGEMAKER_SUBMIT_DIRECTORY", os.path.join(model_dir, "code")))
    name = program[:-3] if program.endswith(".py") else program
    return Script(importlib.import_module(name), model_dir)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    service = None  # what answers, set before the server starts

    def do_GET(self):
        """/ping, and what batch transform asks."""
        if self.path == "/ping":
            self.reply(200, b"")
        elif self.path == "/execution-parameters":
            limits = {"MaxConcurrentTransforms": 1, "BatchStrategy": "MULTI_RECORD", "MaxPayloadInMB": 6}
            self.reply(200, json.dumps(limits).encode(), "application/json")
        else:
            self.reply(404, b"")

    def do_POST(self):
        """/invocations."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/invocations":
            return self.reply(404, b"")
        if len(body) > LIMIT:
            return self.reply(413, b"The request is larger than 6 MiB.")
        if not body:
            return self.reply(204, b"")
        accept = self.headers.get("Accept") or "*/*"
        try:
            answer, kind = self.service.answer(body, self.headers.get("Content-Type") or "text/csv", accept)
        except Unsupported as error:
            return self.fail(406 if "Accept" in str(error) else 415, error)
        except Exception as error:
            traceback.print_exc()
            return self.fail(int(getattr(error, "status_code", 500)), error)
        return self.reply(200, answer if isinstance(answer, bytes) else str(answer).encode(), kind)

    def fail(self, status, error):
        """An error as the image's toolkit words it."""
        document = {"error": type(error).__name__, "error-message": str(error), "stack-trace": traceback.format_exc()}
        self.reply(status, json.dumps(document).encode(), "application/json")

    def reply(self, status, body, kind="text/plain"):
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        """The access log is not kept."""


class Server(ThreadingHTTPServer):
    """Answers several requests at once, and takes a burst of connections."""

    daemon_threads = True
    request_queue_size = 128


def leave_with_parent():
    """End when the service that holds the other end of our standard input is gone."""
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    """Load the model, then listen."""
    port, model_dir = int(sys.argv[1]), sys.argv[2]
    threading.Thread(target=leave_with_parent, daemon=True).start()
    Handler.service = load(model_dir)
    Server(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
