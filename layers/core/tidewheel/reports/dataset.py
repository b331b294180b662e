"""The report that answers an upload: what was found, why rows were rejected, and what the accepted ones look like."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from tidewheel.domain.grid import Floats
from tidewheel.domain.profile import ColumnProfile, Profile
from tidewheel.domain.profile_category import CategoryProfile
from tidewheel.domain.profile_number import NumberProfile
from tidewheel.reports.page import Html, Tone, bars, figures, html, mark, number, page, table

BINS = 24
CATEGORIES = 12
TONES: dict[str, Tone] = {"accepted": "good", "rejected": "bad", "duplicate": "quiet"}
NOTHING = Html("")
SPAN = {"first": "event_time_min", "last": "event_time_max"}


def dataset_page(facts: Mapping[str, Any], profile: Profile | None) -> str:
    """The page of `facts` as report.json holds them, with the profile of the accepted rows if there is one."""
    name = facts["upload"]["key"].rpartition("/")[2]
    parts = [
        html("<p>{} {}</p><h1>{}</h1>", mark(facts["outcome"], TONES[facts["outcome"]]), facts["project"], name),
        html('<p class="soft">{}</p>', _sentence(facts)),
        _figures(facts),
        _reasons(facts.get("reasons", [])),
        _columns(facts),
        _profile(profile) if profile is not None and profile.rows else NOTHING,
        _source(facts),
    ]
    return page(f"{facts['project']}: {name}", *parts, footer=f"uploaded {facts['uploaded_at']}")


def _sentence(facts: Mapping[str, Any]) -> str:
    if "refusal" in facts:
        refusal = facts["refusal"]
        return f"Refused ({refusal['code']}). {refusal['place']}: {refusal['problem']}. {refusal['remedy']}."
    if "message" in facts:
        return f"{facts['message'][:1].upper()}{facts['message'][1:]}. Nothing is trained anew."
    return f"Dataset {facts['dataset_id']}: {facts['accepted']:,} rows keep the contract."


def _figures(facts: Mapping[str, Any]) -> Html:
    if "rows" not in facts:
        return figures([("bytes", number(facts["size"]))])
    share = facts["rejected"] / facts["rows"] if facts["rows"] else 0
    counts = [(name, number(facts[name])) for name in ("rows", "accepted", "rejected")]
    span = [(name, facts[key][:10]) for name, key in SPAN.items() if key in facts]
    return figures([*counts, ("share rejected", f"{share:.2%}"), *span])


def _reasons(reasons: list[dict[str, Any]]) -> Html:
    if not reasons:
        return NOTHING
    rows = [
        (html("<code>{}</code>", it["column"] or "(row)"), it["rule"], it["rows"], _examples(it), it["remedy"])
        for it in reasons
    ]
    heads = ["column", "rule", "rows", "for example", "what to do"]
    return html("<h2>Why rows were rejected</h2>{}", table(heads, rows))


def _examples(reason: dict[str, Any]) -> Html:
    return html(
        "{}", [html("<div>row {}: <code>{}</code></div>", number(it["row"]), it["value"]) for it in reason["examples"]]
    )


def _columns(facts: Mapping[str, Any]) -> Html:
    said = [
        html("<p>{}: <code>{}</code></p>", text, ", ".join(facts[key]))
        for key, text in (
            ("extra_columns", "Left out, as the contract does not know them"),
            ("absent_columns", "Not in the file, so filled with nulls"),
        )
        if facts.get(key)
    ]
    return html("<h2>Columns that differ</h2>{}", said) if said else NOTHING


def _profile(profile: Profile) -> Html:
    shown = [_figure(name, column) for name, column in profile.columns.items()]
    return html('<h2>What the accepted rows look like</h2><div class="grid">{}</div>', shown)


def _figure(name: str, column: ColumnProfile) -> Html:
    drawn, said = _categories(column) if isinstance(column, CategoryProfile) else _numbers(column)
    nulls = f" · {number(column.nulls)} nulls" if column.nulls else ""
    distinct = f"{number(column.distinct)} values{nulls}"
    return html("<figure><h3>{}</h3>{}<figcaption>{}<br>{}</figcaption></figure>", name, drawn, said, distinct)


def _numbers(column: NumberProfile) -> tuple[Html, str]:
    if column.min is None or column.max is None:
        return bars([], []), "no values"
    edges = _edges(column)
    counts = column.grid.histogram(edges).tolist()
    show = _moment if column.kind == "timestamp" else number
    titles = [
        f"{show(float(low))} to {show(float(high))}: {number(count)}"
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]
    middle = "" if column.kind == "timestamp" else f" · median {number(column.grid.quantile(0.5))}"
    return bars(counts, titles), f"{show(column.min)} to {show(column.max)}{middle}"


def _edges(column: NumberProfile) -> Floats:
    """Equal bins; for few integers one bin each."""
    low, high = column.min or 0.0, column.max or 0.0
    if low == high or (column.kind == "integer" and high - low < BINS):
        return np.arange(low - 0.5, high + 1.0)
    return np.linspace(low, high, BINS + 1)


def _categories(column: CategoryProfile) -> tuple[Html, str]:
    top = column.most_frequent(CATEGORIES)
    titles = [f"{it.value}: {number(it.count)}" for it in top]
    return bars([it.count for it in top], titles), ", ".join(it.value or "(empty)" for it in top[:3])


def _moment(microseconds: float) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).strftime("%Y-%m-%d %H:%M")


def _source(facts: Mapping[str, Any]) -> Html:
    upload = facts["upload"]
    where = f"s3://{upload['bucket']}/{upload['key']}"
    return html(
        "<h2>Where it came from</h2><p><code>{}</code><br><small>version {}</small></p>", where, upload["version_id"]
    )
