"""What is installed is locked: exact versions with hashes, tools on top of the same libraries, no registry named."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_each_pin_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert pins(lock)
    for block in re.split(r"\n(?=\S)", text):
        if not block.startswith("#"):
            assert re.match(r"[A-Za-z0-9._-]+(\[[^\]]*\])?==\S+ (; [^\\]+)?\\\n    --hash=sha256:[0-9a-f]{64}", block), block[:80]


@pytest.mark.parametrize("lock", [*LOCKS, "web/package-lock.json"])
def test_no_registry_is_named(lock: str) -> None:
    assert re.findall(r"--index-url|--extra-index-url|--find-links|\"resolved\"", (ROOT / lock).read_text()) == []


def test_tools_stand_on_the_same_libraries() -> None:
    runtime, tools = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: tools.get(name) for name in runtime} == runtime
