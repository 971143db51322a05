/**
 * A label from the shop's own scale, as goods and how much of them.
 *
 * What must stay true: what the label says is what is sold: its weight, or its price to the satang;
 * a label that can't be read is said to be one, never taken for something else.
 */

import { findCode } from "./catalogue.js";
import { MILLI } from "./money.js";
import { itemsOf, readScaleCode } from "./scale_codes.js";
import { unitOf } from "./selling.js";
import { quantityAt } from "./tiers.js";

const SAID = { misread: "label_misread", empty: "label_empty" };

/** {product, unitId, quantityMilli, printedSatang}, or {problem} for the cashier; null: no label. */
export function readLabel(index, code) {
  const label = readScaleCode(code, index.layouts ?? []);
  if (!label) return null;
  if (label.problem) return { problem: SAID[label.problem] };
  const found = itemsOf(label)
    .map((item) => findCode(index, item))
    .find(Boolean);
  if (!found) return { problem: "label_unknown" };
  const { product } = found;
  const unitId = found.unitId ?? null;
  if (label.kind !== "price") return whole({ product, unitId, quantityMilli: label.value });
  const price = unitOf(product, unitId)?.price_satang ?? 0;
  if (!price) return { product, unitId, quantityMilli: MILLI }; // said to have no price
  const quantityMilli = quantityAt(label.value, price);
  const printedSatang = product.sold_by === "weight" ? label.value : null;
  return whole({ product, unitId, quantityMilli, printedSatang });
}

/** Pieces come whole: half a piece on a label is a label for other goods. */
function whole(found) {
  const parted = found.product.sold_by === "piece" && found.quantityMilli % MILLI !== 0;
  return parted ? { product: found.product, problem: "label_not_whole" } : found;
}
