"""Where SageMaker's XGBoost image lives: each Region has a registry account of its own."""

from tidewheel.domain.errors import RegionWithoutImage

VERSION = "3.2-0"
SUFFIXES = {  # of the partitions that are not amazonaws.com, by the beginning of the Region's name
    "cn-": "amazonaws.com.cn",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
}
# Written by `make images` from the data of the sagemaker SDK; a test holds it against that data.
ACCOUNTS = {
    "": "",
}


def xgboost_image(region: str, version: str = VERSION) -> str:
    """The URI of the XGBoost image of a Region. Raises RegionWithoutImage where there is none."""
    if region not in ACCOUNTS:
        raise RegionWithoutImage(
            "SageMaker offers no XGBoost image there",
            place=f"Region {region}",
            remedy="Give `training.image` in the project file, or deploy the stack to another Region.",
        )
    suffix = next((suffix for prefix, suffix in SUFFIXES.items() if region.startswith(prefix)), "amazonaws.com")
    return f"{ACCOUNTS[region]}.dkr.ecr.{region}.{suffix}/sagemaker-xgboost:{version}"
