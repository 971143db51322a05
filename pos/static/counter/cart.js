/**
 * The open bill as a value: every change gives a new one, so undo is keeping the old one.
 *
 * What must stay true: a cart never holds a sum; sums are worked out from it by money.js. Its id is
 * the id its sale will have, kept through refusals, so paying again can never double a sale.
 */

import { costOf, discountOf } from "./line_cost.js";
import { MILLI, priceBasket } from "./money.js";
import { inOwnUnit, isCounted, ownUnit, soldAs, unitOf } from "./selling.js";

export const QUANTITY_MAX = 1_000_000_000;

export function emptyCart(id) {
  return { id, lines: [], selected: null, member: null, discount: null, payments: [] };
}

export const isEmpty = (cart) => cart.lines.length === 0;

const merges = (line, product, unit, printedSatang) =>
  printedSatang === null &&
  (line.printed_satang ?? null) === null &&
  line.product.id === product.id &&
  (line.unit_id ?? null) === unit.id &&
  isCounted(line) &&
  line.unit_price_satang === unit.price_satang &&
  !line.discount;

/**
 * Add a product by a unit: what is counted joins the line of its unit and price, each weighing is
 * its own, and so is each label with a price. `printedSatang` is what that label says.
 */
export function addProduct(cart, product, quantityMilli, key, unit, printedSatang = null) {
  const sold = unit ?? ownUnit(product);
  const same = cart.lines.find((line) => merges(line, product, sold, printedSatang));
  if (same) {
    const quantity = Math.min(QUANTITY_MAX, same.quantity_milli + quantityMilli);
    return setQuantity({ ...cart, selected: same.key }, same.key, quantity);
  }
  const line = {
    key,
    ...soldAs(product, sold),
    quantity_milli: quantityMilli,
    printed_satang: printedSatang,
    discount: null,
  };
  return { ...cart, lines: [...cart.lines, line], selected: key };
}

const changeLine = (cart, key, change) => ({
  ...cart,
  lines: cart.lines.map((line) => (line.key === key ? { ...line, ...change } : line)),
});

export const setQuantity = (cart, key, quantityMilli) =>
  changeLine(cart, key, { quantity_milli: quantityMilli, printed_satang: null });

/** Sell a line by another unit, as many of it as before; what was weighed becomes one of it. */
export function setUnit(cart, key, product, unit) {
  const line = cart.lines.find((other) => other.key === key);
  const sold = soldAs(product, unit);
  const quantity = isCounted(line) === isCounted(sold) ? line.quantity_milli : MILLI;
  return changeLine(cart, key, { ...sold, quantity_milli: quantity, printed_satang: null });
}

export const discountLine = (cart, key, discount) => changeLine(cart, key, { discount });

export const discountBasket = (cart, discount) => ({ ...cart, discount });

export const attachMember = (cart, member) => ({ ...cart, member });

export function removeLine(cart, key) {
  const at = cart.lines.findIndex((line) => line.key === key);
  const lines = cart.lines.filter((line) => line.key !== key);
  const next = lines[Math.min(at, lines.length - 1)];
  return {
    ...cart,
    lines,
    selected: next?.key ?? null,
    discount: lines.length ? cart.discount : null,
  };
}

export const selectedLine = (cart) => cart.lines.find((line) => line.key === cart.selected) ?? null;

/** How much of a product is on the bill, over all its lines and units. */
export const quantityOf = (cart, productId) =>
  cart.lines
    .filter((line) => line.product.id === productId)
    .reduce((sum, line) => sum + inOwnUnit(line), 0);

export function moveSelection(cart, step) {
  const at = cart.lines.findIndex((line) => line.key === cart.selected);
  const to = Math.max(0, Math.min(cart.lines.length - 1, at + step));
  return { ...cart, selected: cart.lines[to]?.key ?? null };
}

/** The cart with its sums: what the screen shows and what the sale will say. */
export function priced(cart) {
  const lines = cart.lines.map((line) => ({ ...line, ...costOf(line, cart.member) }));
  const before = priceBasket(lines).subtotal_satang;
  const discount = discountOf(cart.discount, before);
  const basket = priceBasket(lines, discount);
  return {
    lines: lines.map((line, i) => ({ ...line, after_line_satang: basket.after_line_satang[i] })),
    subtotal_satang: before,
    discount_satang: discount,
    line_discounts_satang: lines.reduce((sum, line) => sum + line.discount_satang, 0),
    total_satang: basket.total_satang,
  };
}

const same = (left, right) => JSON.stringify(left ?? []) === JSON.stringify(right ?? []);

/**
 * Take today's prices, tiers and offers into an open cart; tells which prices changed, and which
 * lines are `gone`: no longer sold, or not by this unit. Those stay on the bill for a person.
 */
export function reprice(cart, productById) {
  const changed = [];
  const gone = [];
  const lines = cart.lines.map((line) => {
    const product = productById.get(line.product.id);
    const unit = product && unitOf(product, line.unit_id);
    if (!unit) {
      gone.push(line);
      return line;
    }
    const today = soldAs(product, unit);
    const priced = today.unit_price_satang === line.unit_price_satang;
    const fresh = ["factor_milli", "tiers", "offers"].every((name) => same(line[name], today[name]));
    if (priced && fresh) return line;
    if (!priced) {
      changed.push({ product, unit, from: line.unit_price_satang, to: unit.price_satang });
    }
    return { ...line, ...today, printed_satang: priced ? (line.printed_satang ?? null) : null };
  });
  const moved = lines.some((line, i) => line !== cart.lines[i]);
  return { cart: moved ? { ...cart, lines } : cart, changed, gone };
}

const withDiscount = (amount, discount) =>
  amount ? { discount_satang: amount, discount_reason_id: discount.reason_id } : {};

const withCut = (line) =>
  line.offer
    ? { discount_satang: line.discount_satang, promotion_id: line.offer.id }
    : withDiscount(line.discount_satang, line.discount);

/** The document to send, exactly as the API spells it. */
export function saleBody(cart, payments, { tillId, shiftId, occurredAt }) {
  const sums = priced(cart);
  return {
    till_id: tillId,
    shift_id: shiftId,
    occurred_at: occurredAt,
    ...(cart.member ? { member_id: cart.member.id } : {}),
    lines: sums.lines.map((line) => ({
      product_id: line.product.id,
      quantity_milli: line.quantity_milli,
      ...(line.unit_id ? { unit_id: line.unit_id } : {}),
      unit_price_satang: line.unit_price_satang,
      gross_satang: line.gross_satang,
      ...withCut(line),
    })),
    ...withDiscount(sums.discount_satang, cart.discount),
    payments,
  };
}

export const onePiece = MILLI;
