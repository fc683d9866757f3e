"""The only way to write to the log: `denta_append`. (Tables: `migrations/0001_baseline.sql`.)

One call writes everything that belongs together. It takes the clinic's write lock first, so positions have the order of commits:
a reader that has seen position n has seen all before it. Positions have no gaps: each is the last one plus one.

An append without events stores its command id, so that repeating a command without effect returns the same receipt.

`denta_append(appends)` takes a JSON array of appends, each with its own outcome, so that callers of one process share a commit
without sharing their refusals. The outcome of each is one of `{"position"}`, `{"fingerprint", "position", "answer"}` (the
command id was seen before), `{"refused", "facts"}`, `{"sqlstate", "message"}`. An error of the server, such as a lock time-out
or a full disk, fails the whole call: the next append would meet it too, while the write lock is held.

`denta_append_each(appends)` has the same arguments and results. If nothing is refused it writes table by table, which takes two
thirds of the time under the lock; otherwise it falls back to one by one.
"""

import hashlib
from collections.abc import Sequence
from string import Template

from gateways.guards.declaration import Guard
from gateways.locks import WRITE_LOCK

CHANNEL = "denta_events"
REFUSAL = "DE001"

NOT_OF_ONE = (
    "transaction_rollback OR insufficient_resources OR operator_intervention OR system_error"
    " OR lock_not_available OR object_in_use OR read_only_sql_transaction"
)
"""Conditions of the server rather than of one append: those that `readmodels.sqlstate` doesn't call `fault`."""

APPEND = """
CREATE OR REPLACE FUNCTION denta_append(appends json) RETURNS jsonb LANGUAGE plpgsql AS $$$$
DECLARE
  item json;
  command uuid;
  first commands;
  claim json;
  facts jsonb;
  last_position bigint;
  last_moment timestamptz;
  next_position bigint;
  outcome jsonb;
  outcomes jsonb := '[]';
  told bigint;
  broken text;
BEGIN
  PERFORM pg_advisory_xact_lock($lock);
  SELECT position, recorded_at INTO last_position, last_moment FROM events ORDER BY position DESC LIMIT 1;
  last_position := coalesce(last_position, 0);
  FOR item IN SELECT value FROM json_array_elements(appends) LOOP
    BEGIN
      command := (item->>'command_id')::uuid;
      next_position := last_position + json_array_length(item->'events');
      INSERT INTO commands (command_id, fingerprint, position, answer)
      VALUES (command, item->>'fingerprint', CASE WHEN next_position > last_position THEN next_position ELSE 0 END,
        item->'answer') ON CONFLICT (command_id) DO NOTHING;
      IF NOT FOUND THEN
        SELECT * INTO first FROM commands WHERE command_id = command;
        outcome := jsonb_build_object('fingerprint', first.fingerprint, 'position', first.position, 'answer', first.answer);
      ELSE
        IF item->>'guards' <> '$known' THEN
          PERFORM denta_refuse('guards', '{}');
        END IF;
        IF item->'unchanged' IS NOT NULL THEN
          SELECT jsonb_build_object('id', c.id) INTO facts
          FROM json_to_recordset(item->'unchanged') AS c(id uuid, version integer)
          WHERE c.version <> coalesce((SELECT max(originator_version) FROM events WHERE originator_id = c.id), 0) LIMIT 1;
          IF FOUND THEN
            PERFORM denta_refuse('unchanged', facts);
          END IF;
        END IF;
        IF item->'claims' IS NOT NULL THEN
          FOR claim IN SELECT value FROM json_array_elements(item->'claims') LOOP
            CASE claim->>'guard'
$guards
            END CASE;
          END LOOP;
        END IF;
        INSERT INTO events (position, originator_id, originator_version, topic, state, metadata, recorded_at)
        SELECT last_position + e.ordinality, (e.value->>'id')::uuid, (e.value->>'version')::integer, e.value->>'topic',
          e.value->'state', item->'metadata', greatest(clock_timestamp(), last_moment)
        FROM json_array_elements(item->'events') WITH ORDINALITY AS e;
        IF item->'passwords' IS NOT NULL THEN
          INSERT INTO credentials (access_id, password_hash)
          SELECT c.id, c.hash FROM json_to_recordset(item->'passwords') AS c(id uuid, hash text)
          ON CONFLICT (access_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = clock_timestamp();
        END IF;
        told := CASE WHEN next_position > last_position THEN next_position ELSE told END;
        last_position := next_position;
        outcome := jsonb_build_object('position', next_position);
      END IF;
    EXCEPTION
      WHEN $not_of_one THEN
        RAISE;
      WHEN SQLSTATE '$refusal' THEN
        GET STACKED DIAGNOSTICS broken = PG_EXCEPTION_DETAIL;
        outcome := jsonb_build_object('refused', SQLERRM, 'facts', broken::jsonb);
      WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
        outcome := CASE WHEN broken = 'events_stream' THEN jsonb_build_object('refused', 'version')
                        ELSE jsonb_build_object('sqlstate', SQLSTATE, 'message', SQLERRM) END;
    END;
    outcomes := outcomes || outcome;
  END LOOP;
  IF told IS NOT NULL THEN
    PERFORM pg_notify('$channel', told::text);
  END IF;
  RETURN outcomes;
END
$$$$
"""

