"""The test server of a cash register as a program: its command line, and the settings by which Denta finds it."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from services.test_servers.local_port import LOCAL, free_port

LOGIN, PASSWORD, GROUP, INN = "denta-demo", "denta-demo", "demo", "7707083893"


@dataclass(frozen=True)
class RegisterBeside:
    """One to be started beside a demonstration. `file`: where its receipts are kept."""

    file: Path
    port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        return f"http://{LOCAL}:{self.port}"

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "services.test_servers.register_beside", str(self.port), str(self.file)]

    @property
    def settings(self) -> dict[str, str]:
        """Environment variables for `gateways/atol_settings.py`."""
        return {
            "DENTA_FISCAL": f"{self.address}/possystem/v5",
            "DENTA_FISCAL_LOGIN": LOGIN,
            "DENTA_FISCAL_PASSWORD": PASSWORD,
            "DENTA_FISCAL_GROUP": GROUP,
            "DENTA_FISCAL_INN": INN,
            "DENTA_FISCAL_TAXATION": "usn_income",
            "DENTA_FISCAL_EMAIL": "clinic@denta.demo",
            "DENTA_FISCAL_PLACE": "https://denta.demo",
        }


def main() -> None:
    """Serve until stopped: `python -m services.test_servers.register_beside PORT FILE`."""
    import uvicorn

    from services.test_servers.atol_online import Register, server

    port, file = sys.argv[1:]
    register = Register(LOGIN, PASSWORD, GROUP, INN, Path(file))
    uvicorn.run(server(register), host=LOCAL, port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
