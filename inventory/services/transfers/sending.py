"""Send goods: at once to another place of ours, or on the road to another centre of the network.

What must stay true: the goods of one lot stay that lot, whose it is and at its cost; own goods for
another centre leave our inventory for goods in transit, consigned ones stay the producer's; no
centre outside the network is ever sent anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, insert, select

from accounting.rules.entry import NewEntry
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from inventory.models import Lot, Product, StockTransfer, StockTransferLine
from inventory.rules import costing
from inventory.rules.intake import require_whole
from inventory.rules.transit import sent_lines
from inventory.services import levels, locations, moves, stock
from inventory.services.holds import HOLD
from inventory.services.moves import Journey, NewMove
from members.services import access, centres

SOURCE = "transfer"


class TransferDiffers(DifferentContent):
    """The transfer's id came again with other content; the first one stands."""

    code, title = "transfer-differs", N_("This transfer was already recorded with other content")


class OtherNetwork(DomainError):
    """Goods go to centres of the same network only."""

    code, status, title = "other-network", 409, N_("This centre is not of our network")
    detail = N_("Send goods to centres of the same network; sell them to others.")


class NowhereToGo(DomainError):
    """A transfer needs another place of ours or another centre, one of both."""

    code, status, title = "nowhere-to-go", 422, N_("Where do the goods go?")
    detail = N_("Choose another place of this centre, or another centre.")


class LotTwice(DomainError):
    """Each lot stands on one line of a transfer."""

    code, status, title = "lot-twice", 422, N_("A lot is named twice")
    detail = N_("Lot %(lot_no)s stands on two lines; put both quantities on one.")


