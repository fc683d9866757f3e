"""No input stops a read model: what goes into an index is bounded, whatever people write and however often cards are merged."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection

from aggregates.access.rights_set import RIGHTS_SET_FIELDS
from aggregates.catalogues import CATALOGUES, FIRST_ENTRIES, first_entry_id
from aggregates.clinic.service import SERVICE_FIELDS
from aggregates.fields import Field
from aggregates.people.person import NAME_LIMIT
from aggregates.scheduling.visit import VISIT_FIELDS, Slot
from aggregates.values import MOST_COMMENT
from commands import catalogue
from commands.access import rights_set
from commands.clinic import opening as clinic
from commands.clinic import service
from commands.context import Context
from commands.people import employee
from commands.people import patient as patient_commands
from commands.scheduling import visit
from projections import positions
from projections.rebuild import Rebuilder
from projections.registry import PROJECTIONS
from services.bootstrap import Denta
from services.cli.projections import _rebuilder
from services.process.operator_error import OperatorError
from tests.aggregates.scenario import NOW, at, named
from tests.projections.comparing import live_and_rebuilt_differ
from tests.projections.folding import fold_all

BOUNDED = {
    "dictionary_versions_pkey",  # OID and version, taken by their patterns
    "dictionary_entries_pkey",  # and a code of 100 characters (services/cli/dictionary_files.py)
    "sign_in_failures_key",  # an e-mail as the API takes it, and an address of the network
    "guard_card_number_by",
    "guard_certificate_code_by",
    "guard_tax_certificate_by",  # two ids and a year
    "guard_article_name_by",
    "guard_pay_scheme_by",  # a date
    "guard_catalogue_name_by",
    "guard_email_by",
    "guard_internal_number_by",
    "guard_rights_set_name_by",
    "guard_doctor_time_room",  # a room of 100 characters
    "schema_parts_pkey",
    "background_work_pkey",  # names of `services/registry.py`
    "skipped_events_pkey",
    "projections_pkey",
    "projection_rebuilds_pkey",
    "catalogue_catalogue_name_idx",
    "journal_kind_idx",
    "patients_card_number_idx",
    "patients_left_idx",
    "patients_phone_idx",
    "patients_expr_idx",  # the id of the source
    "money_documents_flow_moment_number_idx",
    "money_documents_kind_number_idx",
    "settings_pkey",
    "stock_documents_kind_moment_number_idx",
    "stock_documents_kind_number_idx",
    "account_items_pkey",  # one of three words
    "account_items_until_since_kind_patient_id_of_card_dated_amo_idx",
    "visit_work_starts_at_ends_at_doctor_id_room_status_idx",  # a room of 100 characters
    "work_days_pkey",  # one of four words
    "authors_object_id_act_position_idx",  # one of two words
    "authors_employee_id_act_idx",
}
"""Ordered indexes over texts. Each holds what is limited before it comes there; write here by what, where it isn't plain."""


@pytest.fixture
def denta(database_url: str) -> Iterator[Denta]:
    denta = Denta.open(database_url)
    yield denta
    denta.close()


def longest(r: Random, length: int) -> str:
    """Random characters of four bytes each, which no compression makes smaller."""
    return "".join(chr(r.randrange(0x20000, 0x2A6DF)) for _ in range(length))


class Extremes:
    """A clinic in which every field of everything holds as much as it takes."""

    def __init__(self, denta: Denta) -> None:
        self._clinic, self._r, self._minutes = denta.clinic, Random(0), 0
        self.doctor = named("administrator")
        self.entry_ids = {kind.TOPIC: first_entry_id(kind, called) for kind, called in FIRST_ENTRIES}
        self.do(
            clinic.open_clinic,
            name=self.text(100),
            region="77",
            administrator={**self.name(), "takes_visits": True},
            email="admin@example.com",
            password_hash="x",
            administrator_id=self.doctor,
        )

    def do(self, command: Any, *args: Any, **kwargs: Any) -> None:
        self._minutes += 1
        ctx = Context(now=NOW + timedelta(minutes=self._minutes), command=command.__name__, address=self.text(300))
        command(self._clinic, ctx, *args, **kwargs)

    def text(self, length: int) -> str:
        return longest(self._r, length)

    def name(self) -> dict[str, str]:
        return {part: self.text(NAME_LIMIT) for part in ("family_name", "given_name", "patronymic")}

    def patient(self) -> UUID:
        new = uuid4()
        card = {
            **self.name(), "card_number": self.text(40), "phone": "+79161234567", "comment": self.text(4000),
            "other_phones": "".join(str(self._r.randrange(10)) for _ in range(500)), "email": f"{self.text(242)}@example.com",
            "city": self.text(200), "street": self.text(200), "house": self.text(40), "flat": self.text(40),
            "passport_series": self.text(40), "passport_number": self.text(40), "passport_issued_by": self.text(300),
            "policy_number": self.text(40), "policy_insurer": self.text(200), "representative_phone": "+79161234567",
            "representative_family_name": self.text(NAME_LIMIT), "representative_address": self.text(400),
        }  # fmt: skip
        self.do(patient_commands.create_card, card, patient_id=new)
        return new

    def entries(self) -> None:
        for kind in CATALOGUES:
            for _ in range(2):
                card = {name: value for name, field in kind.FIELDS.items() if (value := self._value(field)) is not None}
                self.entry_ids[kind.TOPIC] = uuid4()
                self.do(catalogue.create_entry, kind, card, entry_id=self.entry_ids[kind.TOPIC])

    def _value(self, field: Field) -> Any:
        match field.type:
            case "email":
                return f"{self.text(242)}@example.com"
            case "text" | "lines":
                return self.text(field.longest)
            case "color":
                return "#2f6fdd"
            case "percent":
                return "99.99"
            case "choice":
                return next(iter(field.choices))
            case "reference" if field.required:
                return self.entry_ids[field.refers]
            case _:
                return field.empty if field.required else None


