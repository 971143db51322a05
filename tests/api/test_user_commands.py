"""`sunruam user`: let people in and help them from the command line."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import DomainError
from members.cli import user_commands
from members.services import access, grants, producers, sessions, users
from members.services.producers import NewProducer
from tests.conftest import PASSWORD

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command in the test's own application, as the console script does."""

    def in_app(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def inside(*args: Any, **kwargs: Any) -> Any:
            try:
                return command(*args, **kwargs)
            except DomainError as error:
                click.echo(error.code, err=True)
                raise SystemExit(1) from None

        return inside

    group = user_commands(in_app)

    def command(*arguments: str, password: str = "") -> Result:
        db.session.rollback()
        return CliRunner().invoke(group, arguments, input=password)

    return command


def test_a_user_is_added_and_listed(run: Run) -> None:
    added = run(
        *("add", "somsri", "--name", "คุณสมศรี", "--role", "cashier", "--role", "auditor"),
        "--password-stdin",
        password=PASSWORD + "\n",
    )
    assert added.exit_code == 0, added.output
    assert "auditor, cashier" in added.output
    assert "somsri\tคุณสมศรี\tauditor, cashier" in run("list").output


def test_the_password_is_asked_for_twice(run: Run) -> None:
    added = run(
        *("add", "somsri", "--name", "x", "--role", "cashier"), password=f"{PASSWORD}\n{PASSWORD}\n"
    )
    assert added.exit_code == 0, added.output
    assert PASSWORD not in added.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "cashier", "--name", "x", "--role", "cashier"), "username-taken"),
        (("disable", "nobody"), "not-found"),
        (("list", "--centre", "999"), "not-found"),
        (("officer", "cashier", "--network", "999"), "not-found"),
        (("role", "cashier", "--give", "producer"), "producer-needed"),
    ],
)
def test_a_refusal_ends_with_1_and_its_code(
    run: Run, arguments: tuple[str, ...], code: str
) -> None:
    options = ("--password-stdin",) if arguments[0] == "add" else ()
    refused = run(*arguments, *options, password=PASSWORD + "\n")
    assert (refused.exit_code, refused.stderr.strip()) == (1, code)


def test_wrong_use_ends_with_2(run: Run) -> None:
    assert run("add", "somsri").exit_code == 2
    assert run("role", "cashier", "--give", "king").exit_code == 2


def test_every_command_has_its_help(run: Run) -> None:
    for command in ("add", "list", "disable", "enable", "password", "role", "officer"):
        shown = run(command, "--help")
        assert shown.exit_code == 0
        assert "--help" in shown.output


def test_a_user_is_kept_out_and_let_in_again(run: Run, cashier: Actor) -> None:
    assert run("disable", "cashier").exit_code == 0
    assert "(disabled)" in run("list").output
    with pytest.raises(sessions.SignInRefused):
        sessions.judge(in_transaction(sessions.reserve, "cashier", ""), PASSWORD)
    assert run("enable", "cashier").exit_code == 0
    sessions.judge(in_transaction(sessions.reserve, "cashier", ""), PASSWORD)


def test_a_new_password_is_set(run: Run) -> None:
    new = "ทุ่งนาเขียวขจี"
    assert run("password", "cashier", "--password-stdin", password=new + "\n").exit_code == 0
    sessions.judge(in_transaction(sessions.reserve, "cashier", ""), new)


def test_roles_are_given_and_taken_in_any_centre(
    run: Run, system: Actor, other_centre: Centre
) -> None:
    in_transaction(producers.create, NewProducer(name="ตามี", producer_no="P1"), system)
    user_id = users.find("cashier")
    assert user_id
    done = run("role", "cashier", "--give", "producer", "--producer", "P1", "--take", "cashier")
    assert done.exit_code == 0, done.output
    assert grants.roles_of(user_id, system.centre_id) == ("producer",)
    assert (
        run("role", "cashier", "--give", "auditor", "--centre", str(other_centre.id)).exit_code == 0
    )
    assert grants.roles_of(user_id, other_centre.id) == ("auditor",)


def test_an_officer_of_a_network_is_made_and_unmade(run: Run, centre: Centre) -> None:
    assert run("officer", "auditor", "--network", str(centre.network_id)).exit_code == 0
    assert run("officer", "auditor").exit_code == 0
    assert access.load_person("nonsense") is None
