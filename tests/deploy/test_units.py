"""The units of systemd and the proxy before them: they parse, name what is there, and shut the program in."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

from services.cli.__main__ import build

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
SYSTEMD = DEPLOY / "systemd"
SERVICES = sorted(path.name for path in SYSTEMD.glob("*.service"))
MOST_EXPOSED = 1.5
"""By `systemd-analyze security`, of 10. A service without any hardening has 9.6."""
UNPACKED = ROOT / ".venv" / "caddy" / "usr" / "bin" / "caddy"
CADDY = shutil.which("caddy") or (str(UNPACKED) if UNPACKED.exists() else None)
analyzed = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze isn't on this machine: the units were only read"
)
SHUT = {
    "User": "denta",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "MemoryDenyWriteExecute": "yes",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    "SystemCallFilter": "@system-service ~@privileged",
    "UMask": "0077",
    "Restart": "always",
}


def settings(unit: str) -> dict[str, str]:
    """Of a unit; those that come more than once are joined."""
    found: dict[str, list[str]] = {}
    for line in (SYSTEMD / unit).read_text().splitlines():
        if match := re.fullmatch(r"(\w+)=(.*)", line):
            found.setdefault(match[1], []).append(match[2])
    return {name: " ".join(values) for name, values in found.items()}


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """As on a machine where this checkout lies in /opt/denta."""
    made = []
    for path in (*SYSTEMD.glob("*.service"), *SYSTEMD.glob("*.target")):
        made.append(tmp_path / path.name)
        made[-1].write_text(path.read_text().replace("/opt/denta", str(ROOT)))
    return made


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"}
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


@analyzed
def test_systemd_finds_no_fault_in_the_units(units: list[Path]) -> None:
    assert run("systemd-analyze", "verify", "--man=no", *units).stderr == ""
    units[0].write_text(units[0].read_text().replace("ProtectSystem=strict", "ProtectSystem=sometimes"))
    assert "sometimes" in run("systemd-analyze", "verify", "--man=no", *units).stderr


@analyzed
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_exposed_to_little(units: list[Path], name: str) -> None:
    (unit,) = [unit for unit in units if unit.name == name]
    judged = run("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED * 10:.0f}", unit)
    assert judged.returncode == 0, judged.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_no_more_than_it_needs(name: str) -> None:
    found = settings(name)
    assert {key: found.get(key) for key in SHUT} == SHUT
    assert {"MemoryMax", "TasksMax", "TimeoutStopSec", "LoadCredential"} <= found.keys()
    assert re.search(r"(PASSWORD|TOKEN|SECRET)=", (SYSTEMD / name).read_text()) is None
    for variable, file in re.findall(r"(\w+)_FILE=%d/(\w+)", found["Environment"]):
        assert f"{file}:/etc/denta/{file}" in found["LoadCredential"].split(), variable


def test_services_belong_to_the_target() -> None:
    assert sorted(settings("denta.target")["Wants"].split()) == SERVICES
    assert {settings(name)["PartOf"] for name in SERVICES} == {"denta.target"}


@pytest.mark.spec("OPS-6")
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_a_command_that_there_is(name: str) -> None:
    program, command, *options = settings(name)["ExecStart"].split()
    assert program == "/opt/denta/.venv/bin/denta"
    known = typer.main.get_command(build()).commands[command]
    assert {option for option in options if option.startswith("--")} <= {text for p in known.params for text in p.opts}


def test_every_setting_is_read_by_somebody() -> None:
    """By the program, or by the proxy's own file."""
    named = {
        setting
        for file in (DEPLOY / "compose.yaml", *SYSTEMD.iterdir())
        for setting in re.findall(r"\b(DENTA_\w+)[=:] ?", file.read_text())
    }
    readers = [DEPLOY / "Caddyfile", *(ROOT / "services").rglob("*.py"), *(ROOT / "gateways").rglob("*.py")]
    text = "\n".join(file.read_text() for file in readers)
    secrets = {name for name in named if name.endswith("_FILE") and f'secret("{name.removesuffix("_FILE")}")' in text}
    assert {name for name in named - secrets - {"DENTA_VERSION"} if name not in text} == set()


@pytest.mark.skipif(CADDY is None, reason="Caddy isn't on this machine: its file was not read by itself")
@pytest.mark.parametrize("tls", ["internal", "admin@clinic.example"])
def test_the_proxy_understands_its_file(tls: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DENTA_HOST": "denta.clinic.example", "DENTA_TLS": tls, "HOME": str(tmp_path)}
    command = [str(CADDY), "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"]
    judged = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stderr
