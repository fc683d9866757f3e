"""How brokers are reached, as the environment says it."""

from pathlib import Path

import pytest

from commands.ports.outside import WrongSetting
from gateways.kafka_settings import KafkaSettings


def of(**environment: str) -> KafkaSettings:
    given = {f"DENTA_KAFKA_{name}": value for name, value in environment.items()}
    found = KafkaSettings.of({"DENTA_KAFKA": "a:9092, b:9092", **given})
    assert found
    return found


def test_without_brokers_nothing_is_published() -> None:
    assert KafkaSettings.of({}) is None
    assert KafkaSettings.of({"DENTA_KAFKA": " ", "DENTA_KAFKA_TOPIC": "x"}) is None


def test_plain_brokers_and_the_topic() -> None:
    assert (of().servers, of().topic, of().partitions) == (("a:9092", "b:9092"), "denta.events", 6)
    assert of().connection()["security_protocol"] == "PLAINTEXT"
    assert (of(TOPIC="t", PARTITIONS="12").topic, of(PARTITIONS="12").partitions) == ("t", 12)


def test_signing_in_and_tls(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    options = of(TLS="yes", USER="denta", PASSWORD_FILE=str(secret)).connection()
    assert (options["security_protocol"], options["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    assert options["sasl_plain_password"] == "from a file"
    assert options["ssl_context"].check_hostname
    assert of(USER="denta", PASSWORD="x").connection()["security_protocol"] == "SASL_PLAINTEXT"


def test_a_password_is_never_shown() -> None:
    assert "geheim" not in repr(of(USER="denta", PASSWORD="geheim"))


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({"PARTITIONS": "many"}, "DENTA_KAFKA_PARTITIONS"),
        ({"PARTITIONS": "0"}, "DENTA_KAFKA_PARTITIONS"),
        ({"TLS": "maybe"}, "DENTA_KAFKA_TLS"),
        ({"SASL": "MD5"}, "DENTA_KAFKA_SASL"),
        ({"USER": "denta", "SASL": "PLAIN"}, "DENTA_KAFKA_TLS=yes"),
        ({"PASSWORD_FILE": "/nowhere"}, "/nowhere"),
    ],
)
def test_what_isnt_understood_is_one_line(environment: dict[str, str], names: str) -> None:
    with pytest.raises(WrongSetting, match=names):
        of(**environment)
