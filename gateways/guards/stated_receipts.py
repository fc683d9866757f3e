"""What fiscal receipts say of visits, payments, certificates and refunds (FIN-5).

It refuses nothing. Commands that request a receipt ask what was stated before, so that a line is sold once in its net effect.
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import msgspec

from aggregates.money.fiscal_receipt import FiscalReceipt
from aggregates.money.receipt_accounts import StatedLine, StatedMoney, StatedReceipt
from commands.ports.stated_receipts import StatedReceipts
from gateways.database import Database
from gateways.guards.declaration import Claim, Guard, Reads

NAME = "stated_receipts"

TABLE = """
CREATE TABLE IF NOT EXISTS guard_stated_receipts (
  id uuid PRIMARY KEY,
  account_ids uuid[] NOT NULL,
  after uuid[] NOT NULL,
  lines jsonb NOT NULL,
  money jsonb NOT NULL,
  counts boolean NOT NULL
)
"""
INDEXES = (
    "CREATE INDEX IF NOT EXISTS guard_stated_receipts_accounts ON guard_stated_receipts USING gin (account_ids)",
    "CREATE INDEX IF NOT EXISTS guard_stated_receipts_after ON guard_stated_receipts USING gin (after)",
)


class Stated(Claim, frozen=True):
    """A receipt that says something."""

    account_ids: tuple[UUID, ...]
    after: tuple[UUID, ...]
    lines: tuple[StatedLine, ...]
    money: tuple[StatedMoney, ...]
    counts: bool


def claim_of(receipt: FiscalReceipt) -> Stated:
    return Stated(
        id=receipt.id,
        holds=bool(receipt.account_ids),
        account_ids=receipt.account_ids,
        after=receipt.after,
        lines=receipt.lines,
        money=receipt.money,
        counts=receipt.state != "given_up",
    )


class PostgresStatedReceipts:
    """`commands.ports.stated_receipts.StatedReceipts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, account_ids: Iterable[UUID]) -> Sequence[StatedReceipt]:
        with self._database.connection() as connection:
            found = connection.execute(OF_ACCOUNTS, (list(account_ids),)).fetchall()
        return [
            StatedReceipt(id=id_, after=tuple(after), lines=_LINES(lines), money=_MONEY(money), counts=counts)
            for id_, after, lines, money, counts in found
        ]

    def after(self, receipt_ids: Iterable[UUID]) -> Sequence[UUID]:
        with self._database.connection() as connection:
            return [id_ for (id_,) in connection.execute(AFTER, (list(receipt_ids),)).fetchall()]


OF_ACCOUNTS = """SELECT id, after, lines::text, money::text, counts FROM guard_stated_receipts
  WHERE account_ids && %s::uuid[] ORDER BY id"""
AFTER = "SELECT id FROM guard_stated_receipts WHERE after && %s::uuid[] ORDER BY id"
_LINES = msgspec.json.Decoder(tuple[StatedLine, ...]).decode
_MONEY = msgspec.json.Decoder(tuple[StatedMoney, ...]).decode


class MemoryStatedReceipts:
    """The same without a database."""

    def __init__(self, claims: Callable[[], Sequence[Stated]]) -> None:
        self._claims = claims

    def of(self, account_ids: Iterable[UUID]) -> Sequence[StatedReceipt]:
        accounts = set(account_ids)
        found = sorted((one for one in self._claims() if accounts.intersection(one.account_ids)), key=lambda one: one.id.bytes)
        return [StatedReceipt(id=one.id, after=one.after, lines=one.lines, money=one.money, counts=one.counts) for one in found]

    def after(self, receipt_ids: Iterable[UUID]) -> Sequence[UUID]:
        before = set(receipt_ids)
        return sorted((one.id for one in self._claims() if before.intersection(one.after)), key=lambda id_: id_.bytes)


GUARD = Guard(
    name=NAME,
    kinds=(FiscalReceipt,),
    claim=Stated,
    claim_of=claim_of,
    table=TABLE,
    indexes=INDEXES,
    revision=2,
    reads=Reads[StatedReceipts]("stated_receipts", PostgresStatedReceipts, MemoryStatedReceipts),
)
