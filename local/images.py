"""Writes the checked-in table of image accounts per Region from the data of the `sagemaker` SDK: `make images`.

It runs in the SDK's environment, and reads the data without importing the SDK. --check only compares."""

import importlib.metadata
import json
import re
import sys

from local import ROOT

VERSION = "3.2-0"
DATA = "image_uri_config/xgboost.json"
TABLE = ROOT / "layers/core/tidewheel/domain/images.py"
BLOCK = re.compile(r"ACCOUNTS = \{\n.*?\n\}\n", re.DOTALL)


def accounts() -> dict[str, str]:
    """Region -> account of the XGBoost image, as the SDK knows it."""
    files = importlib.metadata.files("sagemaker-core") or []
    data = json.loads(next(file for file in files if str(file).endswith(DATA)).read_text())
    registries: dict[str, str] = data["training"]["versions"][VERSION]["registries"]
    return dict(sorted(registries.items()))


def main() -> int:
    """Rewrite the table, or with --check say whether it has drifted."""
    lines = "".join(f'    "{region}": "{account}",\n' for region, account in accounts().items())
    before = TABLE.read_text()
    after = BLOCK.sub(f"ACCOUNTS = {{\n{lines}}}\n", before)
    if "--check" in sys.argv:
        print("the table is the SDK's" if after == before else "the table has drifted: run `make images`")
        return int(after != before)
    TABLE.write_text(after)
    print(f"{TABLE.name}: {len(accounts())} Regions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
