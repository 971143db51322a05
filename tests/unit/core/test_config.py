"""Settings: unknown or bad ones refuse to start and say why."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from core.config import BadSettings, Settings, complete, from_environment


def test_with_nothing_set_everything_lies_under_var(tmp_path: Path) -> None:
    settings = from_environment({"SUNRUAM_VAR": str(tmp_path), "PATH": "/bin"})
    assert settings.database_url == f"sqlite:///{tmp_path / 'sunruam.db'}"
    assert settings.broker_url == f"sqla+sqlite:///{tmp_path / 'broker.db'}"
    assert settings.mode == "embedded"


def test_the_secret_is_made_once_and_readable_by_us_only(tmp_path: Path) -> None:
    first = from_environment({"SUNRUAM_VAR": str(tmp_path)})
    again = from_environment({"SUNRUAM_VAR": str(tmp_path)})
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SUNRUAM_PROT", "8000", "SUNRUAM_PROT is not a setting"),
        ("SUNRUAM_PORT", "eight", "whole number"),
        ("SUNRUAM_PORT", "๘๐๐๐", "whole number"),
        ("SUNRUAM_PORT", "70000", "between 1 and 65535"),
        ("SUNRUAM_COOKIE_SECURE", "maybe", "yes or no"),
        ("SUNRUAM_MODE", "prod", "embedded, production"),
        ("SUNRUAM_DATABASE_URL", "mysql://x", "must start with"),
        ("SUNRUAM_BROKER_URL", "amqp://x", "must start with"),
        ("SUNRUAM_MODE", "production", "at least 32 characters"),
        ("SUNRUAM_SESSION_HOURS", "0", "at least 1"),
        ("SUNRUAM_BACKUP_KEEP", "0", "at least 1"),
        ("SUNRUAM_LOG_LEVEL", "LOUD", "DEBUG, INFO"),
        ("SUNRUAM_LOG_FORMAT", "xml", "json, text"),
        ("SUNRUAM_METRICS_TOKEN", "short", "at least 32 characters"),
    ],
)
def test_a_bad_setting_refuses_to_start_and_is_named(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    with pytest.raises(BadSettings, match=said):
        from_environment({"SUNRUAM_VAR": str(tmp_path), name: value})


def test_every_bad_setting_is_named_at_once(tmp_path: Path) -> None:
    bad = {"SUNRUAM_PROT": "1", "SUNRUAM_PORT": "x", "SUNRUAM_VAR": str(tmp_path)}
    with pytest.raises(BadSettings) as refusal:
        from_environment(bad)
    assert "SUNRUAM_PROT" in str(refusal.value)
    assert "SUNRUAM_PORT" in str(refusal.value)


def test_variables_of_the_tests_are_not_settings(tmp_path: Path) -> None:
    from_environment({"SUNRUAM_TEST_ANYTHING": "1", "SUNRUAM_VAR": str(tmp_path)})


def test_production_with_a_given_secret_starts(tmp_path: Path) -> None:
    settings = complete(Settings(mode="production", var=tmp_path, secret_key="s" * 32))
    assert settings.secret_key == "s" * 32
    assert not (tmp_path / "secret_key").exists()


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = from_environment({"SUNRUAM_VAR": str(tmp_path)})
    with pytest.raises(AttributeError):
        settings.port = 1  # type: ignore[misc]
