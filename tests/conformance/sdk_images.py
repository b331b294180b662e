"""Runs in the SDK's environment: its image URIs. Arguments: file for the report, Regions."""

import json
import sys
from pathlib import Path

from sagemaker.core.image_uris import retrieve

report_file, *regions = sys.argv[1:]
uris = {region: retrieve("xgboost", region=region, version="3.2-0") for region in regions}
Path(report_file).write_text(json.dumps(uris))
