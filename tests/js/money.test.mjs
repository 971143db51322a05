/** The counter's sums equal the server's: the shared vectors, and the properties behind them. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  cashDue,
  grossOf,
  priceBasket,
  settle,
  shareOf,
  splitByWeight,
  telescope,
} from "../../pos/static/counter/money.js";

const vectors = new URL("../vectors/pricing.json", import.meta.url);

for (const example of JSON.parse(readFileSync(vectors, "utf8")).cases) {
  test(`vector: ${example.name}`, () => {
    const basket = priceBasket(example.lines, example.discount_satang);
    const tender = settle(basket.total_satang, example.payments, example.cash_rounding_satang);
    assert.deepEqual(
      {
        gross_satang: basket.gross_satang,
        net_satang: basket.net_satang,
        total_satang: basket.total_satang,
        rounding_satang: tender.rounding_satang,
        due_satang: tender.due_satang,
        change_satang: tender.change_satang,
      },
      example.expect,
    );
    assert.equal(tender.short_satang, 0);
    assert.equal(tender.over_satang, 0);
  });
}

test("a split always sums to its total and never gives a line more than its weight", () => {
  let seed = 20260101;
  const next = (limit) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % limit;
  };
  for (let round = 0; round < 500; round += 1) {
    const weights = Array.from({ length: 1 + next(12) }, () => next(100000));
    const sum = weights.reduce((left, right) => left + right, 0);
    const total = next(sum + 1);
    const parts = splitByWeight(total, weights);
    assert.equal(
      parts.reduce((left, right) => left + right, 0),
      sum ? total : 0,
    );
    parts.forEach((part, i) => assert.ok(part >= 0 && part <= weights[i]));
  }
});

test("tender short by one satang is short", () => {
  assert.equal(settle(2109, [{ method: "cash", amount_satang: 2108 }], 0).short_satang, 1);
});

test("without cash nothing is rounded, however small the rest", () => {
  const tender = settle(2117, [{ method: "promptpay", amount_satang: 2100 }], 25);
  assert.equal(tender.short_satang, 17);
  assert.equal(tender.rounding_satang, 0);
});

test("too much by transfer is said, not given back as change", () => {
  const tender = settle(1000, [{ method: "transfer", amount_satang: 1500 }], 25);
  assert.equal(tender.over_satang, 500);
  assert.equal(tender.change_satang, 0);
});

test("cash for nothing is too much, as the server says", () => {
  assert.equal(settle(1, [{ method: "cash", amount_satang: 100 }], 25).over_satang, 100);
  assert.equal(settle(1, [], 25).short_satang, 0);
});

test("cash due is floored to the grid", () => {
  assert.equal(cashDue(2117, 0, 25), 2100);
  assert.equal(cashDue(2117, 2000, 100), 100);
  assert.equal(cashDue(2117, 0, 0), 2117);
});

test("a share of 10.5 % rounds half a satang up", () => {
  assert.equal(shareOf(1000, 1050), 105);
  assert.equal(shareOf(5, 1000), 1);
  assert.equal(shareOf(4, 1000), 0);
});

test("any way of giving a line back in parts adds up to what was paid", () => {
  const parts = [
    [0, 1000],
    [1000, 1000],
    [2000, 1000],
  ];
  const back = parts.map(([before, taken]) => telescope(10000, 3000, before, taken));
  assert.deepEqual(back, [3333, 3334, 3333]);
  assert.equal(
    back.reduce((left, right) => left + right, 0),
    10000,
  );
});

test("a fraction of a satang is refused, never rounded in silence", () => {
  assert.throws(() => grossOf(1000, 0.5), RangeError);
  assert.throws(() => grossOf(2 ** 53, 1), RangeError);
});
