/** The intake form adds up as the server does: exact decimals, Thai digits, halves up. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cost,
  net,
  scaled,
  shownBaht,
  shownQuantity,
  termsFor,
} from "../../pos/static/inventory/intake.js";

test("decimals are read exactly, Thai digits and commas too", () => {
  assert.equal(scaled("1,234.50", 100), 123450n);
  assert.equal(scaled("๑๒.๕", 1000), 12500n);
  assert.equal(scaled(" 0.237 ", 1000), 237n);
  assert.equal(scaled("12.", 100), 1200n);
  assert.equal(scaled("1.500", 100), 150n);
});

test("what is no such number is not known", () => {
  for (const text of ["", "abc", "-1", "1.234", "1.2.3", "1e3"]) {
    assert.equal(scaled(text, 100), null, text);
  }
});

test("net is gross less container less deduction", () => {
  assert.equal(net("31.5", "๑.๒", "0.3"), 30000n);
  assert.equal(net("31.5", "", ""), 31500n);
  assert.equal(net("", "1", ""), null);
  assert.equal(net("5", "x", ""), null);
});

test("an amount rounds halves up, as the server's does", () => {
  assert.equal(cost(30000n, 1200n), 36000n);
  assert.equal(cost(237n, 8900n), 2109n);
  assert.equal(cost(5n, 100n), 1n);
});

test("numbers are shown as people write them", () => {
  assert.equal(shownQuantity(30000n), "30");
  assert.equal(shownQuantity(1234567n), "1,234.567");
  assert.equal(shownQuantity(-500n), "-0.5");
  assert.equal(shownBaht(123450n), "1,234.50");
  assert.equal(shownBaht(5n), "0.05");
});

test("the first terms of the list that cover the goods count", () => {
  const list = [
    { producer: "daeng", product: "honey", category: "", words: "narrow" },
    { producer: "daeng", product: "", category: "", words: "hers" },
    { producer: "", product: "", category: "fruit", words: "fruit" },
  ];
  const words = (...goods) => termsFor(list, ...goods)?.words;
  assert.equal(words("daeng", "honey", "jars"), "narrow");
  assert.equal(words("daeng", "wax", "jars"), "hers");
  assert.equal(words("dam", "mango", "fruit"), "fruit");
  assert.equal(words("dam", "honey", "jars"), undefined);
});
