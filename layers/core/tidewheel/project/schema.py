"""The JSON Schema of project files, for editors.

Write it anew: `python -m tidewheel.project.schema > projects/project.schema.json`.
"""

import json

from tidewheel.project.model import Project


def schema() -> str:
    """The schema as text, ending in a line break."""
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A Tidewheel project"}
    return json.dumps(Project.model_json_schema() | about, indent=2) + "\n"


if __name__ == "__main__":
    print(schema(), end="")
