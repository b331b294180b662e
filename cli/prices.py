"""What an hour costs: AWS's on-demand list prices in us-east-1, in US dollars; other Regions differ by some percent."""

AS_OF = "2025-01"  # when the table was last held against AWS's price list; check it before you budget by it
HOSTING = {
    "ml.t2.medium": 0.056,
    "ml.t2.large": 0.111,
    "ml.t2.xlarge": 0.223,
    "ml.m5.large": 0.115,
    "ml.m5.xlarge": 0.23,
    "ml.m5.2xlarge": 0.461,
    "ml.m5.4xlarge": 0.922,
    "ml.c5.large": 0.102,
    "ml.c5.xlarge": 0.204,
    "ml.c5.2xlarge": 0.408,
    "ml.g4dn.xlarge": 0.7364,
}


def hourly(instance: str, count: int = 1) -> float | None:
    """US dollars an hour for so many instances; None where the table does not know the type."""
    price = HOSTING.get(instance)
    return None if price is None else round(price * count, 4)


def spoken(price: float | None) -> str:
    """The price in words: an unknown one is said to be unknown."""
    return "unknown" if price is None else f"${price:.3f}"
