"""Guards of balances: what the entries of documents add up to, at every moment, in each account (STK-2, STK-3, FIN-1).

An account is a pair of ids, such as goods and warehouse. A document's claim is its entries; an entry adds to the balance, or
states it (a count). The rule: no change of a document may bring a balance below zero at any moment, nor lower where it is below
zero already, from a time without the rule. The balance as it was and as it would be are compared at every moment at which either
changes, so that no moment between the entries of both escapes.

Balances are kept by day (closing, and the lowest within the day), so that a document before a hundred thousand others moves some
hundred rows; only days on which something changes, and the next one with a count, are added up entry by entry. Everything is
written under the write lock.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
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
    AS counts FROM $entries e
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

BEFORE_FUNCTION = """
CREATE OR REPLACE FUNCTION denta_${name}_before(of_a uuid, of_b uuid, of_day date) RETURNS bigint LANGUAGE sql STABLE AS $$$$
  SELECT coalesce((SELECT closing FROM guard_${name}_days WHERE a = of_a AND b = of_b AND day < of_day ORDER BY day DESC LIMIT 1),
  0)
$$$$
"""
"""The balance at the beginning of a day."""
OF_DAY = "a = of_a AND b = of_b AND moment >= of_day AND moment < of_day + 1"
DAY = "(SELECT * FROM guard_${name}_entries WHERE $of_day)"
DAY_AS_IT_WAS = """(SELECT * FROM guard_${name}_entries WHERE $of_day AND id <> of_id
    UNION ALL SELECT * FROM ($claimed) AS claimed(id, a, b, line, moment, rank, place, delta, counted)
    WHERE $of_day AND id = of_id)"""
"""Before the claim was taken: the table of claims is written last."""
DAY_FUNCTION = """
CREATE OR REPLACE FUNCTION denta_${name}_$function(of_a uuid, of_b uuid, of_day date, of_id uuid, opening bigint)
RETURNS TABLE (moment timestamp, rank smallint, place bigint, line integer, id uuid, counted bigint, balance bigint, nth bigint)
LANGUAGE sql STABLE AS $$$$
  SELECT moment, rank, place, line, id, counted, balance::bigint, row_number() OVER (ORDER BY moment, rank, place, line)
  FROM ($balances) AS each
$$$$
"""
"""The entries of a day of an account in their order, with the balance after each."""
WORSE_FUNCTION = """
CREATE OR REPLACE FUNCTION denta_${name}_worse(of_a uuid, of_b uuid, of_day date, of_id uuid, opened bigint, opens bigint)
RETURNS TABLE (moment timestamp, id uuid, balance bigint) LANGUAGE sql STABLE AS $$$$
  SELECT moment, id, balance FROM (
    SELECT spans.*, coalesce(max(now) OVER (PARTITION BY nows), opens) AS balance,
      coalesce(max(was) OVER (PARTITION BY wases), opened) AS before
    FROM (
      SELECT places.*, count(now) OVER order_of_day AS nows, count(was) OVER order_of_day AS wases
      FROM (
        SELECT moment, rank, place, line, id, max(now) AS now, max(was) AS was FROM (
          SELECT moment, rank, place, line, id, balance AS now, NULL::bigint AS was
          FROM denta_${name}_day(of_a, of_b, of_day, of_id, opens)
          UNION ALL
          SELECT moment, rank, place, line, id, NULL, balance FROM denta_${name}_day_as_it_was(of_a, of_b, of_day, of_id, opened)
        ) AS each GROUP BY moment, rank, place, line, id
      ) AS places WINDOW order_of_day AS (ORDER BY moment, rank, place, line, id)
    ) AS spans
  ) AS both_balances WHERE balance < 0 AND balance < before ORDER BY moment, rank, place, line, id LIMIT 1
