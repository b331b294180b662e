"""Reading a project file: a `Project`, or everything that is wrong with it by line, field and remedy."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tidewheel.domain.errors import ProjectInvalid
from tidewheel.project.checks import findings
from tidewheel.project.model import Project
from tidewheel.project.yaml12 import Path, load

# What pydantic puts into an error's location beside the names of fields: members of unions and tags.
NOISE = ("function-", "constrained-", "literal[", "bool", "int", "float", "str", "[key]")
TYPES = {
    "int": "Write a whole number",
    "float": "Write a number",
    "bool": "Write true or false",
    "string": "Write a text",
    "tuple": "Write a list: [one, other]",
    "dict": "Write a mapping: one `name: value` a line",
    "model": "Write a mapping: one `name: value` a line",
    "datetime": "Write an ISO time with its zone, such as 2027-01-31T00:00:00Z",
    "timezone": "Write an ISO time with its zone, such as 2027-01-31T00:00:00Z",
    "greater": "Write a larger number",
    "less": "Write a smaller number",
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (line from 1, dotted field), what, and what to do."""

    line: int
    field: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.problem}. {self.remedy}"


class ProjectFileInvalid(ProjectInvalid):
    """A project file with `problems`, in the order of their lines."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.field)))
        first = self.problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(
            f"{first.field}: {first.problem}{more}", place=f"{name}, line {first.line}", remedy=first.remedy
        )

    def report(self) -> list[dict[str, Any]]:
        """The problems as plain values."""
        return [asdict(problem) for problem in self.problems]


def parse(text: str, name: str = "project file") -> Project:
    """The project that the text describes; `name` is how messages call it, e.g. `projects/bikeshare.yaml`.

    Where `name` ends in `.yaml`, the project must be called like the file. Raises ProjectFileInvalid.
    """
    document, lines = _load(text, name)
    try:
        project = Project.model_validate(document)
    except ValidationError as error:
        raise ProjectFileInvalid(name, [_problem(details, document, lines) for details in _distinct(error)]) from None
    problems = [Problem(_line(lines, at), _dotted(at), what, remedy) for at, what, remedy in findings(project)]
    stem = name.rpartition("/")[2].removesuffix(".yaml")
    if name.endswith(".yaml") and stem != project.project:
        problems.append(
            Problem(
                _line(lines, ("project",)),
                "project",
                f"the file is called {stem}.yaml and the project {project.project}",
                "Give both one name",
            )
        )
    if problems:
        raise ProjectFileInvalid(name, problems)
    return project


def parse_file(body: bytes, key: str) -> Project:
    """The project of an object `projects/<name>.yaml`. Raises ProjectFileInvalid."""
    if key.count("/") != 1:
        raise ProjectFileInvalid(key, [Problem(1, "key", "project files lie side by side", "Move it to projects/")])
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise ProjectFileInvalid(key, [Problem(line, "file", "this is not UTF-8", "Save it as UTF-8")]) from None
    return parse(text, key)


def _load(text: str, name: str) -> tuple[dict[str, Any], Mapping[Path, int]]:
    try:
        document, lines = load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error)
        remedy = "Mend the YAML: two spaces a level, a blank after each colon"
        raise ProjectFileInvalid(name, [Problem(mark.line + 1 if mark else 1, "yaml", what, remedy)]) from None
    if isinstance(document, dict):
        return document, lines
    raise ProjectFileInvalid(name, [Problem(1, "project", "this is not a mapping", "Begin with `project: <name>`")])


def _distinct(error: ValidationError) -> list[ErrorDetails]:
    """One error for each place: a value that fits no member of a union is one mistake, not four."""
    return list({_path(details): details for details in reversed(error.errors(include_url=False))}.values())


def _path(details: ErrorDetails) -> Path:
    return tuple(part for part in details["loc"] if isinstance(part, int) or not part.startswith(NOISE))


def _problem(details: ErrorDetails, document: dict[str, Any], lines: Mapping[Path, int]) -> Problem:
    path = _path(details)
    return Problem(_line(lines, path), _dotted(path), _wrong(details), _remedy(details, path))


def _wrong(details: ErrorDetails) -> str:
    if details["type"] == "missing":
        return "this is missing"
    if details["type"] == "extra_forbidden":
        return "there is no such field"
    return f"{details['msg'][0].lower()}{details['msg'][1:]}, not {str(details['input'])[:60]!r}"


def _remedy(details: ErrorDetails, path: Path) -> str:
    context = details.get("ctx", {})
    if details["type"] == "missing":
        return f"Add `{path[-1]}:`"
    if details["type"] == "extra_forbidden":
        return _meant(str(path[-1]), _fields(path[:-1]))
    if details["type"] == "literal_error":
        return _meant(
            str(details["input"]), [word.strip("' ") for word in context["expected"].replace(" or ", ", ").split(",")]
        )
    if details["type"] == "string_pattern_mismatch":
        return f"It must match {context['pattern']}"
    return TYPES.get(details["type"].partition("_")[0], "Change the value")


def _meant(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"Did you mean `{close[0]}`?" if close else f"Known are {', '.join(known)}"


def _fields(path: Path) -> list[str]:
    """The fields of the part at `path`."""
    part: type[BaseModel] = Project
    for name in path:
        field = part.model_fields.get(str(name))
        inner = _part_of(field.annotation if field else None)
        part = inner or part
    return list(part.model_fields)


def _part_of(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as `dict[str, Annotated[ColumnPart, ...]]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_part_of(part) for part in getattr(annotation, "__args__", ()))
    return next((part for part in inner if part), None)


def _line(lines: Mapping[Path, int], path: Path) -> int:
    """The line of the path, or of the nearest part around it that stands in the file."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _dotted(path: Path) -> str:
    return ".".join(map(str, path)) or "project"
