"""How the page looks, by day and by night."""

STYLE = """
:root { --ink: #16202b; --faint: #66727f; --line: #d9dfe5; --paper: #fbfcfd; --c1: #b4552d; --c2: #0b7285;
  --c3: #7a8699; --c4: #6741a8; --dot: #16202b }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --faint: #94a1ae; --line: #303a45; --paper: #12181f;
  --c1: #ee9a6f; --c2: #54c2d3; --c3: #8d9aab; --c4: #b79df0; --dot: #e6ebf0 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
main { max-width: 760px; margin: 0 auto; padding: 48px 20px 96px }
h1 { font-size: 40px; line-height: 1.1; letter-spacing: -.02em; margin: 0 0 12px }
h2 { font-size: 20px; margin: 56px 0 4px }
.lead { font-size: 18px; color: var(--faint) }
section > p { margin: 0 0 14px; color: var(--faint); overflow-wrap: anywhere }
svg { display: block; width: 100%; height: auto }
svg text { font: 12px system-ui, sans-serif; fill: var(--faint) }
svg .strong { fill: var(--ink); font-weight: 600; font-size: 14px }
.c1 { --c: var(--c1) } .c2 { --c: var(--c2) } .c3 { --c: var(--c3) } .c4 { --c: var(--c4) }
.grid { stroke: var(--line) }
.line { fill: none; stroke: var(--c); stroke-width: 2.5; stroke-linejoin: round }
.dot { fill: none; stroke: var(--dot); stroke-width: 1.5 }
.span { stroke: var(--c); stroke-width: 5; stroke-linecap: round; opacity: .35 }
.point, .bar { fill: var(--c) }
.legend, .caption { font-size: 14px }
.key { margin-right: 20px; color: var(--ink) }
.key::before { content: ""; display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 7px;
  background: var(--c) }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top }
th { font-weight: 600 } td:first-child { color: var(--faint) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 10px 20px; font-size: 14px }
dt { color: var(--faint) } dd { margin: 0; overflow-wrap: anywhere }
code { font: 13px ui-monospace, monospace }
"""
