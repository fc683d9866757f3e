"""A run: part after part between two readings of the yardstick, its table printed and written into docs/benchmarks.md."""

import importlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from bench import goals, yardstick
from bench.sizes import QUICK
from gateways.embedded_postgres import EmbeddedPostgres

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- results: {} -->", "<!-- end: {} -->"
Row = tuple[str, float, str]
Line = tuple[str, str, str, str]
"""Of a table: name, value, unit, the goal with its verdict."""


def measure_each(parts: Sequence[str]) -> None:
    """SystemExit when a part has failed, after the others."""
    verdicts: list[tuple[str, str]] = []
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="denta-bench-") as folder, EmbeddedPostgres(Path(folder) / "postgres") as server:
        for part in parts:
            print(f"{part} …", flush=True)
            try:
                verdicts += measured(server, part)
            except Exception:
                traceback.print_exc()
                failed.append(part)
    shutil.rmtree(server.home, ignore_errors=True)  # as root it lies outside of the folder
    if not QUICK:
        missed = [name for name, verdict in verdicts if verdict.endswith("missed")]
        print(f"goals: {len(verdicts) - len(missed)} reached, {len(missed)} missed", *missed, sep="\n  ")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def measured(server: EmbeddedPostgres, part: str) -> list[tuple[str, str]]:
    """Measure a part, print its table, and write it into the document unless quick; its goals with their verdicts."""
    began = time.monotonic()
    before = yardstick.reading(server.database_url("postgres"))
    rows = measure(server, part)
    ours = yardstick.between(before, yardstick.reading(server.database_url("postgres")))
    verdicts = {} if QUICK else goals.verdicts(part, rows, ours)
    table = [(name, shown(value), unit, verdicts.get(name, "")) for name, value, unit in rows]
    if not QUICK:
        note(part, table, ours, time.monotonic() - began)
    print(f"  {ours}")
    for name, value, unit, goal in table:
        print(f"  {name:<70} {value:>12} {unit:<10} {goal}".rstrip(), flush=True)
    return list(verdicts.items())


def measure(server: EmbeddedPostgres, part: str) -> list[Row]:
    """A part's rows, from a database of its own."""
    name = f"bench_{part}"
    with psycopg.connect(server.database_url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            return rows_of(part, server.database_url(name))
        finally:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def rows_of(part: str, database_url: str) -> list[Row]:
    """LookupError when a goal of the part is of a row that isn't there."""
    rows: list[Row] = importlib.import_module(f"bench.{part}").run(database_url)
    goals.require_rows(part, [name for name, _, _ in rows])
    return rows


def note(part: str, rows: Sequence[Line], ours: yardstick.Yardstick, seconds: float) -> None:
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
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return (
        f"{os.cpu_count()} × {processor}, {memory / 2**20:.0f} GB, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, commit {commit.stdout.strip() or '?'}"
    )


def shown(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:.3g}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
