"""`plot`: the rows of the transfers' benchmark as bars: times as quick as the SDK, and as bare aiohttp."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_BAR, _GAP, _LEFT, _WIDTH = 14, 26, 330, 420
_COLOURS = ("#0969da", "#8c959f")


def plot(rows: Sequence[Sequence[str]]) -> str:
    """Return an SVG.

    :param rows: of the benchmark's table, without its head.
    """
    most = max(float(cell) for row in rows for cell in (row[3], row[5]) if cell != "-")
    height = 40 + len(rows) * (2 * _BAR + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="830" height="{height}" font-family="sans-serif"'
        ' font-size="12" fill="#57606a">',
        f'<rect x="{_LEFT}" y="8" width="12" height="12" fill="{_COLOURS[0]}"/>',
        f'<text x="{_LEFT + 18}" y="18">times as quick as the SDK</text>',
        f'<rect x="{_LEFT + 200}" y="8" width="12" height="12" fill="{_COLOURS[1]}"/>',
        f'<text x="{_LEFT + 218}" y="18">of bare aiohttp</text>',
    ]
    for number, (service, work, latency, by_sdk, _, of_bare, *_rest) in enumerate(rows):
        top, title = 36 + number * (2 * _BAR + _GAP), escape(f"{service}: {work}, {latency}")
        parts.append(f'<text x="{_LEFT - 10}" y="{top + 18}" text-anchor="end">{title}</text>')
        for line, (value, colour) in enumerate(zip((by_sdk, of_bare), _COLOURS, strict=True)):
            if value == "-":
                continue
            y, width = top + line * _BAR, max(1.0, float(value) / most * _WIDTH)
            parts.append(
                f'<rect x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR - 2}" fill="{colour}"/>'
            )
            parts.append(f'<text x="{_LEFT + width + 6:.1f}" y="{y + 10}">{value}</text>')
    return "\n".join([*parts, "</svg>\n"])