APPEND_EACH = """
CREATE OR REPLACE FUNCTION denta_append_each(appends json) RETURNS jsonb LANGUAGE plpgsql AS $$$$
DECLARE
  claim json;
  last_position bigint;
  moment timestamptz;
  outcomes jsonb;
  relies boolean;
  sets_passwords boolean;
  some_empty boolean;
  some_other boolean;
BEGIN
  PERFORM pg_advisory_xact_lock($lock);
  SELECT bool_or(unchanged IS NOT NULL), bool_or(passwords IS NOT NULL), bool_or(json_array_length(events) = 0),
    coalesce(bool_or(guards <> '$known'), false)
  INTO relies, sets_passwords, some_empty, some_other
  FROM json_to_recordset(appends) AS a(unchanged json, passwords json, events json, guards text);
  IF some_empty OR some_other THEN
    RETURN denta_append(appends);  -- positions tell appends apart below, and one without events has none
  END IF;
  SELECT position, recorded_at INTO last_position, moment FROM events ORDER BY position DESC LIMIT 1;
  last_position := coalesce(last_position, 0);
  moment := greatest(clock_timestamp(), moment);
  BEGIN
    WITH taken AS (
      INSERT INTO commands (command_id, fingerprint, position, answer)
      SELECT a.command_id, a.fingerprint, last_position + sum(json_array_length(a.events)) OVER (ORDER BY a.n), a.answer
      FROM ROWS FROM (json_to_recordset(appends) AS (command_id uuid, fingerprint text, answer json, events json))
        WITH ORDINALITY AS a(command_id, fingerprint, answer, events, n)
      RETURNING position
    )
    SELECT jsonb_agg(jsonb_build_object('position', position) ORDER BY position) INTO outcomes FROM taken;
    IF relies AND EXISTS (
      SELECT FROM ROWS FROM (json_to_recordset(appends) AS (unchanged json)) WITH ORDINALITY AS a(unchanged, n)
        CROSS JOIN LATERAL json_to_recordset(a.unchanged) AS c(id uuid, version integer)
      WHERE c.version <> coalesce((SELECT max(originator_version) FROM events WHERE originator_id = c.id), 0)
        OR c.id IN (
          SELECT e.id FROM ROWS FROM (json_to_recordset(appends) AS (events json)) WITH ORDINALITY AS b(events, n)
            CROSS JOIN LATERAL json_to_recordset(b.events) AS e(id uuid)
          WHERE b.n < a.n  -- what one relies on must not be changed by one before it either
        )
    ) THEN
      PERFORM denta_refuse('unchanged', '{}');
    END IF;
    FOR claim IN
      SELECT c.value FROM json_array_elements(appends) WITH ORDINALITY AS a(value, n)
        CROSS JOIN LATERAL json_array_elements(a.value->'claims') WITH ORDINALITY AS c(value, n)
      ORDER BY a.n, c.n
    LOOP
      CASE claim->>'guard'
$guards
      END CASE;
    END LOOP;
    INSERT INTO events (position, originator_id, originator_version, topic, state, metadata, recorded_at)
    SELECT last_position + row_number() OVER (ORDER BY a.n, e.n), e.id, e.version, e.topic, e.state, a.metadata, moment
    FROM ROWS FROM (json_to_recordset(appends) AS (metadata json, events json)) WITH ORDINALITY AS a(metadata, events, n)
      CROSS JOIN LATERAL ROWS FROM (json_to_recordset(a.events) AS (id uuid, version integer, topic text, state json))
        WITH ORDINALITY AS e(id, version, topic, state, n);
    IF sets_passwords THEN
      INSERT INTO credentials (access_id, password_hash)
      SELECT c.id, c.hash FROM json_to_recordset(appends) AS a(passwords json)
        CROSS JOIN LATERAL json_to_recordset(a.passwords) AS c(id uuid, hash text)
      ON CONFLICT (access_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = clock_timestamp();
    END IF;
    PERFORM pg_notify('$channel', outcomes->-1->>'position');
    RETURN outcomes;
  EXCEPTION
    WHEN $not_of_one THEN
      RAISE;
    WHEN OTHERS THEN
    -- something speaks against one of them; which it is, and what, is found one by one
  END;
  RETURN denta_append(appends);
END
$$$$
"""


def known_guards(guards: Sequence[Guard]) -> str:
    """A digest of the guards that a program knows. An append with another digest is refused: it would miss claims of some
    guards.
    """
    return hashlib.sha256(" ".join(f"{guard.name}.{guard.revision}" for guard in guards).encode()).hexdigest()[:16]


def append_functions(guards: Sequence[Guard]) -> tuple[str, str]:
    """DDL of both append functions, with a branch for each guard."""
    branches = "\n".join(
        f"              WHEN '{g.name}' THEN PERFORM denta_guard_{g.name}((claim->'claim')::jsonb);" for g in guards
    )
    values = {
        "guards": branches,
        "known": known_guards(guards),
        "lock": WRITE_LOCK,
        "refusal": REFUSAL,
        "channel": CHANNEL,
        "not_of_one": NOT_OF_ONE,
    }
    return Template(APPEND).substitute(values), Template(APPEND_EACH).substitute(values)
