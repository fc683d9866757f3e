"""What every answer carries and every log line leaves out."""

import gzip
import socket
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import psycopg
import pytest

from services.api.app import create_app
from services.api.http.website import NONCE
from tests.api.world import Browser, World, eventually, new_visit, serving, written


@pytest.mark.spec("SEC-5")
def test_answers_of_the_api_carry_safe_headers(receptionist: Browser) -> None:
    headers = receptionist.get("/api/me").headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers


@pytest.mark.spec("OPS-7")
def test_the_correlation_id_goes_from_the_request_into_the_events(world: World, receptionist: Browser) -> None:
    answer = receptionist.post(
        "/api/patients", json={"family_name": "Отслеженная"}, headers={"X-Correlation-Id": "trace-0123456789"}
    )
    assert answer.headers["x-correlation-id"] == "trace-0123456789"
    with world.denta.database.connection() as connection:
        metadata = connection.execute("SELECT metadata FROM events WHERE originator_id = %s", (answer.json()["id"],)).fetchone()
    assert metadata is not None
    assert metadata[0]["correlation_id"] == "trace-0123456789"
    assert metadata[0]["command"] == "create_patient"
    assert metadata[0]["address"] == "127.0.0.1"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space in it", "<script>alert</script>"])
def test_a_correlation_id_out_of_shape_is_replaced(receptionist: Browser, given: str) -> None:
    answer = receptionist.get("/api/me", headers={"X-Correlation-Id": given})
    assert answer.headers["x-correlation-id"] != given
    assert len(answer.headers["x-correlation-id"]) == 32


@pytest.mark.spec("OPS-7", "SEC-5")
def test_log_lines_are_json_with_the_route_and_without_what_was_asked(lines: StringIO, world: World) -> None:
    with world.browser("Регистратор") as browser:
        browser.get("/api/patients/search?q=Иванова", headers={"X-Correlation-Id": "trace-of-a-search"})
    line = eventually(lambda: written(lines, correlation_id="trace-of-a-search"))
    assert {key: line[key] for key in ("event", "method", "route", "status", "level")} == {
        "event": "request",
        "method": "GET",
        "route": "/api/patients/search",
        "status": 200,
        "level": "info",
    }
    assert "Иванова" not in lines.getvalue()
    assert "%D0%98" not in lines.getvalue()


@pytest.mark.spec("SEC-5")
def test_an_exception_is_logged_by_type_and_place_without_its_message(
    lines: StringIO, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret: Иванова Мария")

    with world.browser("Регистратор") as browser:
        monkeypatch.setattr(world.app.state.components.principals, "of", broken)
        assert browser.get("/api/me").status_code == 500
    line = eventually(lambda: written(lines, status=500))
    assert line["error"] == "builtins.RuntimeError"
    assert line["where"][-1].endswith("broken")
    assert "secret" not in lines.getvalue()


@pytest.mark.spec("OPS-7")
@pytest.mark.parametrize(
    ("sqlstate", "status", "code"), [("55P03", 503, "database_unavailable"), ("54000", 500, "internal_error")]
)
def test_what_the_database_answered_is_in_the_log_by_its_state_alone(
    lines: StringIO, world: World, sqlstate: str, status: int, code: str
) -> None:
    with psycopg.connect(world.denta.database.url, autocommit=True) as connection, world.browser("Регистратор") as browser:
        connection.execute(f"""CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION USING ERRCODE = '{sqlstate}', MESSAGE = 'Иванова'; END $$;
            CREATE TRIGGER trouble BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION trouble()""")
        try:
            refused = browser.post("/api/visits", json=new_visit(world, start="10:00", end="10:20"))
        finally:
            connection.execute("DROP FUNCTION trouble CASCADE")
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.headers.get("retry-after") == ("1" if status == 503 else None)
    assert eventually(lambda: written(lines, status=status))["sqlstate"] == sqlstate
    assert "Иванова" not in lines.getvalue()


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(f'<!doctype html><meta property="csp-nonce" nonce="{NONCE}">')
    (tmp_path / "assets" / "app-12345678.js").write_text("console.log(1)")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path.parent / "secret.txt").write_text("secret")
    return tmp_path


