"""Settings of the connection to Kafka: DENTA_KAFKA and related variables.

DENTA_KAFKA                the brokers, host:port with commas between; without it nothing is published
DENTA_KAFKA_TOPIC          default: denta.events
DENTA_KAFKA_PARTITIONS     of the topic where it isn't there yet; default: 6
DENTA_KAFKA_REPLICATION    likewise; default: as the brokers are set up
DENTA_KAFKA_TLS            yes or no; default: yes where there is an authority or a certificate
DENTA_KAFKA_CA             file with the authority that signed the brokers' certificates; default: those that the system trusts
DENTA_KAFKA_CERTIFICATE    file with our certificate, and _KEY with its key
DENTA_KAFKA_USER           name to sign in with, with _PASSWORD or _PASSWORD_FILE
DENTA_KAFKA_SASL           SCRAM-SHA-512 (without it), SCRAM-SHA-256 or PLAIN
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from commands.ports.outside import WrongSetting


@dataclass(frozen=True)
class KafkaSettings:
    """Connection to the brokers, and the topic."""

    servers: tuple[str, ...]
    topic: str = "denta.events"
    partitions: int = 6
    """Of the topic, if it has to be created."""
    replication: int = -1
    """Likewise; -1: the brokers' default."""
    tls: bool = False
    authority: str = ""
    certificate: str = ""
    key: str = ""
    """Files."""
    user: str = ""
    password: str = field(default="", repr=False)
    mechanism: str = "SCRAM-SHA-512"

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self | None:
        """From environment variables; None without DENTA_KAFKA. WrongSetting."""
        if not (servers := environment.get("DENTA_KAFKA", "").strip()):
            return None

        def given(name: str) -> str:
            return environment.get(f"DENTA_KAFKA_{name}", "").strip()

        def number(name: str, default: int) -> int:
            text = given(name)
            if text and not (text.isascii() and text.isdigit() and 0 < int(text) < 10_000):
                raise WrongSetting(f"DENTA_KAFKA_{name}: нужно число больше нуля, а не «{text}».")
            return int(text) if text else default

        password = environment.get("DENTA_KAFKA_PASSWORD", "")
        if file := given("PASSWORD_FILE"):
            try:
                password = Path(file).read_text(encoding="utf-8").rstrip("\n")
            except OSError as error:
                raise WrongSetting(f"DENTA_KAFKA_PASSWORD_FILE: файл {file} не читается ({error.strerror}).") from error
        tls = given("TLS").lower()
        if tls not in {"", "yes", "no"}:
            raise WrongSetting(f"DENTA_KAFKA_TLS: yes или no, а не «{tls}».")
        settings = cls(
            servers=tuple(server.strip() for server in servers.split(",") if server.strip()),
            topic=given("TOPIC") or cls.topic,
            partitions=number("PARTITIONS", cls.partitions),
            replication=number("REPLICATION", cls.replication),
            tls=tls == "yes" or (tls != "no" and bool(given("CA") or given("CERTIFICATE"))),
            authority=given("CA"),
            certificate=given("CERTIFICATE"),
            key=given("KEY"),
            user=given("USER"),
            password=password,
            mechanism=given("SASL") or cls.mechanism,
        )
        if settings.mechanism not in {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}:
            raise WrongSetting("DENTA_KAFKA_SASL: PLAIN, SCRAM-SHA-256 или SCRAM-SHA-512.")
        if settings.user and settings.mechanism == "PLAIN" and not settings.tls:
            raise WrongSetting("DENTA_KAFKA_SASL: PLAIN передаёт пароль открыто; включите DENTA_KAFKA_TLS=yes.")
        return settings

    def connection(self) -> dict[str, Any]:
        """Arguments for the library's clients."""
        options: dict[str, Any] = {"bootstrap_servers": list(self.servers), "client_id": "denta"}
        if self.tls:
            context = ssl.create_default_context(cafile=self.authority or None)
            if self.certificate:
                context.load_cert_chain(self.certificate, self.key or None)
            options["ssl_context"] = context
        if self.user:
            options |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password,
            }
        protocol = ("SASL_" if self.user else "") + ("SSL" if self.tls else "PLAINTEXT")
        return options | {"security_protocol": protocol}
