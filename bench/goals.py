"""What is to be reached: a multiple of the machine's yardstick, or a bare number where the row is a ratio or a count already."""

from typing import Literal

from bench.yardstick import Yardstick

Measure = Literal["loop", "commit", ""]
MOST: dict[str, tuple[float, Measure]] = {}
"""Row → no more than this many loops or commits, or than this."""
LEAST: dict[str, tuple[float, Measure]] = {
    "publish: ours / bare producer": (1, ""),
}
"""Row → no less than this many in the time of a loop or commit, or than this."""


def told(name: str, value: float, ours: Yardstick) -> str:
    """«≤ 1.5 loops: reached», "" where there is no goal."""
    for goals, sign in ((MOST, "≤"), (LEAST, "≥")):
        if name not in goals:
            continue
        limit, measure = goals[name]
        unit = {"loop": ours.loop, "commit": ours.commit, "": 1.0}[measure]
        of = f" {measure}s" if measure else ""
        reached = value <= limit * unit if sign == "≤" else value >= limit / unit * (1000 if measure else 1)
        return f"{sign} {limit:g}{of}: {'reached' if reached else 'missed'}"
    return ""
