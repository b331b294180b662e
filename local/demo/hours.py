"""From trip counts to what a data team delivers: each hour, what is known of it a day before, and if it was busy."""

import csv
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from itertools import accumulate
from pathlib import Path

BUSY = 172  # rentals an hour: the 75th percentile of the first year, fixed before anything later is looked at
WEEK, DAY = 168, 24  # hours


@dataclass(frozen=True)
class Hour:
    """One row as it is uploaded. Weather is the whole day's and stands for the forecast of the day before."""

    ts: datetime
    hour: int
    dow: int  # 0 is Monday
    tmin: float  # degrees Celsius
    tmax: float
    pn: float  # millimetres of rain
    avg_7d: float  # mean rentals an hour over the week that ended a day before: nothing of the coming day is in it
    busy: int


def derive(data: bytes) -> list[Hour]:
    """Every hour that has a full week behind it. The file has one line for each hour, without a gap, in order."""
    lines = list(csv.DictReader(io.StringIO(data.decode())))
    before = [0, *accumulate(int(line["count"]) for line in lines)]  # before[i]: rentals of all hours before the i-th
    return [
        _hour(lines[now], (before[now - DAY + 1] - before[now - DAY + 1 - WEEK]) / WEEK)
        for now in range(WEEK + DAY - 1, len(lines))
    ]


def between(hours: Iterable[Hour], start: datetime, end: datetime) -> list[Hour]:
    """The hours from start to end; the end is out."""
    return [hour for hour in hours if start <= hour.ts < end]


def shuffled(hours: Sequence[Hour], seed: int) -> list[Hour]:
    """The same hours with their labels dealt anew: as many busy ones, and nothing left to learn."""
    labels = [hour.busy for hour in hours]
    random.Random(seed).shuffle(labels)  # noqa: S311 - no secret
    return [replace(hour, busy=busy) for hour, busy in zip(hours, labels, strict=True)]


def write(hours: Iterable[Hour], file: Path) -> Path:
    """The hours as a CSV with a header."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, [field.name for field in fields(Hour)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(hour) | {"ts": hour.ts.isoformat(sep=" ")} for hour in hours)
    return file


def _hour(line: dict[str, str], average: float) -> Hour:
    moment = datetime.fromisoformat(line["ts"])
    weather = (float(line["tmin"]), float(line["tmax"]), float(line["pn"]))
    return Hour(moment, moment.hour, moment.weekday(), *weather, average, int(int(line["count"]) > BUSY))
