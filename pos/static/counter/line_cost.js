/**
 * What a line costs its customer: by unit price, tiers, promotion or the cashier's discount.
 *
 * What must stay true: promotions and tiers never add up; the server refuses anything else.
 */

import { grossOf, shareOf } from "./money.js";
import { offOf, tierGross, tiersFor } from "./tiers.js";

/** A discount is an amount or basis points; never more than what it is taken from. */
export function discountOf(discount, base) {
  if (!discount) return 0;
  const amount = discount.basis_points
    ? shareOf(base, discount.basis_points)
    : discount.amount_satang;
  return Math.min(amount, base);
}

/** The offer that takes most off a unit for this customer, the first of equals; they never add up. */
function bestOffer(line, member) {
  const mine = (line.offers ?? []).filter((offer) => member || !offer.members_only);
  const offs = mine.map((offer) => offOf(offer, line.unit_price_satang, line.factor_milli));
  const off = Math.max(0, ...offs);
  return off ? { offer: mine[offs.indexOf(off)], off_satang: off } : null;
}

/**
 * What a line costs this customer: tier prices or a promotion, whichever is less, never both; the
 * tiers of equals. A discount of the cashier's own comes off the tier price.
 */
export function costOf(line, member) {
  const { quantity_milli: quantity, unit_price_satang: price } = line;
  const byTier = tierGross(quantity, price, tiersFor(line.tiers, line.unit_id, member));
  const printed = byTier.tiers.length ? null : (line.printed_satang ?? null);
  const gross = printed ?? byTier.gross_satang;
  const tiered = { gross_satang: gross, tiers: byTier.tiers, offer: null };
  if (line.discount) return { ...tiered, discount_satang: discountOf(line.discount, gross) };
  const best = bestOffer(line, member);
  const off = best ? grossOf(quantity, best.off_satang) : 0;
  const plain = grossOf(quantity, price);
  if (!off || plain - off >= gross) return { ...tiered, discount_satang: 0 };
  return { gross_satang: plain, tiers: [], offer: best.offer, discount_satang: off };
}
