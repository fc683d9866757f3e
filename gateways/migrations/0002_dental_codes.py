"""The dental codes of МКБ-10, which a clinic works with until it loads the whole; nothing where a version of it is loaded."""

import csv
from datetime import datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

from psycopg import Connection

MKB_10 = "1.2.643.5.1.13.13.11.1005"


def migrate(connection: Connection[Any], now: datetime) -> None:
    if connection.execute("SELECT FROM dictionary_versions WHERE oid = %s LIMIT 1", (MKB_10,)).fetchone() is not None:
        return
    content = Path(__file__).with_suffix(".csv").read_bytes()
    rows = list(csv.reader(StringIO(content.decode()), delimiter=";"))
    connection.execute(
        "INSERT INTO dictionary_versions (oid, version, title, file_hash, loaded_at, entries) VALUES (%s, '0', %s, %s, %s, %s)",
        (MKB_10, "МКБ-10: стоматология", sha256(content).hexdigest(), now, len(rows)),
    )
    with connection.cursor().copy("COPY dictionary_entries (oid, version, code, name, actual) FROM STDIN") as copy:
        for code, name in rows:
            copy.write_row((MKB_10, "0", code, name, True))
