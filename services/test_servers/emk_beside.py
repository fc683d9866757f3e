"""The test registry as a program, and what a demonstration that starts it beside itself has to know."""

import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

from services.test_servers.local_port import LOCAL, free_port

GUID, ORGANISATION = "00000000-0000-4000-8000-00000000de01", "00000000-0000-4000-8000-00000000de02"
"""Of the demonstration: what the operator issues."""


@dataclass(frozen=True)
class RegistryBeside:
    """One to be started beside a demonstration. `file`: where it keeps what it takes."""

    file: Path
    port: int = field(default_factory=free_port)
    guid: str = GUID
    organisation: str = ORGANISATION

    @property
    def page(self) -> str:
        return f"http://{LOCAL}:{self.port}"

    @property
    def address(self) -> str:
        """For the connection: without the services' names."""
        return f"{self.page}/emk"

    @property
    def command(self) -> list[str]:
        given = ["--port", str(self.port), "--file", str(self.file), "--guid", self.guid, "--organisation", self.organisation]
        return [sys.executable, "-m", "services.cli", "registry-stand", *given]


def run(file: Path, port: int, guid: str, organisation: str) -> None:
    """Serve on this machine until stopped; prints the address once it answers. OSError of a port that is in use."""
    import uvicorn

    from services.test_servers.emk_registry import EmkRegistry
    from services.test_servers.emk_server import CuttingProtocol, server

    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOCAL, port))
        listener.listen(128)
        registry = EmkRegistry(guid, organisation, file)
        print(f"Тестовый регистр: http://{LOCAL}:{listener.getsockname()[1]}", flush=True)
        config = uvicorn.Config(server(registry), http=CuttingProtocol, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])
