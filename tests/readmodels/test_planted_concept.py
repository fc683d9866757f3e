"""A concept that is added by its declarations alone is in journal, history, titles and search: no engine names one."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
from psycopg import Connection

from aggregates.catalogue import catalogue
from aggregates.fields import REFERENCE, Field
from aggregates.kernel import Aggregate, Event, applies
from aggregates.people.patient import PatientCard
from commands.context import Context
from commands.ports.access_log import AccessLogEntry
from commands.registry import AGGREGATES
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.existing import existing
from projections.journal import JOURNAL
from projections.registry import PROJECTIONS
from readmodels import access_log, history, journal, search
from readmodels.access_log import AccessLogFilter
from readmodels.journal import JournalFilter
from readmodels.searchable import Asker, Hit, Searchable
from readmodels.table import Table
from readmodels.words import registry
from readmodels.words.accessed import PERIOD, AccessedList, Filter, yes_no
from readmodels.words.catalogue import words_of
from readmodels.words.declaration import LETTERS, ByWords, Sentence, Text, Words
from readmodels.words.glossary import Glossary
from readmodels.words.values import Change, Described, Named, format_rubles
from services.api import journal as api_journal
from tests.aggregates.scenario import NOW, named
from tests.projections.folding import fold_all
from tests.readmodels.conftest import ADMINISTRATOR, Story

ROOT = Path(__file__).parent.parent.parent


class Voucher(Aggregate):
    """What may be spent once."""

    TOPIC = "voucher"

    class Issued(Event, frozen=True):
        TOPIC = "voucher.issued.1"
        name: str
        number: str
        patient_id: UUID

    class Spent(Event, frozen=True):
        TOPIC = "voucher.spent.1"
        amount: int

    def issue(self, name: str, number: str, patient_id: UUID, *, at: datetime) -> None:
        self.trigger(self.Issued, name=name, number=number, patient_id=patient_id, at=at)

    def spend(self, amount: int, *, at: datetime) -> None:
        self.trigger(self.Spent, amount=amount, at=at)

    @applies(Issued)
    def _issued(self, event: Issued) -> None:
        self.name, self.patient_id, self.spent = event.name, event.patient_id, 0

    @applies(Spent)
    def _spent(self, event: Spent) -> None:
        self.spent = event.amount


class VoucherRow(msgspec.Struct, frozen=True):
    voucher_id: UUID
    name: str
    number: str
    spent: bool


VOUCHERS: Projection[VoucherRow] = Projection(
    "vouchers",
    Table("vouchers", VoucherRow, key=("voucher_id",)),
    revision=1,
    audience=Audience("patients"),
    handlers={
        Voucher.Issued: Own(lambda _, e: VoucherRow(e.originator_id, e.name, e.number, spent=False)),
        Voucher.Spent: Own(existing(lambda row, _: msgspec.structs.replace(row, spent=True))),
    },
)


def state(voucher: Voucher) -> Described:
    return [("Пациент", Named(PatientCard.TOPIC, voucher.patient_id)), ("Потрачено", str(voucher.spent))]


VOUCHER = Words(
    kind=Voucher,
    label="Сертификат",
    title="Сертификат «{0}» № {1}",
    names="SELECT voucher_id, name, number FROM vouchers WHERE voucher_id = ANY(%s)",
    found_by=ByWords("SELECT voucher_id FROM vouchers", LETTERS.format("name")),
    numbered="SELECT voucher_id FROM vouchers WHERE number = %s",
    actions={"voucher_issued": "Выпуск сертификата", "voucher_spent": "Гашение сертификата"},
    events={
        Voucher.Issued: Text(
            "voucher_issued",
            "выпущен",
            lambda e: [Change("Пациент", None, Named(PatientCard.TOPIC, e.patient_id))],
            lambda e: [e.patient_id],
        ),
        Voucher.Spent: Text(
            "voucher_spent", Sentence(("погашен на {}",), lambda e, spent: spent.format(format_rubles(e.amount)))
        ),
    },
    patient_of=lambda voucher: voucher.patient_id,
    state=state,
)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Glossary]:
    monkeypatch.setattr("services.bootstrap.AGGREGATES", (*AGGREGATES, Voucher))
    monkeypatch.setattr(registry, "GLOSSARY", Glossary((*registry.GLOSSARY.concepts, VOUCHER)))
    return registry.GLOSSARY


def folded(story: Story, glossary: Glossary) -> Connection[Any]:
    (handler,) = {*JOURNAL.handlers.values()}
    with_all = replace(JOURNAL, handlers=dict.fromkeys(glossary.events, handler))
    fold_all(story._connection, story.denta.decoders, (*(p for p in PROJECTIONS if p is not JOURNAL), with_all, VOUCHERS))
    return story._connection


@pytest.mark.spec("AUD-1", "AUD-3")
def test_a_declared_concept_is_in_journal_history_titles_and_search(planted: Glossary, story: Story) -> None:
    peter, clinic = story.patient("Петров", "Пётр"), story.denta.clinic
    voucher = Voucher(named("voucher"))
    voucher.issue("Улыбка года", "77", peter, at=NOW)
    voucher.spend(500, at=NOW)
    clinic.save(voucher, ctx=Context(now=NOW, command="plant", employee_id=ADMINISTRATOR))
    conn = folded(story, planted)

    def found(**filters: Any) -> list[str]:
        items, _ = journal.listing(conn, story.denta.decoders, JournalFilter(**filters), story.zone)
        return [item.text for item in items]

    issued, spent = "Сертификат «Улыбка года» № 77 выпущен", "Сертификат «Улыбка года» № 77 погашен на 500,00\u00a0₽"
    assert found(object_type="voucher") == [spent, issued]
    assert found(kind="voucher_spent") == found(query="погашен") == found(query="гашение сертификата") == [spent]
    assert found(query="улыбка года") == found(query="сертификат") == [spent, issued]
    assert found(query="выпущен петров") == [issued]
    assert issued in found(object_id=peter)

    past = history.versions(conn, story.denta.decoders, voucher.id, story.zone)
    assert [item.text for item in past] == [spent, issued]
    assert [(change.label, change.new) for change in past[1].changes] == [("Пациент", "Петров Пётр")]
    then = history.state(conn, clinic.load(Voucher, voucher.id, 1))
    assert [(field.label, field.value) for field in then.fields] == [("Пациент", "Петров Пётр"), ("Потрачено", "0")]
    for written in ("voucher/77", "voucher улыбка", "улыбка года", str(voucher.id)):
        assert [one.title for one in history.find(conn, written)] == ["Сертификат «Улыбка года» № 77"], written


@pytest.mark.spec("SEC-6")
def test_a_declared_list_of_personal_data_is_in_the_access_log(
    planted: Glossary, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Filters are shown by the names of what they refer to; one that isn't declared is shown by its key, never left out."""
    peter, voucher = story.patient("Петров", "Пётр"), Voucher(named("voucher"))
    voucher.issue("Улыбка года", "77", peter, at=NOW)
    story.denta.clinic.save(voucher, ctx=Context(now=NOW, command="plant", employee_id=ADMINISTRATOR))
    conn = folded(story, planted)
    filters = {
        "patient_id": Filter("пациент", refers=PatientCard.TOPIC),
        **PERIOD,
        "spent": Filter("погашен", shown=yes_no),
        "id": Filter("объект", refers_by="of"),
    }
    vouchers = AccessedList(type="voucher", label="Сертификаты", path="/vouchers", rights=("goods",), filters=filters)
    monkeypatch.setattr(access_log, "lists", lambda: {"voucher": vouchers})

    def shown(**entry: Any) -> tuple[str, list[str]]:
        look = {"moment": NOW, "user_id": named("user"), "employee_id": ADMINISTRATOR, "address": "", "object_type": "voucher"}
        story.denta.access_log.record(AccessLogEntry(**{**look, "action": "exported", **entry}))
        ((item,), _) = access_log.listing(conn, AccessLogFilter(), story.zone, size=1)
        return item.object, item.filter

    asked = {"maker": "7", "spent": "true", "from": "2026-02-01", "patient_id": str(peter)}
    assert shown(filter=asked) == ("Сертификаты", ["пациент: Петров Пётр", "с: 01.02.2026", "погашен: да", "maker: 7"])
    assert shown(object_id=voucher.id, patient_id=peter) == ("Сертификат «Улыбка года» № 77", [])
    assert shown(object_type="gone", filter={"q": "а"}) == ("gone", ["q: а"])
    assert shown(object_type="gone", object_id=voucher.id, patient_id=peter) == ("gone", [])
    for object_type, says in (("voucher", "Улыбка года"), ("gone", str(voucher.id))):
        shows = shown(filter={"of": object_type, "id": str(voucher.id)})
        assert shows == ("Сертификаты", [f"объект: {says}", f"of: {object_type}"])
    assert shown(filter={"id": "none"}) == ("Сертификаты", ["объект: none"])


