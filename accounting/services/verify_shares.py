"""The auditor of the share register: each transaction whole, each with its entry, nobody below 0.

Read-only. What must stay true: what the guards promise is worked out again from the rows, and share
capital in the books is held against the register, member by member.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, func, or_, select

from accounting.models import (
    JournalEntry,
    ShareCertificate,
    ShareCertificateEnd,
    ShareHeir,
    ShareMovement,
    ShareNomination,
    ShareSubscription,
    ShareTransaction,
)
from accounting.services.shares import register, tying
from accounting.services.shares.writing import SOURCE
from core.db import db, sum_int
from core.findings import Finding

_entry: Any = JournalEntry.__table__.c
_tx: Any = ShareTransaction.__table__.c
_move: Any = ShareMovement.__table__.c


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield a finding for every promise about shares."""
    yield _capital(centre_id)
    yield _whole(centre_id)
    yield _entries(centre_id)
    yield _never_below_nothing(centre_id)
    yield _reversals(centre_id)
    yield _numbers(centre_id)
    yield _subscriptions(centre_id)
    yield _heirs(centre_id)
    yield _certificates(centre_id)


def _capital(centre_id: int) -> Finding:
    """Share capital is the sum of the register, member by member."""
    name = "share capital is the share register"
    tie = tying.tie(centre_id)
    if tie.ties:
        return Finding(name, centre_id, True, tie.sub_ledger_satang, tie.ledger_satang)
    first = tie.documents[0] if tie.documents else None
    return Finding(
        name,
        centre_id,
        False,
        tie.sub_ledger_satang,
        tie.ledger_satang,
        first.type if first else "account",
        first.id if first else tie.code,
    )


def _whole(centre_id: int) -> Finding:
    """Every header says what its movements say, and no movement is without one."""
    made = (
        select(
            _move.transaction_id,
            func.count().label("rows_"),
            sum_int(_move.delta_satang).label("net"),
            sum_int(func.abs(_move.delta_satang)).label("gross"),
        )
        .where(_move.centre_id == centre_id)
        .group_by(_move.transaction_id)
        .subquery()
    )
    passed_on = and_(_tx.kind.in_(("transfer", "inherit")), _tx.to_member_id.is_not(None))
    bad = db.session.execute(
        select(_tx.id, _tx.amount_satang, made.c.gross)
        .outerjoin(made, made.c.transaction_id == _tx.id)
        .where(
            _tx.centre_id == centre_id,
            or_(
                made.c.rows_.is_(None),
                made.c.rows_ != _tx.movements,
                and_(passed_on, or_(made.c.net != 0, made.c.gross != 2 * _tx.amount_satang)),
                and_(~passed_on, _tx.kind != "reversal", made.c.gross != _tx.amount_satang),
            ),
        )
        .order_by(_tx.transaction_no)
        .limit(1)
    ).one_or_none()
    name = "share transactions add up"
    if bad is not None:
        return Finding(name, centre_id, False, bad[1], bad[2] or 0, SOURCE, bad[0])
    orphan = db.session.scalar(
        select(_move.transaction_id)
        .outerjoin(
            ShareTransaction,
            and_(_tx.centre_id == _move.centre_id, _tx.id == _move.transaction_id),
        )
        .where(
            _move.centre_id == centre_id,
            or_(_tx.id.is_(None), _tx.effective_on != _move.effective_on),
        )
        .limit(1)
    )
    return Finding(name, centre_id, orphan is None, 0, 0, SOURCE * bool(orphan), orphan or "")


def _entries(centre_id: int) -> Finding:
    """Every transaction of its own has one entry of its sum and day, and such an entry has it."""
    name = "share transactions have their entries"
    mine = and_(
        _entry.centre_id == _tx.centre_id, _entry.source_type == SOURCE, _entry.source_id == _tx.id
    )
    bad = db.session.execute(
        select(_tx.id, _tx.amount_satang, _entry.debit_total)
        .outerjoin(JournalEntry, mine)
        .where(
            _tx.centre_id == centre_id,
            _tx.source_type == SOURCE,
            or_(
                _entry.id.is_(None),
                _entry.debit_total != _tx.amount_satang,
                _entry.business_date != _tx.effective_on,
                _entry.kind != "share_" + _tx.kind,
            ),
        )
        .order_by(_tx.transaction_no)
        .limit(1)
    ).one_or_none()
    if bad is not None:
        return Finding(name, centre_id, False, bad[1], bad[2] or 0, SOURCE, bad[0])
    stray = db.session.execute(
        select(_entry.id, _entry.debit_total)
        .outerjoin(ShareTransaction, mine)
        .where(_entry.centre_id == centre_id, _entry.source_type == SOURCE, _tx.id.is_(None))
        .order_by(_entry.id)
        .limit(1)
    ).one_or_none()
    if stray is not None:
        return Finding(name, centre_id, False, 0, stray[1], "journal_entry", stray[0])
    return Finding(name, centre_id, True)


def _never_below_nothing(centre_id: int) -> Finding:
    """At the end of every day everybody holds something or nothing."""
    day = (
        select(_move.member_id, _move.effective_on, sum_int(_move.delta_satang).label("moved"))
        .where(_move.centre_id == centre_id)
        .group_by(_move.member_id, _move.effective_on)
        .subquery()
    )
    held = func.sum(day.c.moved).over(partition_by=day.c.member_id, order_by=day.c.effective_on)
    running = select(day.c.member_id, day.c.effective_on, held.label("held")).subquery()
    bad = db.session.execute(
        select(running.c.member_id, running.c.held)
        .where(running.c.held < 0)
        .order_by(running.c.effective_on, running.c.member_id)
        .limit(1)
    ).one_or_none()
    name = "nobody holds less than no shares"
    if bad is None:
        return Finding(name, centre_id, True)
    return Finding(name, centre_id, False, 0, int(bad[1]), "member", bad[0])