$$$$
"""
"""The first place of a day, of an entry that was there or is there now, where the balance is below zero and lower than it was."""

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
    asked boolean := coalesce(current_setting('denta.shortages', true), '') <> '';
    searching boolean;
    shortages jsonb := '[]';
  BEGIN
    FOR account IN
      SELECT changed.a, changed.b, array_agg(DISTINCT changed.moment::date) AS days FROM (
        (SELECT * FROM guard_${name}_entries WHERE id = wanted.id EXCEPT ALL $wanted)
        UNION ALL
        ($wanted EXCEPT ALL SELECT * FROM guard_${name}_entries WHERE id = wanted.id)
      ) AS changed GROUP BY changed.a, changed.b ORDER BY changed.a, changed.b
    LOOP
      searching := asked OR $forbids;
      DELETE FROM guard_${name}_entries e WHERE e.id = wanted.id AND e.a = account.a AND e.b = account.b;
      INSERT INTO guard_${name}_entries SELECT * FROM ($wanted) AS w WHERE w.a = account.a AND w.b = account.b;
      carry := 0;
      this_day := (SELECT min(one) FROM unnest(account.days) AS one);
      WHILE this_day IS NOT NULL LOOP
        opens := denta_${name}_before(account.a, account.b, this_day);
        old_closing := coalesce((SELECT d.closing FROM guard_${name}_days d
          WHERE d.a = account.a AND d.b = account.b AND d.day = this_day), opens - carry);
        SELECT (array_agg(e.balance ORDER BY e.nth DESC))[1], min(e.balance), bool_or(e.counted IS NOT NULL)
        INTO new_closing, new_low, has_counts FROM denta_${name}_day(account.a, account.b, this_day, wanted.id, opens) e;
        IF searching AND least(new_low, opens) < 0 THEN
          SELECT e.* INTO short FROM denta_${name}_worse(account.a, account.b, this_day, wanted.id, opens - carry, opens) e;
          IF FOUND THEN
            shortages := shortages || $facts;
            searching := false;  -- the account's first one is enough
          END IF;
        END IF;
        IF new_closing IS NULL THEN
          DELETE FROM guard_${name}_days d WHERE d.a = account.a AND d.b = account.b AND d.day = this_day;
          new_closing := opens;
        ELSE
          INSERT INTO guard_${name}_days AS d VALUES (account.a, account.b, this_day, new_closing, new_low, has_counts)
          ON CONFLICT (a, b, day) DO UPDATE SET closing = excluded.closing, low = excluded.low, counts = excluded.counts;
        END IF;
        carry := new_closing - old_closing;
        next_day := (SELECT min(one) FROM unnest(account.days) AS one WHERE one > this_day);
        IF carry <> 0 THEN
          next_day := least(next_day, (SELECT min(d.day) FROM guard_${name}_days d
            WHERE d.a = account.a AND d.b = account.b AND d.counts AND d.day > this_day));
          UPDATE guard_${name}_days d SET closing = d.closing + carry, low = d.low + carry
          WHERE d.a = account.a AND d.b = account.b AND d.day > this_day AND (next_day IS NULL OR d.day < next_day);
          IF searching AND carry < 0 THEN
            SELECT e.* INTO short FROM (
              SELECT d.day FROM guard_${name}_days d WHERE d.a = account.a AND d.b = account.b AND d.low < 0
                AND d.day > this_day AND (next_day IS NULL OR d.day < next_day) ORDER BY d.day LIMIT 1
            ) AS first CROSS JOIN LATERAL denta_${name}_day(account.a, account.b, first.day, wanted.id,
              denta_${name}_before(account.a, account.b, first.day)) e
            WHERE e.balance < 0 ORDER BY e.nth LIMIT 1;
            IF FOUND THEN
              shortages := shortages || $facts;
              searching := false;
            END IF;
          END IF;
        END IF;
        this_day := next_day;
      END LOOP;
    END LOOP;
    IF asked THEN
      PERFORM set_config('denta.shortages', shortages::text, true);
    ELSIF shortages <> '[]' THEN
      PERFORM denta_refuse('$name', jsonb_build_object('shortages', shortages));
    END IF;
  END;
"""
"""Each day is written once: `carry` is what the later days of the account change by, up to the next day that is added up entry by
entry. So what is below zero in between is so for good. Days in between only move, so that they are worse where they get lower.
"""
FACTS = """jsonb_build_object('a', account.a, 'b', account.b, 'moment', short.moment, 'id', short.id, 'balance', short.balance)"""


def ledger(
    name: str,
    *,
    kinds: tuple[type[Aggregate], ...],
    claim_of: Callable[[Any], LedgerClaim],
    forbids: Callable[[GuardTables, Account], bool],
    sql_forbids: str,
    refusal: Callable[[Sequence[BelowZero]], DomainError],
    revision: int = 1,
    reads: Reads[Any] | None = None,
) -> Guard:
    """A guard of the balances of one ledger.

    forbids  whether the rule is on for an account; `sql_forbids`: the same as an SQL expression over `account` (columns a and b).
    refusal  of the first shortage of each account, by ids of accounts.
    """

    def check(tables: GuardTables, claim: LedgerClaim) -> None:
        found = [short for short in _shortages(tables[name], claim) if forbids(tables, (short.a, short.b))]
        if found:
            raise GuardRefused(name, {"shortages": msgspec.to_builtins(found)})

    def refused(facts: Mapping[str, Any]) -> DomainError:
        return refusal(msgspec.convert(facts["shortages"], list[BelowZero]))

    def day(function: str, entries: str) -> str:
        claimed = _sql(ENTRIES_OF, claim="c", source=f"guard_{name} c CROSS JOIN LATERAL")
        of_day = _sql(entries, name=name, of_day=OF_DAY, claimed=claimed)
        return _sql(DAY_FUNCTION, name=name, function=function, balances=_sql(BALANCES, opening="opening", entries=of_day))

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
                fill=_sql(FILL_DAYS, name=name, balances=_sql(BALANCES, opening="0", entries=f"guard_{name}_entries")),
                indexes=tuple(_sql(index, name=name) for index in DAY_INDEXES),
            ),
        ),
        sql_helpers=(
            _sql(BEFORE_FUNCTION, name=name),
            day("day", DAY),
            day("day_as_it_was", DAY_AS_IT_WAS),
            _sql(WORSE_FUNCTION, name=name),
        ),
        sql_check=_sql(CHECK, name=name, forbids=sql_forbids, wanted=_sql(ENTRIES_OF, claim="wanted", source=""), facts=FACTS),
        check=check,
        refusal=refused,
        reads=reads,
    )


