"""A processing script: reads every input, writes what it found."""

import json
import os
import sys
from pathlib import Path

inputs, output = map(Path, sys.argv[1:3])
found = {str(file.relative_to(inputs)): file.read_text() for file in sorted(inputs.rglob("*.csv"))}
(output / "evaluation.json").write_text(json.dumps({"found": found, "limit": os.environ["LIMIT"]}))
message = Path(os.environ["MESSAGE_FILE"])
message.write_text("evaluated")
