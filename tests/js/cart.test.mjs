/** The open bill: lines, quantities, discounts, and the document it becomes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as carts from "../../pos/static/counter/cart.js";

const honey = {
  id: "honey",
  name_th: "น้ำผึ้ง",
  unit: "ขวด",
  sold_by: "piece",
  price_satang: 18000,
};
const banana = {
  id: "banana",
  name_th: "กล้วย",
  unit: "กก.",
  sold_by: "weight",
  price_satang: 2500,
};
const facts = { tillId: "till", shiftId: "shift", occurredAt: "2026-01-05T02:00:00.000Z" };

const filled = () => {
  const one = carts.addProduct(carts.emptyCart("sale"), honey, 1000, "a");
  return carts.addProduct(one, banana, 237, "b");
};

test("pieces of one price join their line, each weighing is its own", () => {
  let cart = carts.addProduct(filled(), honey, 2000, "c");
  cart = carts.addProduct(cart, banana, 500, "d");
  assert.deepEqual(
    cart.lines.map((line) => [line.product.id, line.quantity_milli]),
    [
      ["honey", 3000],
      ["banana", 237],
      ["banana", 500],
    ],
  );
});

test("a piece at another price or with a discount gets its own line", () => {
  const dearer = carts.addProduct(filled(), { ...honey, price_satang: 20000 }, 1000, "c");
  assert.equal(dearer.lines.length, 3);
  const cut = carts.discountLine(filled(), "a", { amount_satang: 100, reason_id: "r" });
  assert.equal(carts.addProduct(cut, honey, 1000, "c").lines.length, 3);
});

test("a change makes a new cart and leaves the old one for undo", () => {
  const before = filled();
  const after = carts.removeLine(before, "a");
  assert.equal(before.lines.length, 2);
  assert.equal(after.lines.length, 1);
  assert.equal(after.selected, "b");
});

test("the sums follow line and basket discounts", () => {
  let cart = carts.discountLine(filled(), "a", { basis_points: 1000, reason_id: "r" });
  cart = carts.discountBasket(cart, { amount_satang: 593, reason_id: "r" });
  const sums = carts.priced(cart);
  assert.deepEqual(
    sums.lines.map((line) => line.after_line_satang),
    [16200, 593],
  );
  assert.equal(sums.line_discounts_satang, 1800);
  assert.equal(sums.total_satang, 16200);
});

test("a discount never takes more than there is", () => {
  const cart = carts.discountBasket(filled(), { amount_satang: 9999999, reason_id: "r" });
  assert.equal(carts.priced(cart).total_satang, 0);
});

test("the document says only what the API knows", () => {
  const cart = carts.discountLine(filled(), "a", { amount_satang: 500, reason_id: "why" });
  const member = { id: "m1", name: "สมจิตร" };
  const payments = [{ method: "cash", amount_satang: 20000 }];
  assert.deepEqual(carts.saleBody(carts.attachMember(cart, member), payments, facts), {
    till_id: "till",
    shift_id: "shift",
    occurred_at: "2026-01-05T02:00:00.000Z",
    member_id: "m1",
    lines: [
      {
        product_id: "honey",
        quantity_milli: 1000,
        unit_price_satang: 18000,
        gross_satang: 18000,
        discount_satang: 500,
        discount_reason_id: "why",
      },
      {
        product_id: "banana",
        quantity_milli: 237,
        unit_price_satang: 2500,
        gross_satang: 593,
      },
    ],
    payments,
  });
});

test("new prices are taken into an open bill, and told", () => {
  const today = new Map([["honey", { ...honey, price_satang: 19000 }]]);
  const { cart, changed } = carts.reprice(filled(), today);
  assert.equal(cart.lines[0].unit_price_satang, 19000);
  assert.deepEqual(
    changed.map(({ from, to }) => [from, to]),
    [[18000, 19000]],
  );
});

test("the chosen line moves within the bill", () => {
  const cart = filled();
  assert.equal(carts.moveSelection(cart, -1).selected, "a");
  assert.equal(carts.moveSelection(cart, -5).selected, "a");
  assert.equal(carts.moveSelection(cart, 5).selected, "b");
});
