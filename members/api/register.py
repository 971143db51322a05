"""Members, producers and villages over HTTP.

`PUT` with an id of your own enters a person (send it again without harm); with `If-Match` it
changes the one that is there.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from core.db import in_transaction
from core.paging import Page
from core.web.api import etag_of, require_version
from core.web.auth import current_actor
from members.api.blueprint import blueprint
from members.schemas.register import (
    MemberCardOut,
    MemberDetailOut,
    MemberIn,
    MemberPageOut,
    ProducerIn,
    ProducerOut,
    ProducerPageOut,
    RegisterArgs,
    SearchArgs,
    VillageIn,
    VillageOut,
)
from members.services import access, members, producers, villages
from members.services.members import ChangeMember, MemberCard, MemberDetail, NewMember
from members.services.producers import ChangeProducer, NewProducer, ProducerCard
from members.services.villages import NewVillage, VillageCard

SEARCH_LIMIT = 20


def _is_change() -> bool:
    return "If-Match" in request.headers


# --- members ---------------------------------------------------------------------------------


@blueprint.get("/members")
@blueprint.arguments(SearchArgs, location="query")
@blueprint.response(200, MemberCardOut(many=True))
def find_members(args: dict[str, str], centre_id: int) -> list[MemberCard]:
    """Find members by a few letters: at most 20, the exact number first."""
    actor = current_actor(centre_id)
    access.require(actor, "member.read")
    return members.search(centre_id, args["q"], SEARCH_LIMIT)


@blueprint.get("/member_register")
@blueprint.arguments(RegisterArgs, location="query")
@blueprint.response(200, MemberPageOut)
def list_members(args: dict[str, Any], centre_id: int) -> Page[MemberCard]:
    """Read the whole register of members, page by page, by name."""
    return members.listing(current_actor(centre_id), args["q"], args["window"])


@blueprint.get("/members/<uuid:member_id>")
@blueprint.response(200, MemberDetailOut)
def get_member(centre_id: int, member_id: UUID) -> tuple[MemberDetail, dict[str, str]]:
    """Read everything about a member."""
    member = members.get(member_id, current_actor(centre_id))
    return member, etag_of(member.version)


@blueprint.put("/members/<uuid:member_id>")
@blueprint.arguments(MemberIn)
@blueprint.response(200, MemberDetailOut)
def put_member(
    data: dict[str, Any], centre_id: int, member_id: UUID
) -> tuple[MemberDetail, dict[str, str]]:
    """Enter a member, or change one (`If-Match`)."""
    actor = current_actor(centre_id)
    if _is_change():
        data.pop("person_id")  # whose membership it is never changes
        command = ChangeMember(member_id=member_id, version=require_version(), **data)
        member = in_transaction(members.change, command, actor)
    else:
        data.pop("resigned_on")
        member = in_transaction(members.create, NewMember(member_id=member_id, **data), actor)
    return member, etag_of(member.version)


# --- producers -------------------------------------------------------------------------------


@blueprint.get("/producers")
@blueprint.arguments(RegisterArgs, location="query")
@blueprint.response(200, ProducerPageOut)
def list_producers(args: dict[str, Any], centre_id: int) -> Page[ProducerCard]:
    """Read the register of producers, page by page, by name."""
    return producers.listing(current_actor(centre_id), args["q"], args["window"])


@blueprint.get("/producers/<uuid:producer_id>")
@blueprint.response(200, ProducerOut)
def get_producer(centre_id: int, producer_id: UUID) -> tuple[ProducerCard, dict[str, str]]:
    """Read everything about a producer."""
    actor = current_actor(centre_id)
    access.require(actor, "producer.read")
    producer = producers.get(centre_id, producer_id)
    return producer, etag_of(producer.version)


@blueprint.put("/producers/<uuid:producer_id>")
@blueprint.arguments(ProducerIn)
@blueprint.response(200, ProducerOut)
def put_producer(
    data: dict[str, Any], centre_id: int, producer_id: UUID
) -> tuple[ProducerCard, dict[str, str]]:
    """Enter a producer, or change one (`If-Match`)."""
    actor = current_actor(centre_id)
    if _is_change():
        command = ChangeProducer(producer_id=producer_id, version=require_version(), **data)
        producer = in_transaction(producers.change, command, actor)
    else:
        data.pop("active")
        new = NewProducer(producer_id=producer_id, **data)
        producer = in_transaction(producers.create, new, actor)
    return producer, etag_of(producer.version)


# --- villages --------------------------------------------------------------------------------


@blueprint.get("/villages")
@blueprint.response(200, VillageOut(many=True))
def list_villages(centre_id: int) -> list[VillageCard]:
    """Read the villages of the centre's area."""
    access.require(current_actor(centre_id), "member.read")
    return villages.listing(centre_id)


@blueprint.post("/villages")
@blueprint.arguments(VillageIn)
@blueprint.response(201, VillageOut)
def add_village(data: dict[str, Any], centre_id: int) -> VillageCard:
    """Add a village."""
    return in_transaction(villages.create, NewVillage(**data), current_actor(centre_id))
