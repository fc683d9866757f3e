"""Histories and the journal from the terminal of the server."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from commands.scheduling.visit import change_visit
from services.cli.__main__ import build
from services.process.operator_error import OperatorError
from tests.aggregates.scenario import MON, TUE, at
from tests.readmodels.conftest import Story


@pytest.fixture
def denta(story: Story, monkeypatch: pytest.MonkeyPatch) -> "Denta":
    monkeypatch.setenv("DENTA_DATABASE_URL", story.denta.database.url)
    return Denta(story)


class Denta:
    def __init__(self, story: Story) -> None:
        self._story = story

    def __call__(self, *arguments: str) -> Result:
        assert self._story.read
        result = CliRunner().invoke(build(), list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


@pytest.mark.spec("AUD-3")
def test_an_objects_history_is_shown_in_order(story: Story, denta: Denta) -> None:
    anna = story.doctor("Ильина", "Анна")
    visit = story.visit(story.patient("Петров"), anna, MON, "10:00", "10:40")
    story.do(change_visit, visit, starts_at=at(TUE, "12:00"))

    lines = denta("history", "visit/1").stdout.splitlines()
    assert lines[0].endswith("Белова Ольга\tВизит № 1 (Петров) записан на 23.11.2026 10:00")
    assert "\tВрач: – → Ильина Анна" in lines
    assert lines[-1] == "\tВремя: 23.11.2026 10:00–10:40 → 24.11.2026 12:00–12:40"


@pytest.mark.spec("AUD-3")
def test_the_state_at_a_version_or_a_moment_is_shown_by_labels(story: Story, denta: Denta) -> None:
    visit = story.visit(story.patient("Петров"), None, MON, "10:00", "10:40")
    story.do(change_visit, visit, starts_at=at(TUE, "12:00"))

    output = denta("history", f"visit/{visit}", "--at", "1").stdout
    assert output.startswith("Визит № 1 (Петров), версия 1 из 2\n")
    assert "  Время: 23.11.2026 10:00–10:40\n" in output
    assert "  Время: 24.11.2026 12:00–12:40\n" in denta("history", str(visit), "--at", "31.12.2099 10:00").stdout


@pytest.mark.spec("AUD-3")
def test_a_moment_as_the_history_prints_it_finds_the_version_beside_it(story: Story, denta: Denta) -> None:
    visit = story.visit(story.patient("Петров"), None, MON, "10:00", "10:40")
    story.do(change_visit, visit, starts_at=at(TUE, "12:00"))

    for line in denta("history", "visit/1").stdout.splitlines():
        if not line.startswith("\t"):
            version, moment, *_ = line.split("\t")
            state = denta("history", "visit/1", "--at", moment).stdout
            assert f"\n{moment}, " in state
            assert state.startswith(f"Визит № 1 (Петров), версия {version} из 2\n") or "версия 2 из 2" in state  # of one second


def test_an_object_is_named_by_its_number_or_by_words(story: Story, denta: Denta) -> None:
    story.patient("Кротов", "Пётр", card_number="404")
    other = story.patient("Кротов", "Иван", card_number="405")

    assert "Карта пациента № 404 (Кротов Пётр) создана" in denta("history", "patient/404").stdout
    assert "Карта пациента № 405 (Кротов Иван) создана" in denta("history", "кротов иван").stdout
    several = denta("history", "Кротов")
    assert several.exit_code == 1
    assert f"patient/{other}\tКарта пациента № 405 (Кротов Иван)\n" in several.stdout


@pytest.mark.parametrize("arguments", [["visit/99"], ["что-то"], ["schedule", "--at", "вчера"]])
def test_what_cant_be_found_is_one_clear_line(denta: Denta, arguments: list[str]) -> None:
    with pytest.raises(OperatorError) as refused:
        denta("history", *arguments)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("arguments", [["history", "visit/1"], ["journal", "export"]])
def test_read_models_never_built_are_reported_in_one_line(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str]
) -> None:
    monkeypatch.setenv("DENTA_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(build(), arguments)
    assert isinstance(result.exception, OperatorError)
    assert "denta projections rebuild" in str(result.exception)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.spec("AUD-1")
def test_the_journal_is_written_as_a_workbook(story: Story, denta: Denta, tmp_path: Path) -> None:
    story.patient("Петров")
    story.patient("Смирнова")
    file = tmp_path / "journal.xlsx"

    assert denta("journal", "export", str(file), "--kind", "patient_created", "--query", "петров").stdout.startswith("Записей: 1")
    assert [row[4].value for row in load_workbook(file).active.iter_rows(min_row=2)] == ["Новый пациент"]
    assert list(tmp_path.iterdir()) == [file]
    for wrong in (
        ["--kind", "dance"],
        ["--from", "20.11.2026", "--to", "2026-11-19"],
        [str(tmp_path / "nowhere" / "journal.xlsx")],
    ):
        with pytest.raises(OperatorError):
            denta("journal", "export", *wrong)
