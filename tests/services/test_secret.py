"""Secrets come by files too, as systemd's credentials and Docker's secrets do."""

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from services.process.installation import Installation
from services.process.operator_error import OperatorError
from services.process.secret import secret

URL = "postgresql://denta@db.clinic.test/denta?connect_timeout=3"


def test_the_databases_password_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("о'пять%25 \\пробел\n")
    monkeypatch.setenv("DENTA_DATABASE_URL", URL)
    monkeypatch.setenv("DENTA_DATABASE_PASSWORD_FILE", str(tmp_path / "password"))
    assert conninfo_to_dict(Installation.here().database_url) == {**conninfo_to_dict(URL), "password": "о'пять%25 \\пробел"}


def test_an_address_without_a_file_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DENTA_DATABASE_URL", URL)
    assert Installation.here().database_url == URL


@pytest.mark.parametrize(("content", "line"), [(None, "не читается"), (b"", "пусто"), (b"\n", "пусто"), (b"\xff", "не читается")])
def test_a_file_that_holds_no_secret_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, line: str
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("DENTA_METRICS_TOKEN_FILE", str(file))
    with pytest.raises(OperatorError, match=f"DENTA_METRICS_TOKEN_FILE: .*{file}.*{line}"):
        secret("DENTA_METRICS_TOKEN")
