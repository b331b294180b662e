"""Charts as inline SVG, by hand: no script, no file beside the page. They take text and line colours from the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tidewheel.reports.page import Html, html

WIDTH, HEIGHT = 720, 280
LEFT, RIGHT, TOP, BOTTOM = 48, 18, 34, 30
NAMES = 170  # room for the names at the left of intervals and spans
STYLE = Html(  # colours that hold on white and on black; a number is a series' place
    ".c1{color:#c4622d}.c2{color:#0c8f86}.c3{color:#7f8c99}.c4{color:#8560c9}"
    ".rule{stroke:var(--line)}.curve{fill:none;stroke:currentColor;stroke-width:2.5;stroke-linejoin:round}"
    ".dot{fill:none;stroke:currentColor;stroke-width:1.5}.fill{fill:currentColor}"
    ".span{stroke:currentColor;stroke-width:6;stroke-linecap:round;opacity:.35}"
    "svg text{font:12px system-ui,sans-serif;fill:var(--soft)}svg .value{fill:currentColor;font-weight:600}"
)


@dataclass(frozen=True)
class Scale:
    """A straight line from values to pixels."""

    first: float
    last: float
    start: float
    end: float

    def __call__(self, value: float) -> str:
        share = (value - self.first) / ((self.last - self.first) or 1)
        return f"{self.start + share * (self.end - self.start):.1f}"


def picture(parts: Iterable[Html], label: str, height: int = HEIGHT) -> Html:
    """The parts as one figure, with words for those who do not see it."""
    frame = '<figure><svg viewBox="0 0 {} {}" role="img"><title>{}</title><style>{}</style>{}</svg>{}</figure>'
    return html(frame, WIDTH, height, label, STYLE, list(parts), html("<figcaption>{}</figcaption>", label))


def curves(named: Mapping[str, Sequence[float]], ticks: Sequence[str], label: str, dots: Sequence[float] = ()) -> Html:
    """Curves over equal steps, from zero; `named` is legend to values. Dots are what really happened."""
    top = max([*(value for values in named.values() for value in values), *dots], default=1) * 1.1 or 1
    x = Scale(0, max(len(ticks) - 1, 1), LEFT, WIDTH - RIGHT)
    y = Scale(0, top, HEIGHT - BOTTOM, TOP)
    parts = [
        *_legend(named),
        *_grid(y, top),
        *(_text(tick, x(at), HEIGHT - 10, "middle") for at, tick in enumerate(ticks)),
    ]
    for place, values in enumerate(named.values(), 1):
        points = " ".join(f"{x(at)},{y(value)}" for at, value in enumerate(values))
        parts.append(html('<polyline class="curve c{}" points="{}"/>', place, points))
    parts += [html('<circle class="dot" cx="{}" cy="{}" r="4"/>', x(at), y(value)) for at, value in enumerate(dots)]
    return picture(parts, label)


def intervals(rows: Sequence[tuple[str, float, float | None, float | None]], label: str) -> Html:
    """One line for each (name, value, low, high): a dot in its interval, from zero."""
    height = 44 * len(rows) + 34
    top = max(high if high is not None else value for _, value, _, high in rows) * 1.05
    x = Scale(0, top, NAMES + 12, WIDTH - 70)
    parts = [*_axis(x, top, height, "{:.2f}")]
    for place, (name, value, low, high) in enumerate(rows, 1):
        y = 44 * place - 18
        parts.append(_text(name, NAMES, y + 4, "end"))
        if low is not None and high is not None:
            line = '<line class="span c{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
            parts.append(html(line, place, x(low), x(high), y, y))
        parts.append(html('<circle class="fill c{}" cx="{}" cy="{}" r="6"/>', place, x(value), y))
        end = float(x(high if high is not None else value)) + 12
        parts.append(_text(f"{value:.3f}", end, y + 4, kind="value"))
    return picture(parts, label, height)


def spans(rows: Sequence[tuple[str, str, float, float]], label: str) -> Html:
    """A bar for each (group, name, start, seconds); groups have a colour each, in their order."""
    height = 20 * len(rows) + 66
    last = max(start + seconds for _, _, start, seconds in rows)
    x = Scale(0, last, NAMES + 12, WIDTH - 60)
    groups = list(dict.fromkeys(group for group, *_ in rows))
    parts = [*_legend(groups), *_axis(x, last, height, "{:.1f} s")]
    for place, (group, name, start, seconds) in enumerate(rows):
        y, wide = TOP + 20 * place, max(float(x(start + seconds)) - float(x(start)), 1.5)
        bar = '<rect class="fill c{}" x="{}" y="{}" width="{}" height="13" rx="2"/>'
        parts.append(html(bar, groups.index(group) + 1, x(start), y, f"{wide:.1f}"))
        parts.append(_text(name, NAMES, y + 11, "end"))
        parts.append(_text(f"{seconds:.2f}", float(x(start)) + wide + 5, y + 11))
    return picture(parts, label, height)


def _text(words: str, x: object, y: object, anchor: str = "start", kind: str = "") -> Html:
    return html('<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>', x, y, anchor, kind, words)


def _legend(names: Iterable[str]) -> Iterable[Html]:
    x = LEFT
    for place, name in enumerate(names, 1):
        yield html('<rect class="fill c{}" x="{}" y="4" width="12" height="12" rx="3"/>', place, x)
        yield _text(name, x + 18, 14)
        x += 40 + 7 * len(name)


def _grid(y: Scale, top: float) -> Iterable[Html]:
    for value in (top * step / 4 for step in range(5)):
        line = '<line class="rule" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        yield html(line, LEFT, WIDTH - RIGHT, y(value), y(value))
        yield _text(f"{value:.2f}", LEFT - 8, float(y(value)) + 4, "end")


def _axis(x: Scale, top: float, height: int, form: str) -> Iterable[Html]:
    for value in (top * step / 4 for step in range(5)):
        yield _text(form.format(value), x(value), height - 8, "middle")
