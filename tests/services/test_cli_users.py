"""`denta users`: who lost access gets it back at the server's terminal."""

import re

import pytest
from typer.testing import CliRunner

from services.cli.__main__ import build
from tests.api.test_profile import enrolled, tried
from tests.api.world import running

RUN = CliRunner()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, database_url: str) -> str:
    monkeypatch.setenv("DENTA_DATABASE_URL", database_url)
    return database_url


def users(*arguments: str, typed: str | None = None) -> str:
    result = RUN.invoke(build(), ["users", *arguments], input=typed)
    assert result.exit_code == 0, result.output
    return result.output


def password_in(output: str) -> str:
    found = re.search(r"пароль (\S+)", output)
    assert found is not None, output
    return found[1]


@pytest.mark.spec("SEC-2", "ACL-7")
def test_a_reset_gives_a_generated_password_and_ends_the_sessions(terminal: str) -> None:
    with running(terminal) as world:
        email = world.users["Врач"]
        with world.browser("Врач") as browser:
            password = password_in(users("reset", email))
            assert browser.get("/api/me").status_code == 401
            browser.sign_in(email, password)
        assert len(set(password)) > 6
        assert password_in(users("reset", email)) != password


@pytest.mark.spec("SEC-2")
def test_a_new_user_signs_in_and_is_listed(terminal: str) -> None:
    with running(terminal) as world:
        password = password_in(users("add", "new@example.org", "--rights", "аудитор", "--family-name", "Новая"))
        with world.browser() as browser:
            browser.sign_in("new@example.org", password)
            assert browser.get_ok("/api/me")["rights_set"]["name"] == "Аудитор"
        assert "new@example.org\tАудитор\tНовая" in users("list")


def test_a_password_can_be_typed_and_is_not_shown(terminal: str) -> None:
    with running(terminal) as world:
        output = users("reset", world.users["Врач"], "--ask", typed="my own choice 7\nmy own choice 7\n")
        assert "my own choice" not in output
        with world.browser() as browser:
            browser.sign_in(world.users["Врач"], "my own choice 7")


def refusal(*arguments: str) -> str:
    result = RUN.invoke(build(), ["users", *arguments])
    assert result.exception is not None
    return str(result.exception)


def test_unknown_users_and_sets_are_refused_in_one_line(terminal: str) -> None:
    with running(terminal):
        assert "nobody@example.org" in refusal("reset", "nobody@example.org")
        assert "Есть: Администратор, Регистратор, Врач, Аудитор" in refusal("add", "x@example.org", "--rights", "Император")


@pytest.mark.spec("ACL-8")
def test_a_lost_second_factor_is_removed_at_the_terminal(terminal: str) -> None:
    """For the last who manages rights nobody else could do it."""
    with running(terminal) as world:
        email = world.users["Администратор"]
        with world.browser("Администратор") as browser:
            enrolled(world, browser)
            assert tried(browser, email) == "second_factor_required"
            users("remove-second-factor", email)
            assert tried(browser, email) == "in"
