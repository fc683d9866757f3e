"""Guards of balances: what the entries of documents add up to, at every moment, in each account (STK-2, STK-3, FIN-1).

An account is a pair of ids, such as goods and warehouse. A document's claim is its entries; an entry adds to the balance, or
states it (a count). The rule: no document may leave a balance below zero at any moment, however early it is dated. A balance that
is below zero already, from a time without the rule, may be improved.

Balances are kept by day (closing, and the lowest within the day), so that a document before a hundred thousand others moves some
hundred rows; only days on which something changes, and the next one with a count, are added up entry by entry. Everything is
written under the write lock.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from string import Template
from typing import Any
from uuid import UUID

import msgspec
from psycopg import sql

from aggregates.kernel import Aggregate, DomainError
from gateways.database import Database
from gateways.guards.declaration import Claim, DerivedTable, Guard, GuardRefused, GuardTables, Reads

Account = tuple[UUID, UUID]
Place = tuple[datetime, int, int, int]
"""An entry's place in the order of its account: moment, rank, place of the document, line."""


class Entry(msgspec.Struct, frozen=True):
    """One entry of a document. `rank`: order within one moment; `delta` or `counted` (what there was) in whole smallest parts."""

    a: UUID
    b: UUID
    line: int
    rank: int
    delta: int
    counted: int | None = None


class LedgerClaim(Claim, frozen=True):
    """A document's entries; none of one that isn't in effect. It still holds, since a removed entry has to be checked too."""

    moment: datetime
    place: int
    entries: list[Entry]
    """A list, as the database returns it."""


class BelowZero(msgspec.Struct, frozen=True):
    """Facts of a refusal: the first moment at which an account would be below zero, and the document there."""

    a: UUID
    b: UUID
    moment: datetime
    id: UUID
    balance: int


TABLE = """
CREATE TABLE IF NOT EXISTS guard_$name (
  id uuid PRIMARY KEY,
  moment timestamp NOT NULL,
  place bigint NOT NULL,
  entries jsonb NOT NULL
)
"""
ENTRIES = """
CREATE TABLE IF NOT EXISTS guard_${name}_entries (
  id uuid NOT NULL,
  a uuid NOT NULL,
  b uuid NOT NULL,
  line integer NOT NULL,
  moment timestamp NOT NULL,
  rank smallint NOT NULL,
  place bigint NOT NULL,
  delta bigint NOT NULL,
  counted bigint
)
"""
ENTRY_INDEXES = (
    "CREATE INDEX IF NOT EXISTS guard_${name}_entries_id ON guard_${name}_entries (id)",
    "CREATE INDEX IF NOT EXISTS guard_${name}_entries_order ON guard_${name}_entries (a, b, moment, rank, place, line)",
)
ENTRIES_OF = """
  SELECT $claim.id, e.a, e.b, e.line, $claim.moment, e.rank, $claim.place, e.delta, e.counted
  FROM $source jsonb_to_recordset($claim.entries) AS e(a uuid, b uuid, line integer, rank smallint, delta bigint, counted bigint)
"""
DAYS = """
CREATE TABLE IF NOT EXISTS guard_${name}_days (
  a uuid NOT NULL,
  b uuid NOT NULL,
  day date NOT NULL,
  closing bigint NOT NULL,
  low bigint NOT NULL,
  counts boolean NOT NULL
)
"""
DAY_INDEXES = ("CREATE UNIQUE INDEX IF NOT EXISTS guard_${name}_days_key ON guard_${name}_days (a, b, day)",)

BALANCES = """
  SELECT t.*, coalesce(first_value(t.counted) OVER segment, $opening) + sum(t.delta) OVER segment AS balance
  FROM (
    SELECT e.*, count(e.counted) OVER (PARTITION BY e.a, e.b ORDER BY e.moment, e.rank, e.place, e.line ROWS UNBOUNDED PRECEDING)
    AS counts FROM guard_${name}_entries e $of
  ) t
  WINDOW segment AS (PARTITION BY t.a, t.b, t.counts ORDER BY t.moment, t.rank, t.place, t.line ROWS UNBOUNDED PRECEDING)
"""
"""Each entry with the balance after it. Entries behind a count make a segment, which begins with what was counted."""
FILL_DAYS = """
INSERT INTO guard_${name}_days
SELECT a, b, moment::date, (array_agg(balance ORDER BY moment DESC, rank DESC, place DESC, line DESC))[1], min(balance),
  bool_or(counted IS NOT NULL)
FROM ($balances) AS each GROUP BY a, b, moment::date
"""

