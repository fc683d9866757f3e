"""Numbers of the advisory locks. Held in this order (ADR 14): the write lock before anything of a table."""

WRITE_LOCK = 0x44454E5441  # "DENTA"

SCHEMA_LOCK = WRITE_LOCK + 1

PRUNING_LOCK = WRITE_LOCK + 2

WORKER_LOCK = WRITE_LOCK + 3