def _reversals(centre_id: int) -> Finding:
    """What takes a transaction back is that transaction the other way round."""
    back, first = ShareMovement.__table__.alias("back"), ShareMovement.__table__.alias("first")
    bad = db.session.execute(
        select(_tx.id, first.c.delta_satang, back.c.delta_satang)
        .join(back, and_(back.c.centre_id == _tx.centre_id, back.c.transaction_id == _tx.id))
        .outerjoin(
            first,
            and_(
                first.c.centre_id == _tx.centre_id,
                first.c.transaction_id == _tx.reverses_id,
                first.c.member_id == back.c.member_id,
            ),
        )
        .where(
            _tx.centre_id == centre_id,
            _tx.kind == "reversal",
            or_(first.c.delta_satang.is_(None), first.c.delta_satang != -back.c.delta_satang),
        )
        .order_by(_tx.transaction_no)
        .limit(1)
    ).one_or_none()
    name = "share reversals mirror their transactions"
    if bad is None:
        return Finding(name, centre_id, True)
    return Finding(name, centre_id, False, -(bad[1] or 0), bad[2], SOURCE, bad[0])


def _numbers(centre_id: int) -> Finding:
    """Documents of every kind run 1..n in every year."""
    name = "share documents are numbered without gaps"
    for table, number in (
        (ShareTransaction, ShareTransaction.transaction_no),
        (ShareSubscription, ShareSubscription.subscription_no),
        (ShareCertificate, ShareCertificate.certificate_no),
    ):
        years: dict[str, dict[int, Any]] = defaultdict(dict)
        rows: Any = db.session.execute(select(number, table.id).where(table.centre_id == centre_id))
        for printed, identity in rows:
            _letters, year, place = printed.split("-")
            years[year][int(place)] = identity
        for year in sorted(years):
            given, last = years[year], max(years[year])
            if last != len(given):
                kind = table.__tablename__
                return Finding(name, centre_id, False, last, len(given), kind, given[last])
    return Finding(name, centre_id, True)


def _subscriptions(centre_id: int) -> Finding:
    """Nobody paid more on a subscription than was signed for."""
    back = ShareTransaction.__table__.alias("back")
    paid = (
        select(_tx.subscription_id, sum_int(_tx.amount_satang).label("satang"))
        .outerjoin(back, and_(back.c.centre_id == _tx.centre_id, back.c.reverses_id == _tx.id))
        .where(_tx.centre_id == centre_id, _tx.subscription_id.is_not(None), back.c.id.is_(None))
        .group_by(_tx.subscription_id)
        .subquery()
    )
    signed = ShareSubscription.shares * ShareSubscription.par_satang
    bad = db.session.execute(
        select(ShareSubscription.id, signed, paid.c.satang)
        .join(paid, paid.c.subscription_id == ShareSubscription.id)
        .where(ShareSubscription.centre_id == centre_id, paid.c.satang > signed)
        .limit(1)
    ).one_or_none()
    name = "instalments stay within their subscriptions"
    if bad is None:
        return Finding(name, centre_id, True)
    return Finding(name, centre_id, False, bad[1], bad[2], "share_subscription", bad[0])


def _heirs(centre_id: int) -> Finding:
    """The parts of nominated heirs are the whole."""
    total = sum_int(ShareHeir.part_basis_points)
    named = func.count(ShareHeir.line_no)
    bad = db.session.execute(
        select(ShareNomination.id, total)
        .outerjoin(
            ShareHeir,
            and_(
                ShareHeir.centre_id == ShareNomination.centre_id,
                ShareHeir.nomination_id == ShareNomination.id,
            ),
        )
        .where(ShareNomination.centre_id == centre_id)
        .group_by(ShareNomination.id, ShareNomination.heirs)
        .having(or_(named != ShareNomination.heirs, and_(named > 0, total != 10_000)))
        .limit(1)
    ).one_or_none()
    name = "nominated heirs have the whole"
    if bad is None:
        return Finding(name, centre_id, True)
    return Finding(name, centre_id, False, 10_000, bad[1], "share_nomination", bad[0])


def _certificates(centre_id: int) -> Finding:
    """Certificates that count are for no more than is held."""
    ended = ShareCertificateEnd
    certified = sum_int(ShareCertificate.shares * ShareCertificate.par_satang)
    rows = db.session.execute(
        select(ShareCertificate.member_id, certified)
        .outerjoin(
            ended,
            and_(
                ended.centre_id == ShareCertificate.centre_id,
                ended.certificate_id == ShareCertificate.id,
            ),
        )
        .where(ShareCertificate.centre_id == centre_id, ended.kind.is_(None))
        .group_by(ShareCertificate.member_id)
        .order_by(ShareCertificate.member_id)
    ).all()
    name = "certificates are for shares held"
    held = register.balances(centre_id, None, [member_id for member_id, _ in rows]) if rows else {}
    for member_id, satang in rows:
        if satang > held.get(member_id, 0):
            return Finding(
                name, centre_id, False, held.get(member_id, 0), satang, "member", member_id
            )
    return Finding(name, centre_id, True)