SHORT_FUNCTION = """
CREATE OR REPLACE FUNCTION denta_${name}_short(facts jsonb) RETURNS void LANGUAGE plpgsql AS $$$$
DECLARE
  collected text := coalesce(current_setting('denta.shortages', true), '');
BEGIN
  IF collected = '' THEN
    PERFORM denta_refuse('$name', facts);
  END IF;
  PERFORM set_config('denta.shortages', (collected::jsonb || facts)::text, true);
END
$$$$
"""
"""Refuses, unless somebody asks what would be refused (`PostgresLedger`)."""
BEFORE_FUNCTION = """
CREATE OR REPLACE FUNCTION denta_${name}_before(of_a uuid, of_b uuid, of_day date) RETURNS bigint LANGUAGE sql STABLE AS $$$$
  SELECT coalesce((SELECT closing FROM guard_${name}_days WHERE a = of_a AND b = of_b AND day < of_day ORDER BY day DESC LIMIT 1),
  0)
$$$$
"""
"""The balance at the beginning of a day."""
DAY_FUNCTION = """
CREATE OR REPLACE FUNCTION denta_${name}_day(of_a uuid, of_b uuid, of_day date, opening bigint)
RETURNS TABLE (id uuid, line integer, moment timestamp, delta bigint, counted bigint, balance bigint, nth bigint)
LANGUAGE sql STABLE AS $$$$
  SELECT id, line, moment, delta, counted, balance::bigint, row_number() OVER (ORDER BY moment, rank, place, line)
  FROM ($balances) AS each
$$$$
"""

