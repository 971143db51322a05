"""What may pay besides money, over HTTP: a member's purse and account, schemes, coupons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounting.services.coupons import using
from accounting.services.coupons.using import Usable
from core.web.auth import current_actor
from pos.api.blueprint import blueprint
from pos.schemas.tenders import CouponOut, CouponQuery, MemberMoneyOut, SchemesOut
from pos.services import counter_money
from pos.services.counter_money import MemberMoney


@blueprint.get("/members/<uuid:member_id>/money")
@blueprint.response(200, MemberMoneyOut)
def get_member_money(centre_id: int, member_id: UUID) -> MemberMoney:
    """Return what a member has in the purse, and may still buy on account."""
    return counter_money.of_member(member_id, current_actor(centre_id))


@blueprint.get("/schemes")
@blueprint.response(200, SchemesOut)
def get_schemes(centre_id: int) -> dict[str, Any]:
    """Return the schemes of the state that are taken here."""
    return {"schemes": counter_money.schemes_taken(current_actor(centre_id))}


@blueprint.get("/coupons")
@blueprint.arguments(CouponQuery, location="query")
@blueprint.response(200, CouponOut)
def get_coupon(query: dict[str, Any], centre_id: int) -> Usable:
    """Return the coupon of a code, with what is left of it."""
    return using.find(query["code"], current_actor(centre_id))
