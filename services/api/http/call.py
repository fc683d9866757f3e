"""One request as a route sees it: who asks, by which rights, what version was seen, and how to answer."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, tzinfo
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import UUID

import msgspec
from psycopg import Connection
from starlette.requests import Request
from starlette.responses import Response

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from commands.context import Context, Receipt
from commands.ports.access_log import AccessLogEntry
from commands.ports.clinic import Clinic
from readmodels.access_log import About, Way
from services.api.http.problems import BodyMalformed, SignedOut

if TYPE_CHECKING:
    from services.api.http.components import Components
    from services.api.http.heavy_work import Work
    from services.api.http.principal import Principal
    from services.bootstrap import Denta

MAX_BIGINT = 9_223_372_036_854_775_807


class Call(Request):
    """A request of a declared route, after its right was checked."""

    @property
    def components(self) -> "Components":
        found: Components = self.scope["app"].state.components
        return found

    @property
    def denta(self) -> "Denta":
        return self.components.denta

    @property
    def clinic(self) -> Clinic:
        """The write side."""
        return self.denta.clinic

    @property
    def user(self) -> str:
        """Whose request it is, as heavy work counts them: a user's, or a stranger's by the address."""
        principal: Principal | None = self.scope.get("denta.principal")
        return self.address if principal is None else str(principal.user_id)

    async def gone(self) -> None:
        """Return when the client has left. The body has to be read before."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    @property
    def zone(self) -> tzinfo:
        """The clinic's clock."""
        return self.clinic.cached(ClinicSettings, SETTINGS_ID).time_zone

    @property
    def local_now(self) -> datetime:
        """What that clock shows now, without a zone."""
        return self.denta.clock().astimezone(self.zone).replace(tzinfo=None)

    def shows_deleted(self, asked: bool) -> bool:
        """Whether a list holds deleted objects too: where it is asked to and the clinic's settings show them (DEL-2)."""
        return asked and self.clinic.load(ClinicSettings, SETTINGS_ID).show_deleted

    def reading(self) -> AbstractContextManager[Connection[Any]]:
        """A connection to read models for one query."""
        return self.denta.database.connection()

    @property
    def principal(self) -> "Principal":
        """The signed-in user; SignedOut where the route is public and nobody is."""
        principal: Principal | None = self.scope.get("denta.principal")
        if principal is None:
            raise SignedOut
        return principal

    @property
    def only_doctor_id(self) -> UUID | None:
        """Of all visits the user may see only this doctor's, their own; None: everybody's. Each route that shows visits asks."""
        return self.principal.only_doctor_id

    @property
    def patients_of(self) -> UUID | None:
        """Of all patients the user may see only this doctor's, their own; None: everybody. Each route that shows any asks."""
        return self.principal.patients_of

    @property
    def address(self) -> str:
        """The client's address; behind a trusted proxy the forwarded one."""
        return self.scope["client"][0] if self.scope.get("client") else ""

    @property
    def correlation_id(self) -> str:
        found: str = self.scope.get("denta.correlation_id", "")
        return found

    @property
    def upload(self) -> BinaryIO:
        """The file that the body is, on routes that take one."""
        file: BinaryIO = self.scope["denta.upload"]
        return file

    @property
    def upload_digest(self) -> str:
        """SHA-256 of that file, which is read from its beginning again afterwards."""
        self.upload.seek(0)
        digest = sha256()
        while piece := self.upload.read(1 << 18):
            digest.update(piece)
        self.upload.seek(0)
        return digest.hexdigest()

    @property
    def expected(self) -> int:
        """The version that the person looked at: `If-Match: "N"`."""
        raw = self.headers.get("if-match", "").removeprefix("W/").strip('"')
        if not (raw.isascii() and raw.isdigit() and len(raw) <= 9):
            raise BodyMalformed(fields=[{"field": "If-Match", "reason": 'Укажите версию, которую вы видели: If-Match: "3".'}])
        return int(raw)

    @property
    def asks_position(self) -> bool:
        return "x-position" in self.headers

    @property
    def position(self) -> int:
        """The log position that the answer has to know of: `X-Position`; 0 without."""
        raw = self.headers.get("x-position", "0")
        if not (raw.isascii() and raw.isdigit() and int(raw[:20]) <= MAX_BIGINT):
            raise BodyMalformed(fields=[{"field": "X-Position", "reason": "Здесь ожидается номер записи журнала событий."}])
        return int(raw[:20])

    @property
    def accepted(self) -> frozenset[str]:
        """Keys of the warnings that the person accepts: `Accepted-Warnings: key, key`."""
        raw = self.headers.get("accepted-warnings", "")
        return frozenset(key for part in raw.split(",") if (key := part.strip()))

    @property
    def command_id(self) -> UUID | None:
        raw = self.headers.get("idempotency-key")
        if raw is None:
            return None
        try:
            return UUID(raw)
        except ValueError:
            raise BodyMalformed(
                fields=[{"field": "Idempotency-Key", "reason": "Ключ повтора должен быть идентификатором UUID."}]
            ) from None

    def context(self, command: str, *, secret: bool = False) -> Context:
        """The circumstances of the command that this request asks for.

        A digest of all that was asked is stored with the command, to notice a reused `Idempotency-Key`. `secret`: the body holds
        a password or a code, which a quick digest would let be guessed; it is digested as slowly as passwords are. Overloaded.
        """
        principal: Principal | None = self.scope.get("denta.principal")
        return Context(
            now=self.denta.clock(),
            command=command,
            user_id=principal.user_id if principal else None,
            employee_id=principal.employee_id if principal else None,
            only_doctor_id=principal.only_doctor_id if principal else None,
            patients_of=principal.patients_of if principal else None,
            accepted=self.accepted,
            address=self.address,
            correlation_id=self.correlation_id,
            command_id=self.command_id,
            body_digest=self._digest(secret=secret),
        )

    @contextmanager
    def once(self, command: str, *, secret: bool = False) -> Iterator[bool]:
        """Around a change that no event reports: whether it has still to be made. An `Idempotency-Key` that was here before says
        no; what is written inside is committed together with the key, or neither. IdempotencyKeyReused.
        """
        ctx = self.context(command, secret=secret)
        if ctx.command_id is None:
            yield True
            return
        with self.clinic.write_lock():
            is_new = self.clinic.stored_receipt(ctx) is None
            yield is_new
            if is_new:
                self.clinic.note_command(ctx)

    def _digest(self, *, secret: bool) -> str:
        asked = [self.method, self.url.path, self.headers.get("if-match", ""), *filter(None, [self.url.query])]
        body = self.upload_digest.encode() if "denta.upload" in self.scope else getattr(self, "_body", b"")
        told = "\n".join(asked).encode() + b"\n" + body
        if not secret:
            return sha256(told).hexdigest()
        # without a key nobody can ask again, so there is nothing to compare
        return "" if self.command_id is None else self.components.authentication.slow_digest(told, self.command_id.bytes)

    def record_access(
        self,
        way: Way,
        about: About,
        *,
        object_id: UUID | None = None,
        patient_id: UUID | None = None,
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the domain's own word
        count: int | None = None,
    ) -> None:
        """Note that this user looks at personal data: of one patient, or a list by its filter and how many are in it (SEC-6)."""
        self.denta.access_log.record(
            AccessLogEntry(
                moment=self.denta.clock(),
                user_id=self.principal.user_id,
                employee_id=self.principal.employee_id,
                address=self.address,
                way=way,
                about=about,
                object_id=object_id,
                patient_id=patient_id,
                filter=filter,
                count=count,
            )
        )

    def answer(self, value: Any, headers: Mapping[str, str] | None = None) -> Response:
        """A value of JSON (rows, structs, dictionaries of them) as the response, with the status the route declares.

        The declared model isn't consulted at each request; the tests hold every answer against it.
        """
        return Response(msgspec.json.encode(value), self.scope["route"].declared.status, headers, "application/json")

    @property
    def work(self) -> "Work":
        """The heavy work that this request is, on routes that say so."""
        found: Work = self.scope["denta.work"]
        return found

    def nothing(self, headers: Mapping[str, str]) -> Response:
        """Done, and nothing to say."""
        return Response(status_code=204, headers=headers)

    def versioned(self, value: Any, version: int) -> Response:
        """A value with the version to send in `If-Match` of a change."""
        return self.answer(value, {"ETag": f'"{version}"'})

    def done(self, receipt: Receipt, **more: Any) -> Response:
        """The answer of a command, with its version as `ETag` and its position as `X-Position`."""
        self.components.read_your_writes.know_of(receipt.position)
        said = {"id": receipt.id, "version": receipt.version, "position": receipt.position, **more}
        return self.answer(said, {"ETag": f'"{receipt.version}"', "X-Position": str(receipt.position)})
