"""`denta serve` as a process of a test."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from tests.small_disk import SmallDisk

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0
"""Seconds for what takes one or two on an idle machine."""


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"not within {PATIENCE} s: {what}"
        time.sleep(0.02)


class Serving:
    """One `denta serve` of a test, in a process group of its own as a terminal gives it."""

    def __init__(
        self,
        data: Path,
        *options: str,
        demo: bool = False,
        on: SmallDisk | None = None,
        out: BinaryIO | None = None,
        logs: BinaryIO | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`on`: the disk of its database. `out`, `logs`: where what it says and its log lines go, else to `ended`."""
        command = [sys.executable, "-m", "services.cli", "serve", "--port", "0", "--data", str(data), *options]
        command += [] if demo else ["--no-demo"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DENTA_")} | dict(settings)
        self.process = subprocess.Popen(
            on.command(*command) if on else command,
            cwd=ROOT,
            env=environment,
            stdout=out or subprocess.PIPE,
            stderr=logs or subprocess.PIPE,
            text=True,
            process_group=0,
        )
        self.data = data
        self.address = ""

    def up(self) -> "Serving":
        """Wait until it says its address."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.match(r"Denta работает: (http://127\.0\.0\.1:\d+)$", line):
                self.address = found[1]
                return self
        raise AssertionError(self.process.communicate())

    def ended(self) -> tuple[int, str, str]:
        """Its exit status and what it said to the end."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err

    def get(self, path: str) -> tuple[int, dict[str, object]]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:  # noqa: S310  our own address
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)

    @property
    def is_ready(self) -> bool:
        return self.get("/ready")[0] == 200
