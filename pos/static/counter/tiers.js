/**
 * What a quantity costs in the unit it is sold by: bundles first, the rest at the price of one.
 *
 * What must stay true: equal to the server's pos/rules/tiers.py and offers.py to the satang; both are
 * held to tests/vectors/pricing.json. Whole numbers only, products of them in BigInt.
 */

import { MILLI, grossOf, shareOf } from "./money.js";

const cheaper = (a, b) => {
  const difference =
    BigInt(a.price_satang) * BigInt(b.count) - BigInt(b.price_satang) * BigInt(a.count);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

/** The tiers this customer may have, of one unit of a product (null: its own). */
export const tiersFor = (tiers, unitId, member) =>
  (tiers ?? []).filter(
    (tier) => (tier.unit_id ?? null) === (unitId ?? null) && (member || !tier.members_only),
  );

const taking = (tier, milli) => ({
  count: tier.count,
  price_satang: tier.price_satang,
  quantity_milli: milli,
  members_only: Boolean(tier.members_only),
});

/** The tier of one that lowers the price of a unit the most, if any does. */
function lowered(unitPriceSatang, tiers) {
  const ones = tiers.filter((tier) => tier.count === 1 && tier.price_satang < unitPriceSatang);
  return ones.sort((a, b) => a.price_satang - b.price_satang || a.members_only - b.members_only)[0];
}

/**
 * What a quantity costs by tiers the customer may have, and how much went at which.
 *
 * Bundles of the lowest price a unit are filled first, of whole units only; a tier that isn't
 * cheaper than the price of one is never used; a tier of one holds for parts of a unit too.
 */
export function tierGross(quantityMilli, unitPriceSatang, tiers = []) {
  const one = lowered(unitPriceSatang, tiers);
  const single = one ?? { count: 1, price_satang: unitPriceSatang };
  const bundles = tiers
    .filter((tier) => tier.count > 1 && cheaper(tier, single) < 0)
    .sort((a, b) => cheaper(a, b) || b.count - a.count || a.members_only - b.members_only);
  const taken = [];
  let units = Math.floor(quantityMilli / MILLI);
  let rest = quantityMilli;
  let sum = 0;
  for (const tier of bundles) {
    const times = Math.floor(units / tier.count);
    if (!times) continue;
    units -= times * tier.count;
    rest -= times * tier.count * MILLI;
    sum += times * tier.price_satang;
    taken.push(taking(tier, times * tier.count * MILLI));
  }
  if (one && rest) taken.push(taking(one, rest));
  return { gross_satang: sum + grossOf(rest, single.price_satang), tiers: taken };
}

/** So much of a selling unit in the product's own: 2 trays of 30 are 60000 thousandths. */
export const baseQuantity = (quantityMilli, factorMilli) => grossOf(quantityMilli, factorMilli);

/** The thousandths a printed price means at a price a unit, halves rounded up, at least one. */
export function quantityAt(priceSatang, unitPriceSatang) {
  const price = BigInt(unitPriceSatang);
  return Math.max(1, Number((2n * BigInt(priceSatang) * BigInt(MILLI) + price) / (2n * price)));
}

/** What a promotion takes off the price of a unit that holds so much of the product's own. */
export function offOf(offer, unitPriceSatang, factorMilli = MILLI) {
  let off = offer.off_satang;
  if (offer.kind === "percent") off = shareOf(unitPriceSatang, offer.value);
  else if (offer.kind === "amount") off = grossOf(factorMilli, offer.value);
  else if (offer.kind === "price") off = unitPriceSatang - grossOf(factorMilli, offer.value);
  return Math.max(0, Math.min(off, unitPriceSatang));
}