class PostgresLedger:
    """What the guard `name` knows, and would refuse if the rule was on; asked inside the clinic's write lock."""

    def __init__(self, name: str, database: Database) -> None:
        self._name = name
        self._entries = f"guard_{name}_entries"
        self._database = database

    def shortages(self, claim: LedgerClaim) -> Sequence[BelowZero]:
        """The first one of each account. The guard takes the claim, and gives it back."""
        query = sql.SQL("SELECT {}(%s::jsonb)").format(sql.Identifier(f"denta_guard_{self._name}"))
        with self._database.connection() as connection, connection.transaction(force_rollback=True):
            connection.execute("SELECT set_config('denta.shortages', '[]', true)")
            connection.execute(query, (msgspec.json.encode(claim).decode(),))
            found = connection.execute("SELECT current_setting('denta.shortages')").fetchone()
        return msgspec.json.decode(found[0] if found else "[]", type=list[BelowZero])

    def day(self, account: Account, day: date) -> tuple[int, list[tuple[int, int]]]:
        """What an account had before a day, and the entries on it: rank and delta."""
        opening = sql.SQL("SELECT {}(%s, %s, %s)").format(sql.Identifier(f"denta_{self._name}_before"))
        entries = sql.SQL("SELECT rank, delta FROM {} WHERE a = %s AND b = %s AND moment >= %s AND moment < %s").format(
            sql.Identifier(self._entries)
        )
        with self._database.connection() as connection:
            before = connection.execute(opening, (*account, day)).fetchone() or (0,)
            return before[0], connection.execute(entries, (*account, day, day + timedelta(days=1))).fetchall()

    def has_entries(self, a: UUID) -> bool:
        """Whether an account with this first id has entries."""
        query = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE a = %s)").format(sql.Identifier(self._entries))
        with self._database.connection() as connection:
            found = connection.execute(query, (a,)).fetchone()
        return bool(found and found[0])


class MemoryLedger:
    """The same without a database."""

    def __init__(self, claims: Callable[[], Sequence[LedgerClaim]]) -> None:
        self._claims = claims

    def shortages(self, claim: LedgerClaim) -> Sequence[BelowZero]:
        return list(_shortages({one.id: one for one in self._claims()}, claim))

    def day(self, account: Account, day: date) -> tuple[int, list[tuple[int, int]]]:
        claims = self._claims()
        earlier = [balance for (place, _), balance in _balances(account, claims).items() if place[0].date() < day]
        of_day = [entry for one in claims if one.moment.date() == day for entry in one.entries if (entry.a, entry.b) == account]
        return earlier[-1] if earlier else 0, [(entry.rank, entry.delta) for entry in of_day]

    def has_entries(self, a: UUID) -> bool:
        return any(entry.a == a for claim in self._claims() for entry in claim.entries)


def _sql(text: str, **values: str) -> str:
    return Template(text).substitute(values)


def _shortages(claims: Mapping[UUID, LedgerClaim], claim: LedgerClaim) -> Iterator[BelowZero]:
    """For each account, by ids, the first place at which the balance is below zero by this claim and lower than it was."""
    old, others = claims.get(claim.id), [one for id_, one in claims.items() if id_ != claim.id]
    touched = {(e.a, e.b) for one in (old, claim) if one is not None for e in one.entries}
    for account in sorted(touched, key=lambda pair: (pair[0].bytes, pair[1].bytes)):
        before = _balances(account, [*others, *([old] if old else [])])
        after = _balances(account, [*others, claim])
        was = now = 0
        for place, id_ in sorted(before.keys() | after.keys()):
            was, now = before.get((place, id_), was), after.get((place, id_), now)
            if now < 0 and now < was:
                yield BelowZero(*account, place[0], id_, now)
                break


def _balances(account: Account, claims: Sequence[LedgerClaim]) -> dict[tuple[Place, UUID], int]:
    """The balance after each entry of an account, in their order, by its place and document."""
    a, b = account[0].int, account[1].int  # comparing ids themselves takes five times as long
    entries = [(one, entry) for one in claims for entry in one.entries if entry.a.int == a and entry.b.int == b]
    found, balance = {}, 0
    for one, entry in sorted(entries, key=lambda pair: _place(*pair)):
        balance = (balance if entry.counted is None else entry.counted) + entry.delta
        found[_place(one, entry), one.id] = balance
    return found


def _place(claim: LedgerClaim, entry: Entry) -> Place:
    return claim.moment, entry.rank, claim.place, entry.line
