"""`render`, `spell`: the report of a transfer as a page of HTML, and as lines of a log."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any

_STYLE = """
body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
body { color: #1b1f24; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; }
.tile { border: 1px solid #d0d7de; border-radius: 6px; padding: .5rem .9rem; }
.tile b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.bad { color: #b42318; } .good { color: #1a7f37; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #d0d7de; padding: .3rem .6rem; text-align: right; }
th:first-child, td:first-child, td.text, th.text { text-align: left; overflow-wrap: anywhere; }
.bar { background: #0969da; height: .7rem; min-width: 1px; border-radius: 2px; }
.track { position: relative; min-width: 14rem; }
@media (prefers-color-scheme: dark) {
  body { background: #0d1117; color: #e6edf3; }
  .tile, th, td { border-color: #30363d; }
}
"""
#: Shards, and problems, that a log has.
_LOGGED = 100
_COLUMNS = ("shard", "files", "bytes", "failed", "tries", "files/s", "requests", "throttled", "began")


def render(report: dict[str, Any], failed: list[list[str]]) -> str:
    """Return the page.

    :param report: a report of `write_summary`.
    :param failed: paths and reasons that the page lists.
    """
    state = (
        '<span class="good">complete</span>'
        if report["complete"]
        else '<span class="bad">not complete</span>'
    )
    tiles = "".join(
        f'<div class="tile"><b>{escape(value)}</b>{escape(name)}</div>' for name, value in _tiles(report)
    )
    problems = "".join(f'<li class="bad">{escape(problem)}</li>' for problem in report["problems"][:100])
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Transfer to {escape(report['destination'])}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(report['source'])} → {escape(report['destination'])}: {state}</h1>"
        f'<div class="tiles">{tiles}</div><ul>{problems}</ul>'
        f"<h2>Shards</h2>{_shards(report['shards'])}{_failed(failed, report['failed'])}"
        f"{_kept(report)}"
        "</body></html>\n"
    )


def spell(report: dict[str, Any]) -> list[str]:
    """Return the report as lines of a log: the totals, the problems, and a line for each shard."""
    state = "complete" if report["complete"] else "not complete"
    lines = [
        f"{report['source']} -> {report['destination']}: {state}",
        ", ".join(f"{name}: {value}" for name, value in _tiles(report)),
        *(f"{kind.replace('_', ' ')}: {report[kind]}" for kind in ("kept", "not_kept") if kind in report),
        *report["problems"][:_LOGGED],
        *map(_spell_shard, report["shards"][:_LOGGED]),
    ]
    if len(report["shards"]) > _LOGGED:
        lines.append(f"and {len(report['shards']) - _LOGGED} more shards")
    return [*lines, f"The page: {report['page']}; as JSON: {report['report']}"]


def _spell_shard(row: dict[str, Any]) -> str:
    return (
        f"shard {row['shard']}: {row['files']:,} files, {_size(row['bytes'])},"
        f" {row['files_per_second']:,} files/s, {row['requests']:,} requests,"
        f" {row['throttled']:,} throttled, {row['failed']:,} failed, tries: {row['tries']}; {row['state']}"
    )


def _tiles(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("files copied", f"{report['files']:,}"),
        ("copied", _size(report["bytes"])),
        ("files alike", f"{report['skipped']:,}"),
        ("files deleted", f"{report['deleted']:,}"),
        ("files failed", f"{report['failed']:,}"),
        ("seconds", f"{report['seconds']:,}"),
        ("files a second", f"{report['files_per_second']:,}"),
        ("a second", _size(report["bytes_per_second"])),
        ("requests", f"{report['requests']:,}"),
        ("throttled", f"{report['throttled']:,}"),
        ("retried", f"{report['retried']:,}"),
    ]


def _shards(shards: list[dict[str, Any]]) -> str:
    began = min((row["began"] for row in shards if row["began"]), default=0.0)
    ended = max((row["ended"] for row in shards if row["ended"]), default=began)
    span = max(ended - began, 0.001)
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    rows = "".join(_shard(row, began, span) for row in shards)
    head += '<th class="text">when, and state</th>'
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _shard(row: dict[str, Any], began: float, span: float) -> str:
    cells = (
        f"<td>{row['shard']}</td><td>{row['files']:,}</td><td>{_size(row['bytes'])}</td><td>{row['failed']:,}</td>"
        f"<td>{row['tries']}</td><td>{row['files_per_second']:,}</td><td>{row['requests']:,}</td>"
        f"<td>{row['throttled']:,}</td>"
    )
    when, bar = "", ""
    if row["began"]:
        when = datetime.fromtimestamp(row["began"], UTC).strftime("%H:%M:%S")
        left = 100 * (row["began"] - began) / span
        width = 100 * ((row["ended"] or row["began"]) - row["began"]) / span
        style = f"margin-left:{left:.1f}%;width:{width:.1f}%"
        bar = f'<div class="track"><div class="bar" style="{style}"></div></div>'
    state = "" if row["state"] == "done" else f'<span class="bad">{escape(row["state"])}</span>'
    return f'<tr>{cells}<td>{when}</td><td class="text">{bar}{state}</td></tr>'


def _failed(failed: list[list[str]], number: int) -> str:
    if not failed:
        return ""
    rows = "".join(
        f'<tr><td class="text">{escape(place)}</td><td class="text">{escape(reason)}</td></tr>'
        for place, reason in failed
    )
    return (
        f"<h2>Files that could not be copied: {len(failed)} of {number}</h2><table><thead><tr>"
        f'<th class="text">path</th><th class="text">reason</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _kept(report: dict[str, Any]) -> str:
    if "kept" not in report:
        return ""
    names = sorted({*report["kept"], *report["not_kept"]})
    numbers = "".join(
        f'<tr><td class="text">{name}</td><td>{report["kept"].get(name, 0):,}</td>'
        f"<td>{report['not_kept'].get(name, 0):,}</td></tr>"
        for name in names
    )
    rows = "".join(
        "<tr>"
        + "".join(f'<td class="text">{escape(one[name])}</td>' for name in ("path", "attribute", "error"))
        + "</tr>"
        for one in report.get("not_kept_paths", ())
    )
    return (
        '<h2>Attributes</h2><table><thead><tr><th class="text">attribute</th><th>set</th>'
        f"<th>could not be kept</th></tr></thead><tbody>{numbers}</tbody></table>"
        + (
            '<h2>Attributes that could not be kept</h2><table><thead><tr><th class="text">path</th>'
            '<th class="text">attribute</th><th class="text">reason</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>"
            if rows
            else ""
        )
    )


def _size(number: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if number < 1024 or unit == "TiB":
            break
        number /= 1024
    return f"{number:,.0f} {unit}" if unit == "B" else f"{number:,.1f} {unit}"
