"""Writes the API's description to a file, from which the front end's types are generated: `denta openapi`."""

import json
import sys
from pathlib import Path

from services.api.openapi import describe

TARGET = Path(__file__).resolve().parents[2] / "web" / "openapi.json"


def text() -> str:
    """The description in a canonical form: an unchanged API gives an unchanged file."""
    return json.dumps(describe(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write(target: Path) -> Path:
    target.write_text(text(), encoding="utf-8")
    return target


if __name__ == "__main__":
    print(f"written: {write(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)}")
