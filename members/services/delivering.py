"""Whose goods are taken in: a producer in good standing, and nobody else.

What must stay true: only what is new is held back. What lies here is still sold or returned, and
what is owed is settled and paid, whatever the standing.
"""

from __future__ import annotations

from uuid import UUID

from core import clock
from core.errors import N_, DomainError
from members.rules.standing import SUSPENDED
from members.services import producers, standing
from members.services.producers import ProducerCard


class ProducerInactive(DomainError):
    """The producer no longer delivers here: stopped, excluded, died or dissolved."""

    code, status, title = "producer-inactive", 409, N_("This producer no longer delivers here")
    detail = N_(
        "What lies here is still sold or returned, and what is owed is still paid. Before new goods"
        " are taken in, record on the producer's page that they deliver again."
    )


class ProducerSuspended(ProducerInactive):
    """The producer must not deliver for the time being."""

    code, title = "producer-suspended", N_("This producer is suspended")
    detail = N_(
        "What lies here is still sold or returned, and what is owed is still paid. New goods are"
        " taken in once the producer's page says that the suspension is over."
    )


def require(centre_id: int, producer_id: UUID) -> ProducerCard:
    """Return a producer whose goods are taken in.

    Raises ProducerSuspended, ProducerInactive, NotFound.
    """
    producer = producers.get(centre_id, producer_id)
    if not producer.active:
        now = standing.of_producer(producer_id, centre_id, clock.today())
        suspended = now is not None and now.state == SUSPENDED
        refusal = ProducerSuspended if suspended else ProducerInactive
        raise refusal(producer_no=producer.producer_no)
    return producer
