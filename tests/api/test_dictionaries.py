"""Federal dictionaries: what comes with Denta, what is loaded from official files, and the search in them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregates.federal_dictionaries import MKB_10
from services.cli.dictionary_files import named, official
from services.process.operator_error import OperatorError
from tests.api.world import Browser, World, rows

SEARCH = f"/api/dictionaries/{MKB_10}/search"
HEADING = "ID;REC_CODE;MKB_CODE;MKB_NAME;ID_PARENT;ADDL_CODE;ACTUAL;DATE\n"
ENTRIES = """1;11;"K00-K93";"БОЛЕЗНИ ОРГАНОВ ПИЩЕВАРЕНИЯ";;;1;
2;"1101K04";"K04";"Болезни пульпы";1;;1;
3;"1101K040";"K04.0";"Пульпит";2;;1;
4;"1101K049";"K04.9";"Старая болезнь пульпы";2;;0;
5;"0101A000";"A00.0";"Холера; биовар";;;1;
"""


def codes(browser: Browser, query: str, **more: str) -> list[str]:
    return [item["code"] for item in rows(browser.get_ok(SEARCH, q=query, **more))]


def test_dental_codes_are_there_from_the_start(administrator: Browser) -> None:
    assert codes(administrator, "K04.0")[0] == "K04.0"
    assert "K02.1" in codes(administrator, "кариес дентина")
    assert {code[:3] for code in codes(administrator, "k", limit="200")} >= {f"K{number:02}" for number in range(15)}
    assert rows(administrator.get_ok("/api/dictionaries"))[0]["current"]


def test_an_official_file_is_a_version_of_its_own(world: World, administrator: Browser, tmp_path: Path) -> None:
    file = tmp_path / f"{MKB_10}_2.27.csv"
    file.write_text("\ufeff" + HEADING + ENTRIES, encoding="utf-8")
    oid, number = named(file)
    assert (oid, number) == (MKB_10, "2.27")
    loaded = official(file, MKB_10, "2.27", "МКБ-10", datetime.now(UTC))
    assert world.denta.dictionaries.load(*loaded) == 5
    assert world.denta.dictionaries.load(*loaded) is None

    current = {version["version"]: version["current"] for version in rows(administrator.get_ok("/api/dictionaries"))}
    assert current == {"2.27": True, "0": False}
    assert codes(administrator, "пульп") == ["K04", "K04.0", "K04.9"]
    assert [item["actual"] for item in rows(administrator.get_ok(SEARCH, q="пульп"))] == [True, True, False]
    assert codes(administrator, "холера биовар") == ["A00.0"]
    assert "K02.1" in codes(administrator, "кариес дентина", version="0")

    file.write_text(HEADING + ENTRIES.replace("Пульпит", "Иное"), encoding="utf-8")
    other = official(file, MKB_10, "2.27", "МКБ-10", datetime.now(UTC))
    with pytest.raises(Exception, match="dictionary_version_differs") as refused:
        world.denta.dictionaries.load(*other)
    assert "уже загружена" in refused.value.sentence  # type: ignore[attr-defined]  # a DomainError


@pytest.mark.parametrize("query", ["к02.1", "К02.1", "л02.1", "rfhbtc ltynbyf", "К02.1 кариес", "к02 1"])
def test_a_code_is_found_with_the_other_keyboard_on(administrator: Browser, query: str) -> None:
    assert codes(administrator, query, version="0") == ["K02.1"]
    assert codes(administrator, "R02.1", version="0") == []  # К is on its key


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEADING, "нет ни одной записи"),
        (HEADING + ";;;;;;;\n", "нет ни одной записи"),
        (HEADING + f"1;1;A00;{'x' * 200_000};;;1;\n", "не CSV"),
        (None, "Не удалось прочитать"),
    ],
)
def test_a_file_without_a_dictionary_is_reported_in_one_line(tmp_path: Path, content: str | None, message: str) -> None:
    """Loaded without entries it would be the current version, by which no code is right."""
    file = tmp_path / f"{MKB_10}_3.csv"
    if content is None:
        file.mkdir()
    else:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(OperatorError, match=message):
        official(file, MKB_10, "3", "", datetime.now(UTC))


def test_what_is_no_oid_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mkb.csv"
    file.write_text(HEADING + ENTRIES.replace("Холера", "Холе\0ра"), encoding="utf-8")
    with pytest.raises(OperatorError, match="не OID"):
        official(file, "МКБ-10", "3", "", datetime.now(UTC))
    assert official(file, MKB_10, "3", "", datetime.now(UTC))[1][-1].name == "Холера; биовар"


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("a;b\n1;2\n", encoding="utf-8")
    assert named(file) == (None, None)
    with pytest.raises(OperatorError, match="столбцов"):
        official(file, "1.2", "1", "", datetime.now(UTC))
    file.write_bytes("КОД;NAME".encode("cp1251"))
    with pytest.raises(OperatorError, match="UTF-8"):
        official(file, "1.2", "1", "", datetime.now(UTC))


def test_an_unknown_dictionary_or_version_is_reported(administrator: Browser) -> None:
    for url in ("/api/dictionaries/1.2.3/search", f"{SEARCH}?version=99"):
        assert administrator.get(url).status_code == 404
