"""Evaluation, as a SageMaker processing job: candidates and champion answer the same holdout rows."""

import json
import os
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from columns import matrix
from holdout import Holdout, instances, read, resampling, slices
from inference import Model, model_fn, predict_fn
from tidewheel.domain.errors import TidewheelError
from tidewheel.domain.evaluation import CHAMPION, CONSTANT, Examination, align, constant_outputs, evaluate
from tidewheel.domain.golden import score_of

GOLDEN_ROWS = 20
MESSAGE_LENGTH = 1024  # what SageMaker keeps of the exit message


def main(env: Mapping[str, str]) -> None:
    """Read the inputs, write `evaluation.json` and golden rows, or say in one sentence why not."""
    given, written = Path(env["TIDEWHEEL_INPUT"]), Path(env["TIDEWHEEL_OUTPUT"])
    try:
        asked = json.loads((given / "request" / "request.json").read_text())["evaluation"]
        with tempfile.TemporaryDirectory() as scratch:
            models = load_all(asked, given, Path(scratch))
        holdout = read(given / "holdout", asked["label"], [model.signature for model in models.values()])
        (written / "evaluation.json").write_text(json.dumps(examine(asked, holdout, models), allow_nan=False, indent=1))
        pages = [golden(recipe, models[f"candidate-{recipe}"], holdout) for recipe in asked["candidates"]]
        (written / "golden.jsonl").write_text("".join(pages))
    except TidewheelError as error:
        message = Path(env["TIDEWHEEL_MESSAGE"])
        message.parent.mkdir(parents=True, exist_ok=True)
        message.write_text(str(error)[:MESSAGE_LENGTH])
        print(error, file=sys.stderr)
        sys.exit(1)


def load_all(asked: Mapping[str, Any], given: Path, scratch: Path) -> dict[str, Model]:
    """The candidates in their order, then the champion if there is one."""
    names = [f"candidate-{recipe}" for recipe in asked["candidates"]] + ([CHAMPION] if asked["champion"] else [])
    return {name: load(given / name, scratch / name) for name in names}


def load(folder: Path, scratch: Path) -> Model:
    """The model of the folder's `model.tar.gz`, unpacked into the scratch folder."""
    with tarfile.open(folder / "model.tar.gz") as packed:
        packed.extractall(scratch, filter="data")
    return model_fn(str(scratch))


def examine(asked: Mapping[str, Any], holdout: Holdout, models: Mapping[str, Model]) -> dict[str, Any]:
    """The evaluation of all models, and of the constant predictor, on the holdout: plain JSON."""
    examination = Examination(
        asked["problem"],
        asked["primary"],
        asked["confidence"],
        asked["seed"],
        slices(holdout, asked["slices"]),
    )
    drawn = resampling(holdout, asked["event_time"], asked["seed"])
    results = evaluate(
        examination,
        holdout.truth,
        _answers(asked, holdout, models),
        drawn,
    )
    return {
        "schema": 1,
        "problem": asked["problem"],
        "primary": asked["primary"],
        "confidence": asked["confidence"],
        "seed": asked["seed"],
        "replicates": drawn.replicates,
        "rows": holdout.rows.num_rows,
        "blocks": int(drawn.blocks.max()) + 1,
        "classes": list(holdout.classes),
        "champion": results.get(CHAMPION),
        "constant": results[CONSTANT],
        "candidates": {recipe: results[f"candidate-{recipe}"] for recipe in asked["candidates"]},
    }


def golden(recipe: str, model: Model, holdout: Holdout) -> str:
    """Lines of {"recipe", "instance", "score"}: what the endpoint must answer once this recipe's model serves."""
    asked = instances(holdout, [feature.name for feature in model.signature.features], GOLDEN_ROWS)
    scores = [score_of(said) for said in predict_fn(asked, model).predictions]
    pairs = zip(asked, scores, strict=True)
    return "".join(json.dumps({"recipe": recipe, "instance": row, "score": score}) + "\n" for row, score in pairs)


def _answers(asked: Mapping[str, Any], holdout: Holdout, models: Mapping[str, Model]) -> dict[str, Any]:
    problem, first = asked["problem"], next(iter(models.values())).signature
    constant = constant_outputs(first.constant, problem, asked["primary"], holdout.rows.num_rows)
    outputs = {
        name: (model.outputs(matrix(holdout.dataset, model.signature.features)), model.signature.classes)
        for name, model in models.items()
    } | {CONSTANT: (constant, first.classes)}
    return {name: align(said, known, holdout.classes, problem) for name, (said, known) in outputs.items()}


if __name__ == "__main__":
    main(os.environ)
