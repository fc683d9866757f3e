"""What an external PostgreSQL database has to have, checked before anything is created in it."""

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from commands.ports.database import DatabaseUnsuitable

OLDEST = 15
"""The oldest major version that tests run on."""
EXTENSIONS = ("btree_gist", "pg_trgm")
"""Extensions that come with PostgreSQL; any user who may create objects in the database may create them."""

IN_UTF8 = "EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND pg_encoding_to_char(encoding) = 'UTF8')"
KNOWS_RUSSIAN = "lower(chr(1025)) = chr(1105)"  # Ё, ё: not in the range of the other letters
MAY_CREATE = "coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"
MAY_EXTEND = "has_database_privilege(current_database(), 'CREATE')"
IS_INSTALLED = "EXISTS (SELECT FROM pg_extension WHERE extname = {})"
IS_SUPPLIED = "EXISTS (SELECT FROM pg_available_extensions WHERE name = {})"


def require_suitable(connection: Connection[TupleRow]) -> None:
    """Raise DatabaseUnsuitable with what is missing and how to get it."""

    def holds(condition: str, *names: str) -> bool:
        query = sql.SQL("SELECT " + condition).format(*map(sql.Literal, names))
        return connection.execute(query).fetchone() == (True,)

    major = connection.info.server_version // 10_000
    if major < OLDEST:
        raise DatabaseUnsuitable(f"На сервере базы данных PostgreSQL {major}, а нужен {OLDEST} или новее")
    if not holds(IN_UTF8):
        raise DatabaseUnsuitable("База данных не в UTF-8; создайте её так: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'")
    if not holds(KNOWS_RUSSIAN):
        raise DatabaseUnsuitable(
            "База данных не знает русских букв; создайте её так: CREATE DATABASE … TEMPLATE template0 LC_CTYPE 'C.UTF-8'"
        )
    if not holds(MAY_CREATE):
        raise DatabaseUnsuitable("Нет права создавать таблицы в базе данных; сделайте пользователя Denta её владельцем")
    missing = [name for name in EXTENSIONS if not holds(IS_INSTALLED, name)]
    if absent := [name for name in missing if not holds(IS_SUPPLIED, name)]:
        raise DatabaseUnsuitable(
            f"На сервере базы данных нет расширений PostgreSQL: {', '.join(absent)}; поставьте пакет postgresql-contrib"
        )
    if missing and not holds(MAY_EXTEND):
        raise DatabaseUnsuitable(
            f"Нет права создать в базе данных расширения {', '.join(missing)}; сделайте пользователя Denta её владельцем"
        )