CHECK = """
  DECLARE
    account record;
    short record;
    this_day date;
    next_day date;
    opens bigint;
    carry bigint;
    old_closing bigint;
    new_closing bigint;
    new_low bigint;
    has_counts boolean;
    before jsonb;
    forbids boolean;
  BEGIN
    FOR account IN
      SELECT changed.a, changed.b, array_agg(DISTINCT changed.moment::date) AS days FROM (
        (SELECT * FROM guard_${name}_entries WHERE id = wanted.id EXCEPT ALL $wanted)
        UNION ALL
        ($wanted EXCEPT ALL SELECT * FROM guard_${name}_entries WHERE id = wanted.id)
      ) AS changed GROUP BY changed.a, changed.b ORDER BY changed.a, changed.b
    LOOP
      forbids := coalesce(current_setting('denta.shortages', true), '') <> '' OR $forbids;
      before := '{}';
      IF forbids THEN  -- what was below zero before may stay so
        SELECT coalesce(jsonb_object_agg(e.id || '/' || e.line, e.balance), '{}') INTO before
        FROM guard_${name}_days d
          CROSS JOIN LATERAL denta_${name}_day(account.a, account.b, d.day, denta_${name}_before(account.a, account.b, d.day)) e
        WHERE d.a = account.a AND d.b = account.b AND (d.day = ANY(account.days) OR d.day IN (
          SELECT (SELECT min(c.day) FROM guard_${name}_days c
            WHERE c.a = account.a AND c.b = account.b AND c.counts AND c.day > one)
          FROM unnest(account.days) AS one));
      END IF;
      DELETE FROM guard_${name}_entries e WHERE e.id = wanted.id AND e.a = account.a AND e.b = account.b;
      INSERT INTO guard_${name}_entries SELECT * FROM ($wanted) AS w WHERE w.a = account.a AND w.b = account.b;
      carry := 0;
      this_day := (SELECT min(one) FROM unnest(account.days) AS one);
      WHILE this_day IS NOT NULL LOOP
        opens := denta_${name}_before(account.a, account.b, this_day);
        old_closing := coalesce((SELECT d.closing FROM guard_${name}_days d
          WHERE d.a = account.a AND d.b = account.b AND d.day = this_day), opens - carry);
        SELECT (array_agg(e.balance ORDER BY e.nth DESC))[1], min(e.balance), bool_or(e.counted IS NOT NULL)
        INTO new_closing, new_low, has_counts FROM denta_${name}_day(account.a, account.b, this_day, opens) e;
        IF new_closing IS NULL THEN
          DELETE FROM guard_${name}_days d WHERE d.a = account.a AND d.b = account.b AND d.day = this_day;
          new_closing := opens;
        ELSE
          INSERT INTO guard_${name}_days AS d VALUES (account.a, account.b, this_day, new_closing, new_low, has_counts)
          ON CONFLICT (a, b, day) DO UPDATE SET closing = excluded.closing, low = excluded.low, counts = excluded.counts;
          IF forbids AND new_low < 0 THEN
            SELECT e.* INTO short FROM denta_${name}_day(account.a, account.b, this_day, opens) e
            WHERE e.balance < 0 AND CASE WHEN before ? (e.id || '/' || e.line)
              THEN e.balance < (before->>(e.id || '/' || e.line))::bigint ELSE e.delta < 0 END
            ORDER BY e.nth LIMIT 1;
            IF FOUND THEN
              PERFORM denta_${name}_short($facts);
              forbids := false;  -- the account's first one is enough
            END IF;
          END IF;
        END IF;
        carry := new_closing - old_closing;
        next_day := (SELECT min(one) FROM unnest(account.days) AS one WHERE one > this_day);
        IF carry <> 0 THEN
          next_day := least(next_day, (SELECT min(d.day) FROM guard_${name}_days d
            WHERE d.a = account.a AND d.b = account.b AND d.counts AND d.day > this_day));
          UPDATE guard_${name}_days d SET closing = d.closing + carry, low = d.low + carry
          WHERE d.a = account.a AND d.b = account.b AND d.day > this_day AND (next_day IS NULL OR d.day < next_day);
          IF forbids AND carry < 0 THEN
            SELECT e.* INTO short FROM (
              SELECT d.day FROM guard_${name}_days d WHERE d.a = account.a AND d.b = account.b AND d.low < 0
                AND d.day > this_day AND (next_day IS NULL OR d.day < next_day) ORDER BY d.day LIMIT 1
            ) AS first CROSS JOIN LATERAL denta_${name}_day(
              account.a, account.b, first.day, denta_${name}_before(account.a, account.b, first.day)) e
            WHERE e.balance < 0 ORDER BY e.nth LIMIT 1;
            IF FOUND THEN
              PERFORM denta_${name}_short($facts);
              forbids := false;  -- the account's first one is enough
            END IF;
          END IF;
        END IF;
        this_day := next_day;
      END LOOP;
    END LOOP;
  END;
"""
"""Each day is written once: `carry` is what the later days of the account change by, up to the next day that is added up entry by
entry. So what is below zero in between is so for good.
"""
FACTS = """jsonb_build_object('a', account.a, 'b', account.b, 'moment', short.moment, 'id', short.id, 'balance', short.balance)"""


