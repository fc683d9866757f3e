"""What texts may hold: what is pasted along becomes what it means, and what can't be seen is no text."""

import pytest

from aggregates.values import WrongValue, cleaned, text, without_controls

pytestmark = pytest.mark.spec("UI-8")
BREAKS = ("\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")


@pytest.mark.parametrize("end", BREAKS)
def test_what_ends_a_line_is_a_line_break_in_long_texts_and_a_space_in_short_ones(end: str) -> None:
    written = f"Аллергия{end}на лидокаин"
    assert text("comment", written, limit=100, lines=True) == "Аллергия\nна лидокаин"
    assert text("city", written, limit=100) == "Аллергия на лидокаин"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("Иван\x00ов", "Иванов"),
        ("Салтыков\x1eЩедрин", "Салтыков-Щедрин"),  # Word's hyphen that doesn't break
        ("Ива\x1fнов\x07", "Иванов"),  # its soft hyphen, and the end of a cell
        ("Иванов\ufffe\ufdd0\ufffc", "Иванов"),
        ("\u202eвонавИ\u2066", "вонавИ"),
        ("Ива\ufe0fнов", "Иванов"),
        ("Иван\u034fов", "Иванов"),
        ("\u0301Иванов", "Иванов"),
        ("Ива\u0301нов", "Ива\u0301нов"),
        ("З" + "\u0300\u0316" * 40 + "лой", "З" + "\u0316" * 4 + "лой"),
        ("й" * 3, "йй\u0439"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("Иванов\u2800Пётр", "Иванов Пётр"),
        ("김민수", "김민수"),
        ("नमस्ते", "नमस्ते"),
        ("שָׁלוֹם", "שָׁלוֹם"),
    ],
)
def test_what_is_pasted_along_makes_no_other_text(written: str, stored: str) -> None:
    assert text("family_name", written, limit=200) == stored
    assert cleaned(stored) == stored


@pytest.mark.parametrize(
    "unseen",
    [
        "\u2800",
        "\u2800 \u2800",
        "\u3164",
        "\u115f\u1160",
        "\uffa0",
        "\u0301" * 90,
        "\ufe0f",
        "\u200b\u3164\u200b",
        " \u0483 ",
        "\U000e0100",
    ],
)
@pytest.mark.parametrize("required", [False, True])
def test_what_cannot_be_seen_at_all_is_refused(unseen: str, required: bool) -> None:
    with pytest.raises(WrongValue) as refused:
        text("given_name", unseen, limit=200, required=required, lines=True)
    assert refused.value.facts["field"] == "given_name"
    assert "не видно" in refused.value.sentence


@pytest.mark.parametrize("empty", ["", " ", "\u00a0\t", "\u200b", "\ufeff\u2060", "\u200d", "\r\n"])
def test_an_empty_text_is_no_fault(empty: str) -> None:
    assert text("comment", empty, limit=10, lines=True) == ""


def test_half_a_character_is_refused_at_its_field() -> None:
    with pytest.raises(WrongValue) as refused:
        text("comment", "\ud83d", limit=10, lines=True)
    assert refused.value.facts["field"] == "comment"


def test_a_text_without_controls_is_otherwise_what_was_written() -> None:
    assert without_controls("\x00а\x0bб\t\u2800\u0301\x9f ") == "а\nб\t \u0301 "