@pytest.mark.parametrize(
    "engine",
    [
        "readmodels/journal.py",
        "readmodels/history.py",
        "readmodels/search.py",
        "readmodels/object_titles.py",
        "readmodels/access_log.py",
        "readmodels/words/glossary.py",
        "readmodels/words/declaration.py",
        "readmodels/words/values.py",
        "projections/journal.py",
        "projections/declaration.py",
        "projections/audience.py",
        "services/excel/journal.py",
        "services/api/access_log.py",
        "services/api/http/live.py",
    ],
)
def test_an_engine_names_no_concept(engine: str) -> None:
    # "position" is the log's too
    concepts = {*registry.GLOSSARY.labels, *(p.name for p in PROJECTIONS if p is not JOURNAL)} - {"position"}
    tree = ast.parse((ROOT / engine).read_text())
    assert {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in concepts} == set()


def test_the_api_knows_the_types_of_the_registry() -> None:
    assert get_args(api_journal.ObjectType) == tuple(registry.GLOSSARY.labels)
    assert {one.kind for one in search.SEARCHABLE} <= registry.GLOSSARY.labels.keys()


@pytest.mark.spec("UI-4")
def test_a_concept_that_declares_it_is_found_from_anywhere_by_its_right(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    hit = Hit(named("voucher"), "Сертификат № 77", "500 ₽")
    planted = Searchable(
        "voucher", "Сертификаты", right="goods", reads=("vouchers",), find=lambda _, query, __: [hit] * (query == "77")
    )
    monkeypatch.setattr(search, "SEARCHABLE", (*search.SEARCHABLE, planted))
    found = search.search(story.read, "77", {"goods"}, Asker())
    assert [(one.kind, one.group, one.title) for one in found] == [("voucher", "Сертификаты", "Сертификат № 77")]
    assert search.search(story.read, "77", {"journal"}, Asker()) == search.search(story.read, " ", {"goods"}, Asker()) == []


def test_a_catalogue_has_words_by_its_declaration() -> None:
    shade = catalogue(
        "planted_shade",
        Field(name="maker", label="Производитель", kind=REFERENCE, refers="counterparty"),
        title="Оттенки", one="Оттенок", new="Новый оттенок", path="shades", right="goods", published=True,
    )  # fmt: skip
    glossary = Glossary((*registry.GLOSSARY.concepts, words_of(shade)))
    maker = named("maker")
    made = shade.Created(originator_id=named("a1"), originator_version=1, timestamp=NOW, card={"name": "A1", "maker": str(maker)})
    assert glossary.labels["planted_shade"] == "Оттенок"
    assert glossary.entry(made).refs == (maker,)
    assert glossary.changes(made) == (
        Change("Наименование", None, "A1"),
        Change("Производитель", None, Named("counterparty", maker)),
    )


def test_the_guide_names_what_there_is() -> None:
    """Every path that docs/adding-a-concept.md gives is there, and so is each list that it names beside one."""
    guide = (ROOT / "docs" / "adding-a-concept.md").read_text()
    paths = {path for path in re.findall(r"`((?:[\w.]+/)+[\w.]*)`", guide) if "/" in path}
    assert len(paths) > 25
    assert {path for path in paths if not (ROOT / path).exists()} == set()
    for path, name in re.findall(r"`([\w/.]+\.py)`: a line in `(\w+)`", guide):
        assert re.search(rf"^{name}\b", (ROOT / path).read_text(), re.MULTILINE), (path, name)


def test_words_that_leave_out_an_event_or_an_action_are_refused() -> None:
    for missing in ({"events": {Voucher.Issued: VOUCHER.events[Voucher.Issued]}}, {"actions": {}}, {"names": ""}):
        with pytest.raises(TypeError, match="words of voucher"):
            replace(VOUCHER, **missing)  # type: ignore[arg-type]  # fields by name
    with pytest.raises(TypeError, match="two labels"):
        Glossary((*registry.GLOSSARY.concepts, replace(VOUCHER, actions={**VOUCHER.actions, "voucher_spent": "Иначе"}), VOUCHER))
