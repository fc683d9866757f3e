"""One request as a route sees it: the user and their rights, headers of commands and queries, and how to answer."""

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
from readmodels.access_log import AccessAction, AccessedType
from services.api.http.problems import BodyMalformed, SignedOut

if TYPE_CHECKING:
    from services.api.http.components import Components
    from services.api.http.heavy_work import RunningWork
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
        """The key by which heavy work limits requests per user: the user's id, or the address of somebody not signed in."""
        principal: Principal | None = self.scope.get("denta.principal")
        return self.address if principal is None else str(principal.user_id)

    async def gone(self) -> None:
        """Return when the client has disconnected. The body must have been read."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    @property
    def zone(self) -> tzinfo:
        """The clinic's time zone."""
        return self.clinic.cached(ClinicSettings, SETTINGS_ID).time_zone

    @property
    def local_now(self) -> datetime:
        """The clinic's wall clock now, without a zone."""
        return self.denta.clock().astimezone(self.zone).replace(tzinfo=None)

    def shows_deleted(self, asked: bool) -> bool:
        """Whether a list contains deleted objects too: if requested and allowed by the clinic's settings (DEL-2)."""
        return asked and self.clinic.load(ClinicSettings, SETTINGS_ID).show_deleted

    def reading(self) -> AbstractContextManager[Connection[Any]]:
        """A connection to read models for one query."""
        return self.denta.database.connection()

    def require_present(self, *models: str) -> None:
        """For commands that decide by read models: wait until these include all that was done before. ReadModelBehind."""
        self.components.read_your_writes.require_present(models)

    @property
    def principal(self) -> "Principal":
        """The signed-in user. Raises SignedOut if there is none, on a public route."""
        principal: Principal | None = self.scope.get("denta.principal")
        if principal is None:
            raise SignedOut
        return principal

    @property
    def only_doctor_id(self) -> UUID | None:
        """The only doctor (the user) whose visits are shown; None: all. Every route that shows visits checks it."""
        return self.principal.only_doctor_id

    @property
    def patients_of(self) -> UUID | None:
        """The only doctor (the user) whose patients are shown; None: all. Every route that shows patients checks it."""
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
        """The uploaded file, on routes with `upload=`."""
        file: BinaryIO = self.scope["denta.upload"]
        return file

    @property
    def upload_digest(self) -> str:
        """SHA-256 of that file; rewinds it."""
        self.upload.seek(0)
        digest = sha256()
        while piece := self.upload.read(1 << 18):
            digest.update(piece)
        self.upload.seek(0)
        return digest.hexdigest()

    @property
    def expected(self) -> int:
        """The version that the user saw: `If-Match: "N"`. Raises BodyMalformed."""
        raw = self.headers.get("if-match", "").removeprefix("W/").strip('"')
        if not (raw.isascii() and raw.isdigit() and len(raw) <= 9):
            raise BodyMalformed(fields=[{"field": "If-Match", "reason": 'Укажите версию, которую вы видели: If-Match: "3".'}])
        return int(raw)

    @property
    def has_position(self) -> bool:
        return self._position is not None

    @property
    def _position(self) -> str | None:
        """As it was sent: `X-Position`, or `position` of a paper, which a browser opens by nothing but its address."""
        is_paper = self.scope["route"].declared.media == "application/pdf"
        return self.headers.get("x-position", self.query_params.get("position") if is_paper else None)

    @property
    def position(self) -> int:
        """The log position that the answer must include; 0 without one."""
        raw = "0" if self._position is None else self._position
        if not (raw.isascii() and raw.isdigit() and int(raw[:20]) <= MAX_BIGINT):
            raise BodyMalformed(fields=[{"field": "X-Position", "reason": "Здесь ожидается номер записи журнала событий."}])
        return int(raw[:20])

    @property
    def accepted(self) -> frozenset[str]:
        """Keys of the warnings that the user accepts: `Accepted-Warnings: key, key`."""
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
        """The context of the command that this request runs.

        A digest of the request is stored with the command, to detect a reused `Idempotency-Key`. `secret`: the body contains a
        password or a code, so the digest is as slow as a password's hash, against guessing. Raises Overloaded.
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
        """Wraps a change that isn't an event; yields whether it has to be made, which is False for a repeated `Idempotency-Key`.
        What is written inside is committed together with the key. Raises IdempotencyKeyReused.
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
        head = [self.method, self.url.path, self.headers.get("if-match", ""), *filter(None, [self.url.query])]
        body = self.upload_digest.encode() if "denta.upload" in self.scope else getattr(self, "_body", b"")
        content = "\n".join(head).encode() + b"\n" + body
        if not secret:
            return sha256(content).hexdigest()
        # a request without a key can't be repeated, so there is nothing to compare
        return "" if self.command_id is None else self.components.authentication.slow_digest(content, self.command_id.bytes)

    def record_access(
        self,
        action: AccessAction,
        object_type: AccessedType,
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
                action=action,
                object_type=object_type,
                object_id=object_id,
                patient_id=patient_id,
                filter=filter,
                count=count,
            )
        )

    def answer(self, value: Any, headers: Mapping[str, str] | None = None) -> Response:
        """The value (rows, structs, dictionaries of them) as a JSON response with the status that the route declares.

        The value isn't validated against the declared schema at run time; the tests compare every answer with it.
        """
        return Response(msgspec.json.encode(value), self.scope["route"].declared.status, headers, "application/json")

    @property
    def work(self) -> "RunningWork":
        """The heavy work of this request, on routes with `heavy=`."""
        found: RunningWork = self.scope["denta.work"]
        return found

    def nothing(self, headers: Mapping[str, str]) -> Response:
        """204 No Content."""
        return Response(status_code=204, headers=headers)

    def versioned(self, value: Any, version: int) -> Response:
        """The value, with its version as `ETag`: a change sends it in `If-Match`."""
        return self.answer(value, {"ETag": f'"{version}"'})

    def done(self, receipt: Receipt, **more: Any) -> Response:
        """A command's receipt, with its version as `ETag` and its position as `X-Position`."""
        self.components.read_your_writes.note_position(receipt.position)
        body = {"id": receipt.id, "version": receipt.version, "position": receipt.position, **more}
        return self.answer(body, {"ETag": f'"{receipt.version}"', "X-Position": str(receipt.position)})
