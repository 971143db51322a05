"""Share certificates: given out, printed, replaced, ended.

What must stay true: a print is counted when it is made, so that the second says that it is a copy.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.pages.shares import member_of
from accounting.schemas.shares import CertificateForm, ReasonForm
from accounting.services.shares import certificates
from accounting.services.shares.certificates import IssueCertificate
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError
from core.web.auth import current_actor
from core.web.forms import read_form
from core.web.pdf import render_pdf
from members.services import access


@blueprint.post("/shares/members/<uuid:member_id>/certificates")
def share_certificate_issue(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Give out a certificate for a member's whole shares, in another's place or not."""
    actor = current_actor(centre_id)
    access.require(actor, "share.record")
    member_of(centre_id, member_id)
    form = read_form(CertificateForm)
    back = url_for("accounting.share_passbook", centre_id=centre_id, member_id=member_id)
    if not form.ok:
        flash(next(iter(form.errors.values())), "error")
        return redirect(back, 303)
    try:
        made = in_transaction(
            certificates.issue, IssueCertificate(member_id=member_id, **form.data), actor
        )
    except DomainError as refusal:
        form.refuse(refusal)
        flash(form.refusal or next(iter(form.errors.values())), "error")
        return redirect(back, 303)
    flash(_("Certificate %(number)s was made.", number=made.certificate_no), "success")
    where = url_for("accounting.share_certificate", centre_id=centre_id, certificate_id=made.id)
    return redirect(where, 303)


@blueprint.get("/shares/certificates/<uuid:certificate_id>")
def share_certificate(centre_id: int, certificate_id: UUID) -> str:
    """Show a certificate and what became of it."""
    actor = current_actor(centre_id)
    access.require(actor, "share.read")
    card = certificates.card(centre_id, certificate_id)
    return render_template(
        "shares/certificate.html",
        card=card,
        member=member_of(centre_id, card.member_id),
        replaces=card.replaces_id and certificates.card(centre_id, card.replaces_id),
    )


@blueprint.post("/shares/certificates/<uuid:certificate_id>/print")
def share_certificate_print(centre_id: int, certificate_id: UUID) -> ResponseReturnValue:
    """Return the certificate on paper, the print counted; always in Thai."""
    actor = current_actor(centre_id)
    print_no = in_transaction(certificates.note_print, certificate_id, actor)
    card = certificates.card(centre_id, certificate_id)
    with force_locale("th"):
        html = render_template(
            "documents/share_certificate.html",
            locale="th",
            card=card,
            member=member_of(centre_id, card.member_id),
            number=card.certificate_no,
            document_date=card.issued_on,
            amount_words=baht_text(card.amount_satang),
            reprint=print_no - 1,
        )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{card.certificate_no}.pdf"'
    return response


@blueprint.post("/shares/certificates/<uuid:certificate_id>/lost")
def share_certificate_lost(centre_id: int, certificate_id: UUID) -> ResponseReturnValue:
    """Note that a certificate was lost."""
    actor = current_actor(centre_id)
    access.require(actor, "share.record")
    form = read_form(ReasonForm)
    card = in_transaction(certificates.lose, certificate_id, form.data.get("reason") or "-", actor)
    flash(_("Certificate %(number)s no longer counts.", number=card.certificate_no), "success")
    where = url_for(
        "accounting.share_certificate", centre_id=centre_id, certificate_id=certificate_id
    )
    return redirect(where, 303)
