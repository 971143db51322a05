"""The console script `sunruam`: set up, run, look after, and prove.

Exit codes: 0 done; 1 a check failed or a refusal, the text says which; 2 wrong use or settings.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from members import cli as members_cli
from pos.cli import keeping
from pos.cli.frame import FAILED, MISUSED, in_app, in_app_of, settings_or_stop, stop


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sunruam")
def main() -> None:
    """Sunruam: the till and the books of a community's produce centre.

    Settings come from SUNRUAM_* variables; see README.md.
    """


@main.command()
@click.option("--centre", "name", help="Found a centre of this (Thai) name as well.")
@click.option("--name-en", default="", help="Its English name.  [default: the Thai one]")
@click.option("--code", default="C1", show_default=True, help="Its short code.")
@click.option("--manager", help="Sign-in name of its first manager; the password is printed once.")
def init(name: str | None, name_en: str, code: str, manager: str | None) -> None:
    """Make or migrate the database, install its guards, and grant the app's role its rights.

    On PostgreSQL, set SUNRUAM_OWNER_DATABASE_URL to the owner's address: migrations run as the
    owner, and the role of SUNRUAM_DATABASE_URL owns nothing.

    With --centre and --manager a centre is founded: chart of accounts, shelves, a till, a manager.
    """
    from migrations.run import initialise

    if bool(name) != bool(manager):
        stop("--centre and --manager go together", MISUSED)
    click.echo(initialise(settings_or_stop()))
    if name and manager:
        _found(name, name_en or name, code, manager)


@in_app
def _found(name_th: str, name_en: str, code: str, manager: str) -> None:
    from core.db import in_transaction
    from core.ids import new_secret
    from members.services.centres import NewCentre
    from pos.services import founding

    password = new_secret()[:16]
    actor = in_transaction(
        founding.found_with_manager,
        NewCentre(code=code, name_th=name_th, name_en=name_en),
        manager,
        password,
    )
    click.echo(f"Centre {actor.centre_id} is founded. Sign in as {manager} with {password}")


@main.command()
@click.option("--seed", default=2569, show_default=True, help="Same seed, same shop.")
@click.option("--days", default=60, show_default=True, help="Days of trade up to yesterday.")
@click.option("--if-empty", is_flag=True, help="Do nothing when a centre is already there.")
@click.option("--sign-ins", is_flag=True, help="Only say who can sign in to the demo.")
@click.option(
    "--size",
    type=click.Choice(["centre", "federation"]),
    default="centre",
    show_default=True,
    help="One centre, or an association of 10 networks, 177 organisations and 23,403 members.",
)
@click.option(
    "--sales", default=2_000, show_default=True, help="Of a federation: sale documents of its year."
)
@in_app
def demo(*, seed: int, days: int, if_empty: bool, sign_ins: bool, size: str, sales: int) -> None:
    """Build the Sin Phrae Thong demo centre through the same services people use."""
    from pos.services.demo import build, federation

    if sign_ins:
        if build.is_there():
            build.tell_sign_ins(click.echo)
        return
    if if_empty and build.has_centres():
        return
    if size == "federation":
        federation.build(seed=seed, sales=sales, tell=click.echo)
        return
    build.sin_phrae_thong(seed=seed, days=days, tell=click.echo)


@main.command()
@click.option("--host", help="Address to listen on.  [default: SUNRUAM_HOST]")
@click.option("--port", type=int, help="Port to listen on.  [default: SUNRUAM_PORT]")
def serve(host: str | None, port: int | None) -> None:
    """Run the web server until it is stopped."""
    settings = settings_or_stop()
    from migrations.run import require_current

    problem = require_current(settings)
    if problem:
        stop(problem, FAILED)
    from pos.serve import serve_forever

    serve_forever(settings, host or settings.host, port or settings.port)


@main.command()
def worker() -> None:
    """Run the worker that makes reports and resends lost jobs, until it is stopped."""
    settings_or_stop()
    # The worker is the room above this one: it is named, not imported.
    os.execvp(sys.executable, [sys.executable, "-m", "worker.celery_app"])  # noqa: S606


@main.command()
@click.option("--centre", type=int, help="Only this centre.  [default: all]")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
@click.option("--seals", is_flag=True, help="Work the chain of seals out again instead.")
@click.option("--expect", metavar="HASH", help="With --seals: the seal printed on a close pack.")
@in_app
def verify(centre: int | None, as_json: bool, seals: bool, expect: str | None) -> None:
    """Check every promise between documents, stock and books.

    Exit code 1 when a check fails; the first offending document is named. With --seals every entry
    that was changed, removed or inserted after it was sealed is named, even past the guards.
    """
    from dataclasses import asdict

    from members.services import centres
    from pos.services import verify as auditor

    if expect and (not seals or centre is None):
        stop("--expect goes with --seals and --centre", MISUSED)
    ids = [one.id for one in centres.listing() if centre in (None, one.id)]
    if centre is not None and not ids:
        stop(f"not-found: there is no centre {centre}", FAILED)
    if seals:
        _verify_seals(ids, as_json, expect)
        return
    findings = [finding for each in ids for finding in auditor.run(each)]
    failed = [finding for finding in findings if not finding.ok]
    if as_json:
        rows: list[dict[str, Any]] = [
            {**asdict(one), "document_id": str(one.document_id)} for one in findings
        ]
        click.echo(json.dumps({"ok": not failed, "findings": rows}, ensure_ascii=False))
    else:
        for one in findings:
            mark = "ok  " if one.ok else "FAIL"
            click.echo(f"{mark} {one.centre_id:>4}  {one.check}: {one.expected} / {one.actual}")
        for one in failed:
            click.echo(
                f"centre {one.centre_id}: {one.check}: expected {one.expected}, found {one.actual}"
                f" at {one.document_type} {one.document_id} {one.detail}",
                err=True,
            )
    if failed:
        sys.exit(FAILED)


def _verify_seals(ids: list[int], as_json: bool, expect: str | None) -> None:
    from dataclasses import asdict

    from accounting.services import verify_seals
    from core.db import read_one_moment

    # An entry posted between two questions is no forgery.
    read_one_moment()
    reports = [verify_seals.run(each) for each in ids]
    if expect:
        reports[0].expect(expect)
    good = all(report.ok for report in reports)
    if as_json:
        rows = [{**asdict(one), "hashes": None, "ok": one.ok} for one in reports]
        click.echo(json.dumps({"ok": good, "centres": rows}, ensure_ascii=False))
    else:
        for one in reports:
            click.echo(
                f"{'ok  ' if one.ok else 'FAIL'} {one.centre_id:>4}  {one.seals} seals, "
                f"{one.entries} entries, {one.unsealed} not sealed yet; last seal {one.head}"
            )
            for fault in one.faults:
                words = f"centre {one.centre_id}: {fault.kind}: {fault.subject}: {fault.detail}"
                click.echo(words, err=True)
    if not good:
        sys.exit(FAILED)


@main.command()
@click.option("--centre", type=int, required=True, help="The centre to export.")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the files; made if missing.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx", "beancount", "hledger"]),
    default="csv",
    show_default=True,
    help="Tables, one workbook, or the books for another program.",
)
@in_app
def export(centre: int, folder: Path, form: str) -> None:
    """Write a centre's accounts, journal, trial balance, sales and stock as CSV files.

    Or its accounts, journal and trial balance in the other formats.
    """
    from core.actor import system_actor
    from members.services import centres
    from pos.services import export as exporter

    found = centres.get(centre)
    if found is None:
        stop(f"not-found: there is no centre {centre}", FAILED)
    folder.mkdir(parents=True, exist_ok=True)
    for name, amount in exporter.write(system_actor(found), folder, form):
        click.echo(f"{folder / name}: {amount}")


@main.command()
@click.option("--centre", "code", required=True, help="The code of the centre.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@in_app
def archive(code: str, file: Path) -> None:
    """Write a whole centre into FILE, for another installation to adopt."""
    from flask import current_app

    from accounting.services import sealing
    from core.actor import system_actor
    from core.db import in_transaction
    from members.services import centres
    from pos.services.archive import writing

    found = next((one for one in centres.listing() if one.code == code), None)
    if found is None:
        stop(f"not-found: there is no centre {code}", FAILED)
    if file.exists():
        stop(f"{file} is there already; name another file", FAILED)
    while in_transaction(sealing.seal_run, found.id):
        pass
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as out:
        made = writing.write(out, system_actor(found), current_app.config["SUNRUAM"].var)
    part.replace(file)
    rows = sum(one.rows for one in made.tables.values())
    click.echo(f"{file}: {rows} rows, {len(made.papers)} papers; last seal {made.head_seal}")


@main.command()
@click.option("--code", help="Its code in this installation.  [default: the one it has]")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def adopt(file: Path, code: str | None) -> None:
    """Take the centre archived in FILE into this installation, whole or not at all.

    Runs as the database's owner, like init, and the tills of every centre wait meanwhile.
    """
    settings = settings_or_stop()
    owner = replace(settings, database_url=settings.owner_database_url or settings.database_url)
    in_app_of(owner, _adopt, file, settings.var, code)


def _adopt(file: Path, var: Path, code: str | None) -> None:
    from core.db import in_transaction
    from pos.services.archive import adopting

    adopted = in_transaction(adopting.adopt, file, var, code)
    click.echo(
        f"Centre {adopted.centre_id} ({adopted.code}) is here: {adopted.rows} rows; "
        f"last seal {adopted.head_seal}"
    )
    for before, now in adopted.renamed:
        click.echo(f"{before} signs in as {now}: the name was taken")
    click.echo("Nobody has a password yet: sunruam user password NAME --centre ID")


@main.command()
@click.option("--network", type=int, help="Id of a network.  [default: the whole association]")
@click.option("--first", type=int, required=True, help="First month, as 202601.")
@click.option("--last", type=int, required=True, help="Last month, as 202612.")
@in_app
def rollup(network: int | None, first: int, last: int) -> None:
    """Add up the centres of a network, or of the whole association: for its operator.

    Prints the trial balance (what was between the centres taken off), then members and sales.
    """
    from core.sheets import baht_figure
    from pos.services.rollups import books, people, trade
    from pos.services.rollups import scope as scopes

    scope = (
        scopes.of_association(first, last)
        if network is None
        else scopes.of_network(network, first, last)
    )
    click.echo(f"{scope.names[0]}: {len(scope.centres)} centres, {scope.first} .. {scope.last}")
    for line in books.trial_balance(scope):
        figures = (line.debit, line.credit, line.balance)
        click.echo("\t".join((line.account.code, line.account.key, *map(baht_figure, figures))))
    members, sold = people.members(scope).centres.total, trade.trade(scope).total
    click.echo(f"members\t{'-' if members is None else members.members}")
    click.echo(f"sales\t{sold.sales}\t{baht_figure(sold.taken_satang)}")


main.add_command(members_cli.user_commands(in_app))
main.add_command(members_cli.network_commands(in_app))
main.add_command(keeping.backup)
main.add_command(keeping.restore)
