"""Charts as inline SVG, by hand: no script, no file beside the page. Colours are classes, so that the page decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 14, 30


@dataclass(frozen=True)
class Scale:
    """A straight line from values to pixels."""

    first: float
    last: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.first) / ((self.last - self.first) or 1)
        return round(self.start + share * (self.end - self.start), 1)


def element(name: str, inner: str = "", **attributes: object) -> str:
    """One element; `_class` is `class`, and other underscores are hyphens."""
    said = "".join(f' {key.strip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items())
    return f"<{name}{said}>{inner}</{name}>"


def text(words: str, x: float, y: float, anchor: str = "start", kind: str = "") -> str:
    """Words at a place."""
    return element("text", escape(words), x=x, y=y, text_anchor=anchor, _class=kind)


def picture(parts: Iterable[str], label: str, height: int = HEIGHT) -> str:
    """The parts as one image with words for those who do not see it."""
    inner = element("title", escape(label)) + "".join(parts)
    return element("svg", inner, viewBox=f"0 0 {WIDTH} {height}", role="img")


def lines(named: Mapping[str, Sequence[float]], ticks: Sequence[str], label: str, dots: Sequence[float] = ()) -> str:
    """Curves over equal steps, from zero; `named` is legend to values. Dots are what really happened."""
    top = max([*(value for values in named.values() for value in values), *dots]) * 1.1 or 1
    x = Scale(0, max(len(ticks) - 1, 1), LEFT, WIDTH - RIGHT)
    y = Scale(0, top, HEIGHT - BOTTOM, TOP)
    parts = [*_grid(y, top), *(text(tick, x(place), HEIGHT - 10, "middle") for place, tick in enumerate(ticks))]
    for number, (name, values) in enumerate(named.items(), 1):
        points = " ".join(f"{x(place)},{y(value)}" for place, value in enumerate(values))
        title = element("title", escape(f"{name}: " + ", ".join(f"{value:.3f}" for value in values)))
        parts.append(element("polyline", title, points=points, _class=f"line c{number}"))
    parts += [element("circle", cx=x(place), cy=y(value), r=4, _class="dot") for place, value in enumerate(dots)]
    return picture(parts, label)


def intervals(rows: Sequence[tuple[str, float, float | None, float | None]], label: str) -> str:
    """One line for each (name, value, low, high): a dot in its interval, from zero."""
    height = 44 * len(rows) + 34
    top = max(high if high is not None else value for _, value, _, high in rows) * 1.05
    x = Scale(0, top, 170, WIDTH - 70)
    parts = [text(f"{top * step / 4:.2f}", x(top * step / 4), height - 8, "middle") for step in range(5)]
    for place, (name, value, low, high) in enumerate(rows):
        y = 26 + 44 * place
        parts.append(text(name, 158, y + 5, "end"))
        if low is not None and high is not None:
            parts.append(element("line", x1=x(low), x2=x(high), y1=y, y2=y, _class=f"span c{place + 1}"))
        parts.append(element("circle", cx=x(value), cy=y, r=6, _class=f"point c{place + 1}"))
        parts.append(text(f"{value:.3f}", x(high if high is not None else value) + 10, y + 5, kind="strong"))
    return picture(parts, label, height)


def spans(rows: Sequence[tuple[str, str, float, float]], label: str) -> str:
    """A bar for each (group, name, start, seconds); groups have a colour each, in their order."""
    height = 20 * len(rows) + 30
    last = max(start + seconds for _, _, start, seconds in rows)
    x = Scale(0, last, 190, WIDTH - 60)
    groups = list(dict.fromkeys(group for group, *_ in rows))
    parts = [text(f"{last * step / 4:.1f} s", x(last * step / 4), height - 8, "middle") for step in range(5)]
    for place, (group, name, start, seconds) in enumerate(rows):
        y = 6 + 20 * place
        bar = {"x": x(start), "y": y, "width": max(x(start + seconds) - x(start), 1.5), "height": 13, "rx": 2}
        parts.append(element("rect", **bar, _class=f"bar c{groups.index(group) + 1}"))
        parts.append(text(name, 182, y + 11, "end"))
        parts.append(text(f"{seconds:.2f}", x(start + seconds) + 5, y + 11, kind="faint"))
    return picture(parts, label, height)


def legend(names: Iterable[str]) -> str:
    """The colours' names, in their order."""
    keys = (element("span", escape(name), _class=f"key c{place}") for place, name in enumerate(names, 1))
    return element("p", "".join(keys), _class="legend")


def _grid(y: Scale, top: float) -> Iterable[str]:
    for step in range(5):
        value = top * step / 4
        yield element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y(value), y2=y(value), _class="grid")
        yield text(f"{value:.2f}", LEFT - 8, y(value) + 4, "end")