@pytest.fixture
def visitor(built: Path, world: World) -> Iterator[Browser]:
    """A browser of an application over the same clinic with that website."""
    app = create_app(world.denta, website=built)
    with serving(app) as origin, Browser(app, origin) as browser:
        yield browser


@pytest.mark.spec("SEC-5")
def test_the_page_has_a_strict_policy_with_a_new_nonce_each_time(visitor: Browser) -> None:
    first, second = visitor.get("/"), visitor.get("/calendar?date=2026-11-23")
    policies = [answer.headers["content-security-policy"] for answer in (first, second)]
    nonces = [answer.text.split('nonce="')[1].split('"')[0] for answer in (first, second)]
    assert len(set(nonces)) == 2
    for policy, nonce in zip(policies, nonces, strict=True):
        directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
        assert directives["default-src"] == "'self'"
        assert directives["script-src"] == "'self'"
        assert directives["style-src"] == f"'self' 'nonce-{nonce}'"
        assert directives["frame-ancestors"] == "'none'"
        assert "http" not in policy
    assert first.headers["cache-control"] == "no-cache"


def test_hashed_files_are_cached_by_the_browser_and_others_revalidated(visitor: Browser) -> None:
    script = visitor.get("/assets/app-12345678.js")
    assert (script.status_code, script.text) == (200, "console.log(1)")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["x-content-type-options"] == "nosniff"
    assert visitor.get("/favicon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("gzip;q=0, identity", None), ("", None), ("*", None)],
)
def test_an_asset_comes_in_the_shortest_form_that_the_browser_takes(
    visitor: Browser, built: Path, accepted: str, encoding: str | None
) -> None:
    script = b"console.log('" + b"a" * 5000 + b"')"
    (built / "assets" / "app-12345678.js").write_bytes(script)
    (built / "assets" / "app-12345678.js.gz").write_bytes(gzip.compress(script))
    (built / "assets" / "app-12345678.js.br").write_bytes(b"\x8b\x00\x80brotli\x03")
    with visitor.stream("GET", "/assets/app-12345678.js", headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())
    served = {None: "app-12345678.js", "gzip": "app-12345678.js.gz", "br": "app-12345678.js.br"}[encoding]
    assert raw == (built / "assets" / served).read_bytes()
    assert (answer.headers.get("content-encoding"), answer.headers["vary"]) == (encoding, "accept-encoding")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path", ["/assets/missing.js", "/../secret.txt", "/%2e%2e/secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt"]
)
def test_nothing_else_is_served_as_a_file(visitor: Browser, path: str) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_website_takes_no_changes(visitor: Browser) -> None:
    assert visitor.post("/calendar").status_code == 405


def test_without_a_built_interface_a_page_says_what_to_do(world: World, tmp_path: Path) -> None:
    app = create_app(world.denta, website=tmp_path / "nowhere")
    with serving(app) as origin, Browser(app, origin) as browser:
        answer = browser.get("/calendar")
    assert answer.status_code == 503
    assert "Интерфейс ещё не собран" in answer.text


@pytest.mark.spec("SEC-3")
@pytest.mark.parametrize(
    ("path", "framing", "status"),
    [
        ("/api/patients", "Content-Length: 1900000", 401),
        ("/api/patients", "Transfer-Encoding: chunked", 401),
        ("/api/session", "Content-Length: 100000", 413),
    ],
)
def test_a_stranger_is_refused_before_a_large_body_is_taken(world: World, path: str, framing: str, status: int) -> None:
    host, port = world.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as stranger:
        head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {world.origin}\r\n{framing}\r\n\r\n"
        stranger.sendall(head.encode())
        assert stranger.recv(1000).startswith(f"HTTP/1.1 {status} ".encode())
