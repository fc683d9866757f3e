"""Keys of the advisory locks. Lock order (ADR 14): the write lock comes before any table or row lock."""

WRITE_LOCK = 0x44454E5441  # "DENTA"

SCHEMA_LOCK = WRITE_LOCK + 1

PRUNING_LOCK = WRITE_LOCK + 2

IMPORTS_LOCK = WRITE_LOCK + 3

NUMBERS_LOCK = WRITE_LOCK + 4
