"""Certificates for shares held: given out, replaced, printed again as a copy, ended.

What must stay true: the certificates that count are never for more shares than the member holds; a
certificate is never changed, and from its second print on the paper says that it is a copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from accounting.models import ShareCertificate, ShareCertificateEnd, ShareCertificatePrint
from accounting.rules.shares import CertificateOver, NothingToCertify
from accounting.services.shares import register, rules
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import DifferentContent, NotFound
from core.numbering import buddhist_year, next_numbers
from members.services import access

SERIES = "share_certificate"


@dataclass(frozen=True, slots=True)
class IssueCertificate:
    """A certificate to give out; with `replaces_id` in the place of another that was lost."""

    id: UUID
    member_id: UUID
    replaces_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CertificateCard:
    """A certificate; `ended` is empty while it counts."""

    id: UUID
    certificate_no: str
    member_id: UUID
    shares: int
    par_satang: int
    issued_on: date
    replaces_id: UUID | None
    ended: str
    ended_note: str
    prints: int

    @property
    def amount_satang(self) -> int:
        """What its shares come to."""
        return self.shares * self.par_satang

    @property
    def counts(self) -> bool:
        """Tell whether it still counts."""
        return not self.ended


def issue(command: IssueCertificate, actor: Actor) -> CertificateCard:
    """Give out a certificate for all whole shares without one; the same id changes nothing.

    Raises NothingToCertify, CertificateOver, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "share.record")
    register.lock(actor.centre_id)
    known = _found(actor.centre_id, ShareCertificate.id == command.id)
    if known:
        if (known[0].member_id, known[0].replaces_id) != (command.member_id, command.replaces_id):
            raise DifferentContent(id=str(command.id))
        return known[0]
    today = clock.today()
    if command.replaces_id is not None:
        _replace(command, actor)
    par = rules.on(actor, today).par_satang
    shares = to_certify(actor, command.member_id)
    if shares <= 0:
        raise NothingToCertify
    year = buddhist_year(today)
    [number] = next_numbers(actor.centre_id, [(SERIES, year)])
    db.session.execute(
        insert(ShareCertificate).values(
            centre_id=actor.centre_id,
            id=command.id,
            certificate_no=f"SC-{year}-{number:05d}",
            member_id=command.member_id,
            shares=shares,
            par_satang=par,
            issued_on=today,
            replaces_id=command.replaces_id,
            issued_by=actor.user_id,
            issued_at=clock.now(),
        )
    )
    audit.record(actor, "share_certificate.issue", "share_certificate", command.id, shares=shares)
    return card(actor.centre_id, command.id)


def _replace(command: IssueCertificate, actor: Actor) -> None:
    assert command.replaces_id is not None
    old = card(actor.centre_id, command.replaces_id)
    if old.member_id != command.member_id:
        raise NotFound(what="share_certificate")
    if not old.counts:
        raise CertificateOver
    _end(old, "replaced", command.note, actor)


def lose(certificate_id: UUID, note: str, actor: Actor) -> CertificateCard:
    """Note that a certificate was lost: it no longer counts. Again changes nothing.

    Raises NotFound, Forbidden.
    """
    access.require(actor, "share.record")
    register.lock(actor.centre_id)
    known = card(actor.centre_id, certificate_id)
    if known.counts:
        _end(known, "lost", note, actor)
    return card(actor.centre_id, certificate_id)


def end_uncovered(member_id: UUID, transaction_no: str, actor: Actor) -> None:
    """End a member's certificates when shares they are for have gone; a new one is given out."""
    counting = [one for one in of_member(actor.centre_id, member_id) if one.counts]
    if sum(one.amount_satang for one in counting) <= register.balance(actor.centre_id, member_id):
        return
    for one in counting:
        _end(one, "given_back", transaction_no, actor)


def note_print(certificate_id: UUID, actor: Actor) -> int:
    """Count a print of a certificate and return which it is; from 2 on the paper is a copy.

    Raises CertificateOver, NotFound, Forbidden.
    """
    access.require(actor, "share.record")
    register.lock(actor.centre_id)
    known = card(actor.centre_id, certificate_id)
    if not known.counts:
        raise CertificateOver
    db.session.execute(
        insert(ShareCertificatePrint).values(
            centre_id=actor.centre_id,
            certificate_id=certificate_id,
            print_no=known.prints + 1,
            printed_by=actor.user_id,
            printed_at=clock.now(),
        )
    )
    return known.prints + 1


def card(centre_id: int, certificate_id: UUID) -> CertificateCard:
    """Return a certificate; raise NotFound."""
    found = _found(centre_id, ShareCertificate.id == certificate_id)
    if not found:
        raise NotFound(what="share_certificate")
    return found[0]


def to_certify(actor: Actor, member_id: UUID) -> int:
    """Return how many whole shares of a member have no certificate that counts."""
    today = clock.today()
    held = register.balance(actor.centre_id, member_id, today)
    certified = _certified(actor.centre_id, member_id)
    return max(held - certified, 0) // rules.on(actor, today).par_satang


def of_member(centre_id: int, member_id: UUID) -> list[CertificateCard]:
    """Return a member's certificates, the latest first."""
    return _found(centre_id, ShareCertificate.member_id == member_id)


def _certified(centre_id: int, member_id: UUID) -> int:
    return sum(one.amount_satang for one in of_member(centre_id, member_id) if one.counts)


def _end(known: CertificateCard, kind: str, note: str, actor: Actor) -> None:
    db.session.execute(
        insert(ShareCertificateEnd).values(
            centre_id=actor.centre_id,
            certificate_id=known.id,
            kind=kind,
            note=note,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(actor, "share_certificate.end", "share_certificate", known.id, kind=kind)


def _found(centre_id: int, condition: Any) -> list[CertificateCard]:
    prints = (
        select(func.count())
        .select_from(ShareCertificatePrint)
        .where(
            ShareCertificatePrint.centre_id == ShareCertificate.centre_id,
            ShareCertificatePrint.certificate_id == ShareCertificate.id,
        )
        .correlate(ShareCertificate)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            ShareCertificate.id,
            ShareCertificate.certificate_no,
            ShareCertificate.member_id,
            ShareCertificate.shares,
            ShareCertificate.par_satang,
            ShareCertificate.issued_on,
            ShareCertificate.replaces_id,
            func.coalesce(ShareCertificateEnd.kind, ""),
            func.coalesce(ShareCertificateEnd.note, ""),
            prints,
        )
        .outerjoin(
            ShareCertificateEnd,
            (ShareCertificateEnd.centre_id == ShareCertificate.centre_id)
            & (ShareCertificateEnd.certificate_id == ShareCertificate.id),
        )
        .where(ShareCertificate.centre_id == centre_id, condition)
        .order_by(ShareCertificate.issued_at.desc(), ShareCertificate.id.desc())
    )
    return [CertificateCard(*row) for row in rows]
