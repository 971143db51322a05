/** Numbers and Thai text as people type them, ids as documents carry them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { uuid7 } from "../../pos/static/counter/identity.js";
import {
  baht,
  parseBaht,
  parseMilli,
  quantity,
  shortBaht,
  weight,
} from "../../pos/static/counter/numbers.js";
import {
  asTypedOnThai,
  consonantsOf,
  normalise,
  skeleton,
  unscrambleScan,
} from "../../pos/static/counter/text.js";

test("baht are read from Thai digits, commas and the shop's «50.-»", () => {
  assert.equal(parseBaht("๑,๒๓๔.๕๐"), 123450);
  assert.equal(parseBaht("50.-"), 5000);
  assert.equal(parseBaht(" 20 บาท"), 2000);
  assert.equal(parseBaht(".25"), 25);
  assert.equal(parseBaht("1.10"), 110);
});

test("what is no amount is null", () => {
  for (const text of ["", ".", "1.234", "-5", "1e3", "ห้าสิบ", "1.2.3", "99999999999999999"]) {
    assert.equal(parseBaht(text), null, text);
  }
});

test("a weight has three places", () => {
  assert.equal(parseMilli("0.237"), 237);
  assert.equal(parseMilli("๑.๕"), 1500);
  assert.equal(parseMilli("0.2375"), null);
  assert.equal(weight(237), "0.237");
  assert.equal(weight(1500), "1.500");
});

test("amounts and quantities are written for people", () => {
  assert.equal(baht(123456789), "1,234,567.89");
  assert.equal(baht(-5), "−0.05");
  assert.equal(shortBaht(100000), "1,000");
  assert.equal(shortBaht(25), "0.25");
  assert.equal(quantity(3000), "3");
  assert.equal(quantity(12500), "12.5");
});

test("a scan on a Thai layout is undone", () => {
  assert.equal(unscrambleScan("คคถจจจจจจจจๅจ"), "8850000000010");
  assert.equal(unscrambleScan("8850000000010"), "8850000000010");
  assert.equal(unscrambleScan("กล้วย"), "กล้วย");
});

test("Thai typed on an English layout is understood", () => {
  assert.equal(asTypedOnThai("d]h;p"), "กล้วย");
});

test("marks in any order give one word", () => {
  assert.equal(normalise("น้ํา"), "น้ำ");
  assert.equal(normalise("เเกง"), "แกง");
  assert.equal(normalise("ผึ้ง"), normalise("ผ้ึง"));
});

test("search forgives tone marks, spaces and vowels", () => {
  assert.equal(skeleton("น้ำผึ้ง 500 มล."), skeleton("นำผึง๕๐๐มล"));
  assert.equal(consonantsOf(skeleton("กล้วย")), "กลวย");
  assert.equal(consonantsOf(skeleton("เกลือ")), "กลอ");
});

test("an id is a UUID of version 7 that sorts by time", () => {
  const first = uuid7(1760000000000);
  const later = uuid7(1760000000001);
  assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(first < later);
});
