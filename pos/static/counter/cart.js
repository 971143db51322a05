/**
 * The open bill as a value: every change gives a new one, so undo is keeping the old one.
 *
 * What must stay true: a cart never holds a sum; sums are worked out from it by money.js. Its id is
 * the id its sale will have, kept through refusals, so paying again can never double a sale.
 */

import { MILLI, grossOf, priceBasket, shareOf } from "./money.js";

export const QUANTITY_MAX = 1_000_000_000;

export function emptyCart(id) {
  return { id, lines: [], selected: null, member: null, discount: null, payments: [] };
}

export const isEmpty = (cart) => cart.lines.length === 0;

const merges = (line, product) =>
  line.product.id === product.id &&
  product.sold_by === "piece" &&
  line.unit_price_satang === product.price_satang &&
  !line.discount;

/** Add a product: pieces of the same price join their line, each weighing is its own. */
export function addProduct(cart, product, quantityMilli, key) {
  const same = cart.lines.find((line) => merges(line, product));
  if (same) {
    const quantity = Math.min(QUANTITY_MAX, same.quantity_milli + quantityMilli);
    return setQuantity({ ...cart, selected: same.key }, same.key, quantity);
  }
  const { id, name_th, name_en, unit, sold_by } = product;
  const line = {
    key,
    product: { id, name_th, name_en, unit, sold_by },
    quantity_milli: quantityMilli,
    unit_price_satang: product.price_satang,
    offers: product.offers ?? [],
    discount: null,
  };
  return { ...cart, lines: [...cart.lines, line], selected: key };
}

const changeLine = (cart, key, change) => ({
  ...cart,
  lines: cart.lines.map((line) => (line.key === key ? { ...line, ...change } : line)),
});

export const setQuantity = (cart, key, quantityMilli) =>
  changeLine(cart, key, { quantity_milli: quantityMilli });

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

/** How much of a product is on the bill, over all its lines. */
export const quantityOf = (cart, productId) =>
  cart.lines
    .filter((line) => line.product.id === productId)
    .reduce((sum, line) => sum + line.quantity_milli, 0);

export function moveSelection(cart, step) {
  const at = cart.lines.findIndex((line) => line.key === cart.selected);
  const to = Math.max(0, Math.min(cart.lines.length - 1, at + step));
  return { ...cart, selected: cart.lines[to]?.key ?? null };
}

/** A discount is an amount or basis points; never more than what it is taken from. */
export function discountOf(discount, base) {
  if (!discount) return 0;
  const amount = discount.basis_points
    ? shareOf(base, discount.basis_points)
    : discount.amount_satang;
  return Math.min(amount, base);
}

/** The best offer for this customer: the server lists them best first, and they never add up. */
export const offerFor = (offers, member) =>
  (offers ?? []).find((offer) => member || !offer.members_only) ?? null;

/** What comes off a line: what the cashier gave, else its offer, at so much a unit. */
function cutOf(line, gross, member) {
  if (line.discount) return { discount_satang: discountOf(line.discount, gross), offer: null };
  const offer = offerFor(line.offers, member);
  const off = offer ? grossOf(line.quantity_milli, offer.off_satang) : 0;
  return { discount_satang: off, offer: off ? offer : null };
}

/** The cart with its sums: what the screen shows and what the sale will say. */
export function priced(cart) {
  const lines = cart.lines.map((line) => {
    const gross = grossOf(line.quantity_milli, line.unit_price_satang);
    return { ...line, gross_satang: gross, ...cutOf(line, gross, cart.member) };
  });
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

const sameOffers = (left, right) => JSON.stringify(left ?? []) === JSON.stringify(right ?? []);

/** Take today's prices and offers into an open cart; tells which prices changed. */
export function reprice(cart, productById) {
  const changed = [];
  const lines = cart.lines.map((line) => {
    const product = productById.get(line.product.id);
    if (!product) return line;
    const same = product.price_satang === line.unit_price_satang;
    if (same && sameOffers(line.offers, product.offers)) return line;
    if (!same) changed.push({ product, from: line.unit_price_satang, to: product.price_satang });
    return { ...line, unit_price_satang: product.price_satang, offers: product.offers ?? [] };
  });
  const moved = lines.some((line, i) => line !== cart.lines[i]);
  return { cart: moved ? { ...cart, lines } : cart, changed };
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
      unit_price_satang: line.unit_price_satang,
      ...withCut(line),
    })),
    ...withDiscount(sums.discount_satang, cart.discount),
    payments,
  };
}

export const onePiece = MILLI;
