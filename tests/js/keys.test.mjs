/** Scans told from typing, and payments counted from what was handed over. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { BurstReader, characterAt } from "../../pos/static/counter/scan.js";
import * as tender from "../../pos/static/counter/tender.js";

function typed(codes, gap) {
  const reader = new BurstReader();
  let time = 1000;
  for (const code of codes) reader.feed(characterAt(code, false), (time += gap));
  return reader.finish(time + gap, 4);
}

const digits = [..."8850000000010"].map((digit) => `Digit${digit}`);

test("fast keys with an Enter are a scan, whatever the layout", () => {
  assert.equal(typed(digits, 8), "8850000000010");
});

test("a person is never a scan", () => {
  assert.equal(typed(digits, 90), null);
});

test("a few keys are no scan, however fast", () => {
  assert.equal(typed(digits.slice(0, 3), 5), null);
});

test("letters, signs and the number pad are read by their place", () => {
  assert.equal(characterAt("KeyA", true), "A");
  assert.equal(characterAt("Minus", false), "-");
  assert.equal(characterAt("Digit8", true), "*");
  assert.equal(characterAt("NumpadMultiply", false), "*");
  assert.equal(characterAt("Numpad7", false), "7");
  assert.equal(characterAt("F9", false), null);
});

const cash = (amount) => ({ method: "cash", amount_satang: amount });
const qr = (amount) => ({ method: "promptpay", amount_satang: amount });

test("exact cash is what is due of it, down to the grid", () => {
  assert.deepEqual(tender.withExactCash(33384, [], 25), [cash(33375)]);
  assert.deepEqual(tender.withExactCash(33384, [qr(10000)], 25), [qr(10000), cash(23375)]);
  assert.deepEqual(tender.withExactCash(17, [], 25), []);
});

test("notes add up to one sum of cash", () => {
  const once = tender.withCash([], 50000);
  assert.deepEqual(tender.withCash(once, tender.handedOver(once) + 10000), [cash(60000)]);
  assert.deepEqual(tender.withCash(once, 0), []);
});

test("the screen knows what is left and what is change", () => {
  const short = tender.tenderView(33384, [qr(10000)], 25, "cash");
  assert.deepEqual([short.left, short.rounding, short.change], [23375, -9, 0]);
  const paid = tender.tenderView(33384, [qr(10000), cash(50000)], 25, "cash");
  assert.deepEqual([paid.left, paid.change], [0, 26625]);
  const exact = tender.tenderView(33384, [], 25, "promptpay");
  assert.deepEqual([exact.left, exact.rounding], [33384, 0]);
});

test("people hand over the next hundred", () => {
  assert.equal(tender.upToHundred(13700), 20000);
  assert.equal(tender.upToHundred(20000), 20000);
  assert.equal(tender.upToHundred(1), 10000);
});
