"""Deliveries of data for the small projects, made by arithmetic: the same bytes on every machine."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

SOILS = ("sand", "clay", "peat")
KINDS = {"iris": (1.5, 3.4, "sand"), "rose": (4.2, 2.8, "clay"), "tulip": (5.6, 3.0, "peat")}
START = datetime(2026, 1, 1)

Row = Sequence[object]


def flowers(rows: int, seed: int) -> str:
    """A CSV of flowers: petal and sepal tell the kind, the soil hints at it, every ninth sepal is missing."""
    return _csv("petal,sepal,soil,kind", _flowers, rows, seed)


def rents(rows: int, seed: int, after: int = 0) -> str:
    """A CSV of flats, an hour apart, the first one `after` hours: area and rooms make the rent, a balcony adds 60."""
    return _csv("signed,area,rooms,balcony,rent", partial(_rents, after=after), rows, seed)


def shuffled(text: str, seed: int) -> str:
    """The delivery with its last column, the label, dealt anew."""
    head, *lines = text.splitlines()
    features, labels = zip(*(line.rsplit(",", 1) for line in lines), strict=True)
    dealt = list(labels)
    random.Random(seed).shuffle(dealt)  # noqa: S311 - no secret
    return "\n".join([head, *map(",".join, zip(features, dealt, strict=True))]) + "\n"


def _flowers(chance: random.Random, rows: int) -> Iterator[Row]:
    for place in range(rows):
        kind = chance.choice(list(KINDS))
        petal, sepal, soil = KINDS[kind]
        grown = "" if place % 9 == 0 else f"{sepal + chance.gauss(0, 0.4):.3f}"
        yield f"{max(petal + chance.gauss(0, 0.7), 0.1):.3f}", grown, chance.choice([soil, *SOILS]), kind


def _rents(chance: random.Random, rows: int, after: int) -> Iterator[Row]:
    for place in range(after, after + rows):
        area, balcony = chance.uniform(20, 160), chance.random() < 0.4
        rooms = min(int(area / 25) + 1, 12)
        rent = 9.5 * area + 40 * rooms + 60 * balcony + chance.gauss(0, 35)
        signed = (START + timedelta(hours=place)).isoformat()
        yield signed, f"{area:.1f}", rooms, str(balcony).lower(), f"{max(rent, 0):.2f}"


def _csv(head: str, make: Callable[[random.Random, int], Iterator[Row]], rows: int, seed: int) -> str:
    lines = (",".join(map(str, row)) for row in make(random.Random(seed), rows))  # noqa: S311 - no secret
    return "\n".join([head, *lines]) + "\n"
