"""The clinic on one machine by Docker: right by the compose specification, and every part with no more than it needs.

Docker itself is asked for nothing here; what the images are built by (`scripts/setup.py`) is what every checkout is set up by.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()


def faults(file: Path) -> str:
    """What the compose specification's JSON schema says against a file; it comes with check-jsonschema."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", file]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_it_is_a_compose_file(tmp_path: Path) -> None:
    assert faults(DEPLOY / "compose.yaml").startswith("ok")
    wrong = tmp_path / "compose.yaml"
    wrong.write_text((DEPLOY / "compose.yaml").read_text().replace("healthcheck:", "health:"))
    assert "health" in faults(wrong)


@pytest.mark.parametrize("name", SERVICES)
def test_every_part_is_watched_restarted_and_shut_in(name: str) -> None:
    service = SERVICES[name]
    limits = service["deploy"]["resources"]["limits"]
    assert service["restart"] == "unless-stopped"
    assert {"test", "interval", "timeout", "retries"} <= service["healthcheck"].keys()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert str(service["user"]).split(":")[0] not in {"0", "root"}
    assert limits.keys() == {"cpus", "memory", "pids"}
    assert not service.keys() & {"privileged", "cap_add", "network_mode", "pid", "devices"}
    assert not [mount for mount in service.get("volumes", ()) if not re.match(r"\w+:/", mount)], "no folder of the machine"


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_an_environment(name: str) -> None:
    environment = SERVICES[name].get("environment", {})
    assert [key for key in environment if re.search("PASSWORD|TOKEN|SECRET|KEY", key) and not key.endswith("_FILE")] == []
    files = {value for key, value in environment.items() if key.endswith("_FILE")}
    assert files == {f"/run/secrets/{secret}" for secret in SERVICES[name].get("secrets", ())}


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    outside = {name for name, network in COMPOSE["networks"].items() if not network.get("internal")}
    assert {name for name, service in SERVICES.items() if outside & {*service["networks"]}} == {"proxy"}


def test_the_api_believes_the_proxy_and_nobody_else() -> None:
    trusted = SERVICES["api"]["environment"]["DENTA_TRUSTED_PROXIES"]
    assert trusted == SERVICES["proxy"]["networks"]["front"]["ipv4_address"]


def test_images_have_a_version_and_come_from_no_named_registry() -> None:
    images = [service["image"] for service in SERVICES.values()] + re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert [image for image in images if re.search(r"^[^/]*[.:][^/]*/", image)] == []
    own = re.compile(r"denta(-proxy)?:\$\{DENTA_VERSION:-latest\}")
    assert [image for image in images if not own.fullmatch(image) and not re.search(r":\d", image)] == []


def test_the_image_holds_the_program_and_its_libraries_by_their_locks() -> None:
    packages = [folder.parent.name for folder in ROOT.glob("*/__init__.py")]
    final = DOCKERFILE.split(" AS denta\n")[1]
    assert [name for name in packages if f"/opt/denta/{name} /opt/denta/{name}\n" not in final] == []
    assert "RUN python scripts/setup.py runtime web" in DOCKERFILE
    assert re.search(r"pip install|npm |curl |wget |apt-get", DOCKERFILE) is None
    assert [int(user) for user in re.findall(r"^USER (\d+):\d+$", DOCKERFILE, re.MULTILINE)] == [10001, 10002]
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split("\n")
    copied = {name for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()}
    assert copied <= {line.removeprefix("!") for line in ignored if line.startswith("!")}
