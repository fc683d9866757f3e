"""What operators and supervisors ask, and what happens when the database goes away."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from services.api import health
from services.api.app import create_app
from tests.api.world import METRICS_TOKEN, Browser, World, eventually, new_visit, rows, serving


@pytest.mark.spec("OPS-7")
def test_the_process_is_alive_and_ready(world: World, anonymous: Browser) -> None:
    assert anonymous.get_ok("/health") == {"status": "ok"}
    ready = eventually(lambda: (found := anonymous.get("/ready")).status_code == 200 and found.json())
    assert ready["database"] is True
    assert {projection["status"] for projection in ready["projections"]} == {"running"}
    assert "calendar" in {projection["name"] for projection in ready["projections"]}
    assert {"name": "pruning", "status": "new", "behind": 0} in ready["work"]


@pytest.mark.spec("OPS-7")
def test_background_work_that_has_stopped_is_named_and_keeps_nobody_from_working(world: World, anonymous: Browser) -> None:
    with psycopg.connect(world.denta.database.url, autocommit=True) as connection:
        connection.execute("INSERT INTO background_work (name, kind, status, failures) VALUES ('pruning', 'job', 'stopped', 7)")
        ready = eventually(lambda: (found := anonymous.get("/ready")).status_code == 200 and found.json())
        text = anonymous.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}).text
        connection.execute("DELETE FROM background_work")
    assert {"name": "pruning", "status": "stopped", "behind": 0} in ready["work"]
    assert 'denta_work_running{work="pruning"} 0.0' in text
    assert 'denta_work_failures_total{work="pruning"} 7.0' in text


@pytest.mark.spec("OPS-7", "SEC-5")
def test_metrics_tell_requests_by_template_appends_and_lags(world: World, receptionist: Browser) -> None:
    receptionist.do("POST", "/api/visits", new_visit(world, start="14:00", end="14:20"), expect=201)
    receptionist.get("/api/patients/search?q=Иванова")
    text = receptionist.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}).text
    assert 'denta_http_request_seconds_count{method="POST",route="/api/visits",status="201"} 1.0' in text
    assert 'route="/api/patients/search"' in text
    assert re.search(r"denta_append_seconds_count [1-9]", text)
    assert 'denta_projection_lag_positions{projection="calendar"}' in text
    assert 'denta_projection_running{projection="journal"} 1.0' in text
    assert "denta_database_up 1.0" in text
    assert "Иванова" not in text
    assert str(world.patient) not in text


@pytest.mark.spec("OPS-7", "SEC-1")
def test_metrics_are_for_who_has_the_token_wherever_they_ask_from(world: World) -> None:
    """A proxy of this machine that says of nobody where they come from would open them to everybody."""
    with serving(create_app(world.denta, metrics_token="let me in")) as origin, Browser(world.app, origin) as browser:
        assert browser.get("/metrics").json()["code"] == "metrics_token_required"
        assert browser.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
        assert browser.get("/metrics", headers={"Authorization": "Bearer let me in"}).status_code == 200
    for token in (None, ""):
        with serving(create_app(world.denta, metrics_token=token)) as origin, Browser(world.app, origin) as browser:
            for given in ("Bearer None", "Bearer", "None"):
                assert browser.get("/metrics", headers={"Authorization": given}).status_code == 403


@contextmanager
def outage(world: World) -> Iterator[None]:
    """Nobody can connect to the database, and who was connected isn't any more."""
    url = world.denta.database.url
    name = str(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@pytest.mark.spec("OPS-4")
def test_without_the_database_requests_are_refused_and_afterwards_go_on_by_themselves(
    world: World, receptionist: Browser, anonymous: Browser
) -> None:
    booked = receptionist.do("POST", "/api/visits", new_visit(world, start="15:00", end="15:20"), expect=201)
    with outage(world):
        for method, path in (("GET", "/api/me"), ("GET", "/api/calendar"), ("POST", "/api/visits")):
            refused = receptionist.request(method, path, json={} if method == "POST" else None)
            assert (refused.status_code, refused.json()["code"]) == (503, "database_unavailable")
            assert refused.headers["retry-after"] == "1"
        signing_in = anonymous.post("/api/session", json={"email": "x@example.org", "password": "x"})
        assert (signing_in.status_code, signing_in.json()["code"]) == (503, "database_unavailable")
        assert anonymous.get("/health").status_code == 200
        assert (anonymous.get("/ready").status_code, anonymous.get("/ready").json()["database"]) == (503, False)
        assert "denta_database_up 0.0" in anonymous.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}).text
    assert receptionist.get(f"/api/visits/{booked['id']}").status_code == 200
    again = receptionist.do("POST", "/api/visits", new_visit(world, start="15:30", end="15:50"), expect=201)
    assert receptionist.get_ok(f"/api/visits/{again['id']}")["number"] == again["number"]


@pytest.mark.spec("OPS-4")
@pytest.mark.thorough
def test_what_a_rebuild_after_an_update_will_bring_is_waited_for(world: World, administrator: Browser) -> None:
    """A table of older code lacks a column that a query asks for."""
    service = rows(administrator.get_ok("/api/services"))[0]
    with psycopg.connect(world.denta.database.url, autocommit=True) as connection:
        ((shape,),) = connection.execute("SELECT shape FROM projections WHERE name = 'services'")
        connection.execute("ALTER TABLE services RENAME online TO online_then")
        try:
            assert administrator.get("/api/services").json()["code"] == "internal_error"
            connection.execute("UPDATE projections SET shape = 'of older code' WHERE name = 'services'")
            refused = administrator.get("/api/services")
            assert (refused.status_code, refused.json()["code"]) == (503, "read_model_outdated")
            assert refused.headers["retry-after"] == "1"
        finally:
            connection.execute("ALTER TABLE services RENAME online_then TO online")
            connection.execute("UPDATE projections SET shape = %s WHERE name = 'services'", (shape,))
    assert rows(administrator.get_ok("/api/services"))[0] == service


@pytest.mark.spec("OPS-7")
def test_a_read_model_that_lags_is_not_ready(world: World, receptionist: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its worker holds the lead and doesn't get on."""
    monkeypatch.setattr(health, "LATE_SECONDS", 0.2)
    with psycopg.connect(world.denta.database.url) as holder:
        holder.execute("SELECT FROM projections WHERE name = 'rights_sets' FOR UPDATE")
        receptionist.do("POST", "/api/visits", new_visit(world, start="17:00", end="17:20"), expect=201)

        def states() -> dict[str, str]:
            return {one["name"]: one["status"] for one in receptionist.get("/ready").json()["projections"]}

        assert eventually(lambda: states()["rights_sets"] == "late")
        assert receptionist.get("/ready").status_code == 503
    assert eventually(lambda: set(states().values()) == {"running"})