@dataclass(frozen=True, slots=True)
class SendLine:
    """How much of a lot goes."""

    lot_id: UUID
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class SendGoods:
    """Goods to send from a place to another of ours, or to a centre of the network."""

    id: UUID
    from_location_id: UUID
    lines: tuple[SendLine, ...]
    to_location_id: UUID | None = None
    to_centre_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A line worked out: the lot, how much of it, and the book value that goes with it."""

    line_no: int
    lot: Lot
    product: Product
    quantity_milli: int
    cost_satang: int


def send(command: SendGoods, actor: Actor) -> UUID:
    """Send goods; the same command again changes nothing.

    Raises TransferDiffers, NowhereToGo, OtherNetwork, LotTwice, OutOfStock, WholePieces,
    PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "transfer.record")
    content = content_of(command)
    earlier = db.session.scalar(
        select(StockTransfer.content).where(
            StockTransfer.centre_id == actor.centre_id, StockTransfer.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise TransferDiffers(differs=differs)
        return command.id
    to_location = _destination(command, actor)
    # The levels first: what is read after them stays true until the commit.
    level_of = levels.locked(actor.centre_id, [line.lot_id for line in command.lines])
    here = {
        lot_id: level
        for (lot_id, place), level in level_of.items()
        if place == command.from_location_id
    }
    parts = _worked_out(command, here, actor)
    now = clock.now()
    journey = Journey(
        source_type=SOURCE,
        source_id=command.id,
        business_date=clock.business_date(now),
        moved_at=now,
        from_location_id=command.from_location_id,
        to_location_id=to_location,
    )
    year = buddhist_year(journey.business_date)
    [number] = next_numbers(actor.centre_id, [("transfer", year)])
    db.session.execute(
        insert(StockTransfer).values(
            centre_id=actor.centre_id,
            id=command.id,
            transfer_no=f"TR-{year}-{number:05d}",
            from_location_id=command.from_location_id,
            to_location_id=to_location,
            to_centre_id=command.to_centre_id,
            cost_satang=sum(part.cost_satang for part in parts),
            note=command.note,
            business_date=journey.business_date,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    _move(parts, journey, level_of, command, actor)
    if command.to_centre_id is not None:
        _post(parts, journey, command, actor)
    return command.id


def places(centre_id: int) -> list[locations.LocationCard]:
    """Return the places goods may be sent from and to; held goods stay where they are held."""
    return [
        place
        for place in locations.listing(centre_id)
        if place.kind in locations.OURS and place.code != HOLD
    ]


def neighbours(actor: Actor) -> list[tuple[int, str]]:
    """Return the other centres of the network with their Thai names."""
    network = centres.listing(actor.centre.network_id)
    return [(one.id, one.name_th) for one in network if one.id != actor.centre_id]


def require_same_network(actor: Actor, centre_id: int) -> None:
    """Raise `OtherNetwork` for a centre that is not of the actor's network, or is the actor's."""
    other = centres.get(centre_id)
    same = other is not None and other.network_id == actor.centre.network_id
    if not same or centre_id == actor.centre_id:
        raise OtherNetwork(field="to")


def _destination(command: SendGoods, actor: Actor) -> UUID:
    ours = {place.id for place in places(actor.centre_id)}
    if command.from_location_id not in ours:
        raise NotFound(what="location", field="from_location_id")
    if command.to_centre_id is not None and command.to_location_id is None:
        require_same_network(actor, command.to_centre_id)
        return locations.transit(actor.centre_id)
    to = command.to_location_id
    if command.to_centre_id is not None or to is None or to == command.from_location_id:
        raise NowhereToGo(field="to")
    if to not in ours:
        raise NotFound(what="location", field="to")
    return to


def _worked_out(
    command: SendGoods, here: Mapping[UUID, tuple[int, int]], actor: Actor
) -> list[_Part]:
    rows = db.session.execute(
        select(Lot, Product)
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(
            Lot.centre_id == actor.centre_id,
            Lot.id.in_(sorted({line.lot_id for line in command.lines})),
        )
    )
    known = {row.Lot.id: (row.Lot, row.Product) for row in rows}
    parts: list[_Part] = []
    for line_no, line in enumerate(command.lines, start=1):
        if line.lot_id not in known:
            raise NotFound(what="lot", line_no=line_no)
        lot, product = known[line.lot_id]
        if any(part.lot.id == lot.id for part in parts):
            raise LotTwice(lot_no=lot.lot_no, line_no=line_no)
        require_whole(line_no, line.quantity_milli, product.sold_by, product.name_th, product.unit)
        quantity, value = here.get(lot.id, (0, 0))
        if quantity < line.quantity_milli:
            raise stock.out_of_stock(
                actor.centre_id,
                product.id,
                asked_milli=line.quantity_milli,
                available_milli=max(quantity, 0),
                line_no=line_no,
            )
        cost = (
            costing.issue_cost(quantity, value, line.quantity_milli, lot.unit_cost_satang)
            if lot.ownership == "own"
            else 0
        )
        parts.append(_Part(line_no, lot, product, line.quantity_milli, cost))
    return parts


def _move(
    parts: Sequence[_Part],
    journey: Journey,
    level_of: Mapping[tuple[UUID, UUID], tuple[int, int]],
    command: SendGoods,
    actor: Actor,
) -> None:
    insert_rows(
        StockTransferLine,
        [
            {
                "centre_id": actor.centre_id,
                "transfer_id": command.id,
                "line_no": part.line_no,
                "lot_id": part.lot.id,
                "quantity_milli": part.quantity_milli,
                "cost_satang": part.cost_satang,
            }
            for part in parts
        ],
    )
    out = {part.lot.id: (-part.quantity_milli, -part.cost_satang) for part in parts}
    levels.change(actor.centre_id, journey.from_location_id, out)
    if command.to_location_id is not None:
        into = {part.lot.id: (part.quantity_milli, part.cost_satang) for part in parts}
        products = {part.lot.id: part.product.id for part in parts}
        put(actor.centre_id, journey.to_location_id, products, into, level_of)
    moves.write(
        actor.centre_id,
        journey,
        [
            NewMove(part.line_no, part.lot.id, part.quantity_milli, part.cost_satang)
            for part in parts
        ],
    )


def put(
    centre_id: int,
    location_id: UUID,
    products: Mapping[UUID, UUID],
    changes: levels.Changes,
    level_of: Mapping[tuple[UUID, UUID], tuple[int, int]],
) -> None:
    """Add to levels at a place, opening those that are not there yet."""
    known = {lot: change for lot, change in changes.items() if (lot, location_id) in level_of}
    new = {lot: change for lot, change in changes.items() if (lot, location_id) not in level_of}
    if known:
        levels.change(centre_id, location_id, known)
    if new:
        levels.open_at(centre_id, location_id, products, new)


def _post(parts: Sequence[_Part], journey: Journey, command: SendGoods, actor: Actor) -> None:
    lines = sent_lines([(part.lot.id, part.cost_satang) for part in parts])
    if lines:
        ledger.post(
            NewEntry(
                kind="transfer",
                source_type=SOURCE,
                source_id=command.id,
                business_date=journey.business_date,
                occurred_at=journey.moved_at,
                lines=lines,
                memo=command.note,
            ),
            actor,
        )
