/**
 * A product as a line sells it: by its own unit or another one.
 *
 * What must stay true: what a line says of its goods is written here alone, once when it is added
 * and again when prices move.
 */

import { MILLI } from "./money.js";
import { baseQuantity, tiersFor } from "./tiers.js";

/** The product's own unit, as a unit among its others. */
export const ownUnit = (product) => ({
  id: null,
  label: product.unit,
  factor_milli: MILLI,
  price_satang: product.price_satang,
});

/** All units a product is sold by, its own first. */
export const unitsOf = (product) => [ownUnit(product), ...(product.units ?? [])];

export const unitOf = (product, unitId) =>
  unitsOf(product).find((unit) => unit.id === (unitId ?? null)) ?? null;

/** Whether a line is counted on the fingers: pieces, and packs of what else is weighed. */
export const isCounted = (line) => line.product.sold_by === "piece" || Boolean(line.unit_id);

/** What a line says of the goods: never read from the catalogue again but by reprice(). */
export const soldAs = (product, unit) => ({
  product: {
    id: product.id,
    name_th: product.name_th,
    name_en: product.name_en,
    unit: unit.label,
    sold_by: product.sold_by,
  },
  unit_id: unit.id,
  factor_milli: unit.factor_milli,
  unit_price_satang: unit.price_satang,
  tiers: tiersFor(product.tiers, unit.id, true),
  offers: product.offers ?? [],
});

/** A line's quantity in the product's own unit, as the shelf is counted. */
export const inOwnUnit = (line) => baseQuantity(line.quantity_milli, line.factor_milli ?? MILLI);
