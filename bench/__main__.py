"""`python -m bench [part …]`: run what is measured, print it with the facts of the machine, write docs/benchmarks.md.

A part is a module of this folder with `run(database_url) -> [(name, value, unit), …]`; each gets a new database on a private
server that is configured as the product's. Ratios count, taken in one run; absolute numbers belong to the machine, of which a
yardstick tells before and after each part. Goals (`bench/goals.py`) are multiples of it, or of a peer in the same run.
"""

import importlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from bench import yardstick
from bench.goals import GOALS
from gateways.embedded_postgres import EmbeddedPostgres

FOLDER = Path(__file__).parent
RESULTS = FOLDER.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- results: {} -->", "<!-- end: {} -->"
Row = tuple[str, float, str]


def main(selected: Sequence[str]) -> None:
    parts = [path.stem for path in sorted(FOLDER.glob("*.py")) if re.search(r"^def run\(", path.read_text(), re.MULTILINE)]
    if unknown := [name for name in selected if name not in parts]:
        sys.exit(f"Измерения «{unknown[0]}» нет. Есть: {', '.join(parts)}.")
    verdicts: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="denta-bench-") as folder, EmbeddedPostgres(Path(folder) / "postgres") as server:
        for part in selected or parts:
            print(f"{part} …", flush=True)
            began = time.monotonic()
            before = yardstick.reading(server.database_url("postgres"))
            rows = measure(server, part)
            ours = yardstick.between(before, yardstick.reading(server.database_url("postgres")))
            values = {name: value for name, value, _ in rows}
            table = [
                (name, shown(value), unit, GOALS[name].verdict(value, ours, values) if name in GOALS else "")
                for name, value, unit in rows
            ]
            verdicts |= {name: goal for name, _, _, goal in table if goal}
            note(part, table, ours, time.monotonic() - began)
            print(f"  {ours}")
            for name, value, unit, goal in table:
                print(f"  {name:<70} {value:>12} {unit:<10} {goal}".rstrip(), flush=True)
    shutil.rmtree(server.home, ignore_errors=True)  # as root it lies outside of the folder
    missed = [name for name, verdict in verdicts.items() if verdict.endswith("missed")]
    print(f"goals: {len(verdicts) - len(missed)} reached, {len(missed)} missed", *missed, sep="\n  ")
    if not selected and (unmet := GOALS.keys() - verdicts.keys()):
        sys.exit(f"goals of rows that nothing measures: {', '.join(sorted(unmet))}")


def measure(server: EmbeddedPostgres, part: str) -> list[Row]:
    name = f"bench_{part}"
    with psycopg.connect(server.database_url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            return list(importlib.import_module(f"bench.{part}").run(server.database_url(name)))
        finally:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def note(part: str, rows: Sequence[tuple[str, str, str, str]], ours: yardstick.Yardstick, seconds: float) -> None:
    """Put a part's results into the document; what is written around them stays."""
    lines = [
        BEGIN.format(part),
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {facts()}; {ours}; took {seconds:.0f} s.",
        "",
        "| measured | value | | goal |",
        "|---|--:|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
        END.format(part),
    ]
    text = RESULTS.read_text() if RESULTS.exists() else "# Benchmarks\n\n`make bench` writes the tables; ratios are of one run.\n"
    block = "\n".join(lines)
    pattern = re.compile(f"{re.escape(BEGIN.format(part))}.*?{re.escape(END.format(part))}", re.DOTALL)
    text = pattern.sub(lambda _: block, text) if pattern.search(text) else f"{text.rstrip()}\n\n## {part}\n\n{block}\n"
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text)


def facts() -> str:
    """The machine: processors, memory, load before, versions."""
    processor = next((line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=FOLDER, capture_output=True, text=True, check=False)
    return (
        f"{os.cpu_count()} × {processor}, {memory / 2**20:.0f} GB, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, commit {commit.stdout.strip() or '?'}"
    )


def shown(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:.3g}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


if __name__ == "__main__":
    main(sys.argv[1:])
