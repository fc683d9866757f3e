"""An installation's secrets: in the environment or, better, in a file that the environment names."""

import os
from pathlib import Path

from services.process.operator_error import OperatorError


def secret(name: str) -> str:
    """The setting `name`, or the first line of the file that `name`_FILE names; "" if neither is set. Raises OperatorError."""
    file = os.environ.get(f"{name}_FILE", "")
    if not file:
        return os.environ.get(name, "")
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "это не текст в UTF-8"
        raise OperatorError(f"{name}_FILE: файл {file} не читается ({reason})") from error
    if not lines or not lines[0]:
        raise OperatorError(f"{name}_FILE: в файле {file} пусто")
    return lines[0]
