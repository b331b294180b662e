"""The frame of all reports: one HTML file that needs nothing else, in light and in dark, printed or on a phone.

Pieces are `Html`; whatever is not is escaped. So no text of a team's file can become markup:

    page("bikeshare", html("<h1>{}</h1>", name), table(["column", "rows"], rows))
"""

from collections.abc import Iterable
from html import escape
from typing import Literal

Tone = Literal["good", "bad", "quiet"]

STYLE = """
:root{color-scheme:light dark;--ink:#1d2b33;--soft:#5d6f79;--line:#dde4e8;--paper:#fff;--deep:#f4f7f8;
--tide:#0b7a75;--good:#1d7d4f;--bad:#b3372f}
@media(prefers-color-scheme:dark){:root{--ink:#e4ecef;--soft:#93a5ae;--line:#2b3a42;--paper:#121a1f;--deep:#1a252b;
--tide:#4fc1b8;--good:#5cc98f;--bad:#f0857c}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:62rem;margin:0 auto;padding:3rem 1.25rem 5rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .35rem;letter-spacing:-.015em}
h2{font-size:1.15rem;margin:2.75rem 0 .75rem}h3{font-size:.95rem;margin:0}
p{margin:.4rem 0;max-width:46rem}.soft,small{color:var(--soft)}
code{font:.88em ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:.45rem .9rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:500}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.figures{display:flex;flex-wrap:wrap;gap:.9rem 2.5rem;margin:1.5rem 0;padding:1.1rem 1.3rem;background:var(--deep);
border-radius:10px}.figures dt{color:var(--soft);font-size:.82rem}.figures dd{margin:0;font-size:1.35rem;
font-variant-numeric:tabular-nums}
.mark{display:inline-block;padding:.1rem .6rem;border-radius:99px;font-size:.82rem;border:1px solid currentColor}
.good{color:var(--good)}.bad{color:var(--bad)}.quiet{color:var(--soft)}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(13.5rem,1fr));gap:1.1rem}
figure{margin:0;padding:.9rem 1rem;border:1px solid var(--line);border-radius:10px}
figure svg{display:block;width:100%;height:auto;margin:.5rem 0 .2rem}figcaption{font-size:.8rem;color:var(--soft)}
svg .bar{fill:var(--tide)}svg text{fill:var(--soft);font:10px system-ui,sans-serif}svg .axis{stroke:var(--line)}
footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.82rem;color:var(--soft)}
@media print{main{padding:0}figure{break-inside:avoid}}
"""


class Html(str):
    """Text that is markup already."""


def html(template: str, *pieces: object) -> Html:
    """The template with pieces in place of `{}`; what is not Html is escaped. Lists of pieces are joined."""
    return Html(template.format(*map(_safe, pieces)))


def _safe(piece: object) -> str:
    if isinstance(piece, Html):
        return piece
    if isinstance(piece, list | tuple):
        return "".join(map(_safe, piece))
    return escape(str(piece))


def page(title: str, *parts: Html, footer: str = "") -> str:
    """A whole document."""
    head = html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<title>{}</title><style>{}</style></head>",
        title,
        Html(STYLE.strip()),
    )
    end = html("<footer>{}</footer>", f"Tidewheel · {footer}" if footer else "Tidewheel")
    return html("{}<body><main>{}{}</main></body></html>\n", head, list(parts), end)


def mark(text: str, tone: Tone) -> Html:
    """A word in a frame, such as an outcome."""
    return html('<span class="mark {}">{}</span>', tone, text)


def figures(values: Iterable[tuple[str, object]]) -> Html:
    """A row of large numbers with their names."""
    return html('<dl class="figures">{}</dl>', [html("<div><dt>{}</dt><dd>{}</dd></div>", *pair) for pair in values])


def table(heads: list[str], rows: Iterable[Iterable[object]]) -> Html:
    """A table; numbers stand at the right."""
    lines = [html("<tr>{}</tr>", [_cell(value) for value in row]) for row in rows]
    top = html("<tr>{}</tr>", [html("<th>{}</th>", head) for head in heads])
    return html('<div class="wide"><table><thead>{}</thead><tbody>{}</tbody></table></div>', top, lines)


def _cell(value: object) -> Html:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return html('<td class="n">{}</td>', number(value))
    return html("<td>{}</td>", value)


def number(value: float) -> str:
    """A number as people read it: thousands apart, four digits that matter."""
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e15):
        return f"{int(value):,}"
    return f"{value:,.4g}" if 1e-4 <= abs(value) < 1e6 else f"{value:.3g}"


def bars(heights: Iterable[float], titles: Iterable[str], width: int = 200, height: int = 56) -> Html:
    """A histogram as inline SVG; each bar tells its title to a pointer that rests on it."""
    values, names = list(heights), list(titles)
    step, most = width / max(len(values), 1), max([*values, 0]) or 1
    drawn = [
        html(
            '<rect class="bar" x="{}" y="{}" width="{}" height="{}" rx="1"><title>{}</title></rect>',
            f"{at * step:.2f}",
            f"{height - tall:.2f}",
            f"{max(step - 1, 0.5):.2f}",
            f"{tall:.2f}",
            name,
        )
        for at, (value, name) in enumerate(zip(values, names, strict=True))
        if (tall := max(value / most * (height - 2), 1 if value else 0))
    ]
    line = html('<line class="axis" x1="0" x2="{}" y1="{}" y2="{}"/>', width, height, height)
    return html('<svg viewBox="0 0 {} {}" role="img">{}{}</svg>', width, height + 1, drawn, line)