def ledger(
    name: str,
    *,
    kinds: tuple[type[Aggregate], ...],
    claim_of: Callable[[Any], LedgerClaim],
    forbids: Callable[[GuardTables], bool],
    sql_forbids: str,
    refusal: Callable[[BelowZero], DomainError],
    revision: int = 1,
    reads: Reads[Any] | None = None,
) -> Guard:
    """A guard of the balances of one ledger. `forbids`: whether the rule is on; `sql_forbids`: the same as an SQL expression."""

    def check(tables: GuardTables, claim: LedgerClaim) -> None:
        if forbids(tables) and (short := next(_shortages(tables[name], claim), None)):
            raise GuardRefused(name, msgspec.to_builtins(short))

    def refused(facts: Mapping[str, Any]) -> DomainError:
        return refusal(msgspec.convert(facts, BelowZero))

    entries_of_all = _sql(ENTRIES_OF, claim="c", source=f"guard_{name} c CROSS JOIN LATERAL")
    return Guard(
        name=name,
        kinds=kinds,
        claim=LedgerClaim,
        claim_of=claim_of,
        revision=revision,
        table=_sql(TABLE, name=name),
        derived=(
            DerivedTable(
                name=f"{name}_entries",
                table=_sql(ENTRIES, name=name),
                fill=f"INSERT INTO guard_{name}_entries {entries_of_all}",
                indexes=tuple(_sql(index, name=name) for index in ENTRY_INDEXES),
            ),
            DerivedTable(
                name=f"{name}_days",
                table=_sql(DAYS, name=name),
                fill=_sql(FILL_DAYS, name=name, balances=_sql(BALANCES, name=name, opening="0", of="")),
                indexes=tuple(_sql(index, name=name) for index in DAY_INDEXES),
            ),
        ),
        sql_helpers=(
            _sql(SHORT_FUNCTION, name=name),
            _sql(BEFORE_FUNCTION, name=name),
            _sql(
                DAY_FUNCTION,
                name=name,
                balances=_sql(
                    BALANCES,
                    name=name,
                    opening="opening",
                    of="WHERE e.a = of_a AND e.b = of_b AND e.moment >= of_day AND e.moment < of_day + 1",
                ),
            ),
        ),
        sql_check=_sql(CHECK, name=name, forbids=sql_forbids, wanted=_sql(ENTRIES_OF, claim="wanted", source=""), facts=FACTS),
        check=check,
        refusal=refused,
        reads=reads,
    )


class PostgresLedger:
    """What the guard `name` would refuse if the rule was on, asked inside the clinic's write lock."""

    def __init__(self, name: str, database: Database) -> None:
        self._function = f"denta_guard_{name}"
        self._database = database

    def shortages(self, claim: LedgerClaim) -> Sequence[BelowZero]:
        """The first one of each account. The guard takes the claim, and gives it back."""
        query = sql.SQL("SELECT {}(%s::jsonb)").format(sql.Identifier(self._function))
        with self._database.connection() as connection, connection.transaction(force_rollback=True):
            connection.execute("SELECT set_config('denta.shortages', '[]', true)")
            connection.execute(query, (msgspec.json.encode(claim).decode(),))
            found = connection.execute("SELECT current_setting('denta.shortages')").fetchone()
        return msgspec.json.decode(found[0] if found else "[]", type=list[BelowZero])


class MemoryLedger:
    """The same without a database."""

    def __init__(self, claims: Callable[[], Sequence[LedgerClaim]]) -> None:
        self._claims = claims

    def shortages(self, claim: LedgerClaim) -> Sequence[BelowZero]:
        return list(_shortages({one.id: one for one in self._claims()}, claim))


def _sql(text: str, **values: str) -> str:
    return Template(text).substitute(values)


def _shortages(claims: Mapping[UUID, LedgerClaim], claim: LedgerClaim) -> Iterator[BelowZero]:
    """For each account, by ids, the first entry that is below zero by this claim."""
    old, others = claims.get(claim.id), [one for id_, one in claims.items() if id_ != claim.id]
    touched = {(e.a, e.b) for one in (old, claim) if one is not None for e in one.entries}
    for account in sorted(touched, key=lambda pair: (pair[0].bytes, pair[1].bytes)):
        before = {(one.id, e.line): balance for one, e, balance in _path(account, [*others, *([old] if old else [])])}
        for one, entry, balance in _path(account, [*others, claim]):
            known = before.get((one.id, entry.line))
            if balance < 0 and (entry.delta < 0 if known is None else balance < known):
                yield BelowZero(*account, one.moment, one.id, balance)
                break


def _path(account: Account, claims: Sequence[LedgerClaim]) -> Iterator[tuple[LedgerClaim, Entry, int]]:
    """The entries of an account in their order, each with the balance after it."""
    entries = [(one, entry) for one in claims for entry in one.entries if (entry.a, entry.b) == account]
    balance = 0
    for one, entry in sorted(entries, key=lambda pair: _place(*pair)):
        balance = (balance if entry.counted is None else entry.counted) + entry.delta
        yield one, entry, balance


def _place(claim: LedgerClaim, entry: Entry) -> Place:
    return claim.moment, entry.rank, claim.place, entry.line
