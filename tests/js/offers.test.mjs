/** Promotions at the counter: the best one by itself, held to the server's rules. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as carts from "../../pos/static/counter/cart.js";

const vectors = new URL("../vectors/offers.json", import.meta.url);
const facts = { tillId: "till", shiftId: "shift", occurredAt: "2026-01-05T02:00:00.000Z" };
const member = { id: "somsri", name: "สมศรี" };

const honey = (offers, price = 18000) => ({
  id: "honey",
  name_th: "น้ำผึ้ง",
  unit: "ขวด",
  sold_by: "piece",
  price_satang: price,
  offers,
});
const offer = (id, off, membersOnly = false) => ({
  id,
  name_th: id,
  name_en: id,
  off_satang: off,
  members_only: membersOnly,
});
const bodyOf = (cart) => carts.saleBody(cart, [], facts).lines[0];

for (const example of JSON.parse(readFileSync(vectors, "utf8")).cases) {
  test(`vector: ${example.name}`, () => {
    const product = honey(example.listed, example.product.price_satang);
    let cart = carts.addProduct(carts.emptyCart("sale"), product, example.quantity_milli, "a");
    if (example.member) cart = carts.attachMember(cart, member);
    const line = bodyOf(cart);
    assert.deepEqual(
      { promotion_id: line.promotion_id ?? null, discount_satang: line.discount_satang ?? 0 },
      example.expect,
    );
    assert.equal("discount_reason_id" in line, false);
  });
}

test("a member set or cleared changes the offer by itself", () => {
  const offers = [offer("for-members", 3000, true), offer("for-all", 1000)];
  const cart = carts.addProduct(carts.emptyCart("sale"), honey(offers), 2000, "a");
  assert.equal(bodyOf(cart).promotion_id, "for-all");
  const known = carts.attachMember(cart, member);
  assert.deepEqual(
    [bodyOf(known).promotion_id, carts.priced(known).total_satang],
    ["for-members", 30000],
  );
  assert.equal(bodyOf(carts.attachMember(known, null)).promotion_id, "for-all");
});

test("more of it is more off; the cashier's own discount takes the offer's place", () => {
  let cart = carts.addProduct(carts.emptyCart("sale"), honey([offer("all", 1000)]), 1000, "a");
  cart = carts.setQuantity(cart, "a", 3000);
  assert.equal(bodyOf(cart).discount_satang, 3000);
  cart = carts.discountLine(cart, "a", { amount_satang: 500, reason_id: "r" });
  assert.deepEqual(
    [bodyOf(cart).discount_satang, bodyOf(cart).discount_reason_id, bodyOf(cart).promotion_id],
    [500, "r", undefined],
  );
  assert.equal(bodyOf(carts.discountLine(cart, "a", null)).promotion_id, "all");
});

test("an open bill takes new offers, and nothing is made anew when none moved", () => {
  const cart = carts.addProduct(carts.emptyCart("sale"), honey([]), 1000, "a");
  const same = carts.reprice(cart, new Map([["honey", honey([])]]));
  assert.equal(same.cart, cart);
  const fresh = carts.reprice(cart, new Map([["honey", honey([offer("all", 1000)])]]));
  assert.equal(bodyOf(fresh.cart).promotion_id, "all");
  assert.deepEqual(fresh.changed, []);
});