def test_ordered_indexes_over_texts_are_known_with_their_bounds(denta: Denta) -> None:
    with denta.database.connection() as connection:
        positions.prepare(connection, PROJECTIONS)
        found = connection.execute(
            """SELECT DISTINCT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
              JOIN pg_attribute a ON a.attrelid = i.indexrelid JOIN pg_type t ON t.oid = a.atttypid
            WHERE c.relnamespace = current_schema()::regnamespace AND m.amname IN ('btree', 'gist')
              AND (t.typcategory IN ('S', 'A') OR t.typname IN ('jsonb'))"""
        ).fetchall()
    assert {name for (name,) in found} == BOUNDED


@pytest.mark.spec("OPS-3")
def test_fields_filled_to_the_brim_and_merged_many_times_stop_no_read_model(denta: Denta) -> None:
    extremes = Extremes(denta)
    extremes.entries()
    survivor, *others = [extremes.patient() for _ in range(13)]
    for other in others:
        extremes.do(patient_commands.merge_cards, survivor, other, {"comment": "own", "other_phones": "own", "phone": "own"})
    extremes.do(patient_commands.change_card, survivor, extremes.name())
    extremes.do(service.create_service, {"name": extremes.text(SERVICE_FIELDS["name"].longest), "price": "1", "duration": 30})
    extremes.do(employee.change_card, extremes.doctor, {**extremes.name(), "comment": extremes.text(MOST_COMMENT)})
    extremes.do(
        rights_set.create_rights_set,
        extremes.text(RIGHTS_SET_FIELDS["name"].longest),
        "calendar",
        ["calendar"],
        rights_set_id=uuid4(),
    )
    slot = Slot(None, at(NOW.date(), "10:00") + timedelta(days=1), at(NOW.date(), "11:00") + timedelta(days=1))
    extremes.do(
        visit.book_visit, survivor, slot, room=extremes.text(VISIT_FIELDS["room"].longest), comment=extremes.text(MOST_COMMENT)
    )
    with denta.database.connect() as connection:
        head = fold_all(connection, denta.decoders)
        connection.execute("UPDATE projections SET position = %s", (head,))
        rebuilder = Rebuilder(denta.database.connect, PROJECTIONS, denta.decoders)

        assert live_and_rebuilt_differ(rebuilder, connection, *PROJECTIONS) == []

        rebuilder.rebuild(PROJECTIONS)
        denta.rebuild_guards()


def test_a_rebuild_that_the_database_refuses_reports_the_database_s_reason(denta: Denta) -> None:
    """Not that the database is away, which it isn't."""
    Extremes(denta)
    with denta.database.connect() as connection:
        fold_all(connection, denta.decoders)
        connection.execute("CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
                           " RAISE 'index row size exceeds maximum' USING ERRCODE = '54000'; END $$")  # fmt: skip
        connection.execute(
            "CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION refuse()"
        )
    with pytest.raises(OperatorError, match="54000 index row size exceeds maximum"), _rebuilder(denta, 1) as rebuilder:
        rebuilder.rebuild([projection for projection in PROJECTIONS if projection.name == "patients"])


@pytest.mark.parametrize("code", ["54000", "54001", "55000", "22023", "38000"])
def test_a_statement_that_the_database_refuses_is_no_absent_database(denta: Denta, code: str) -> None:
    with pytest.raises(psycopg.Error) as raised, denta.database.connection() as connection:
        refuse(connection, code)
    assert raised.value.sqlstate == code


def refuse(connection: Connection[Any], code: str) -> None:
    connection.execute(f"DO $$ BEGIN RAISE 'no' USING ERRCODE = '{code}'; END $$")
