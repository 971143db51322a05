/** Units, tiers and labels of the scale: equal to the server's rules by the shared vectors. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as carts from "../../pos/static/counter/cart.js";
import { indexProducts } from "../../pos/static/counter/catalogue.js";
import { readLabel } from "../../pos/static/counter/scale_labels.js";
import { readScaleCode } from "../../pos/static/counter/scale_codes.js";
import { characterAt } from "../../pos/static/counter/scan.js";
import {
  baseQuantity,
  offOf,
  quantityAt,
  tierGross,
  tiersFor,
} from "../../pos/static/counter/tiers.js";

const read = (name) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
const prices = read("pricing");
const scales = read("scale_codes");

for (const example of prices.tiers) {
  test(`tiers: ${example.name}`, () => {
    const mine = tiersFor(example.tiers, null, example.member);
    const found = tierGross(example.quantity_milli, example.unit_price_satang, mine);
    assert.deepEqual(found, example.expect);
  });
}

test("units, printed prices and offers by unit are the vectors", () => {
  for (const one of prices.bases) {
    assert.equal(baseQuantity(one.quantity_milli, one.factor_milli), one.expect, one.name);
  }
  for (const one of prices.printed) {
    assert.equal(quantityAt(one.price_satang, one.unit_price_satang), one.expect, one.name);
  }
  for (const one of prices.offs) {
    assert.equal(offOf(one, one.unit_price_satang, one.factor_milli), one.expect, one.name);
  }
});

for (const example of scales.cases) {
  test(`scale: ${example.name}`, () => {
    const layouts = scales.layouts.filter((one) => example.layouts.includes(one.prefix));
    const found = readScaleCode(example.code, layouts);
    const { expect } = example;
    if (expect === null) assert.equal(found, null);
    // That goods without a price can't be sold by a price is said when they are put on the bill.
    else if (found.kind === "price" && !example.price_satang) assert.equal(expect, "empty");
    else if (typeof expect === "string") assert.equal(found.problem, expect);
    else {
      const { quantity_milli: quantity, ...said } = expect;
      assert.deepEqual(found, said);
      const byPrice = said.kind === "price";
      assert.equal(byPrice ? quantityAt(found.value, example.price_satang) : found.value, quantity);
    }
  });
}

const eggs = {
  id: "eggs",
  code: "EG",
  name_th: "ไข่",
  unit: "ฟอง",
  sold_by: "piece",
  price_satang: 500,
  units: [{ id: "tray", label: "แผง", factor_milli: 30000, price_satang: 14000 }],
  tiers: [
    { unit_id: null, count: 10, price_satang: 4500, members_only: false },
    { unit_id: "tray", count: 1, price_satang: 13000, members_only: true },
  ],
  barcodes: [{ barcode: "8850000000027", unit_id: "tray" }],
};
const pork = {
  id: "pork",
  code: "123",
  name_th: "หมู",
  unit: "กก.",
  sold_by: "weight",
  price_satang: 17000,
};
const tray = eggs.units[0];
const facts = { tillId: "till", shiftId: "shift", occurredAt: "2026-01-05T02:00:00.000Z" };
const bodyOf = (cart) => carts.saleBody(cart, [], facts).lines[0];
const member = { id: "somsri", name: "สมศรี" };
const label = (product, code, layout) => {
  const index = indexProducts([product]);
  index.layouts = [layout];
  return readLabel(index, code);
};
const WEIGHT = { prefix: "21", kind: "weight", item_digits: 5, value_digits: 5, decimals: 3 };
const PRICE = { prefix: "22", kind: "price", item_digits: 5, value_digits: 5, decimals: 2 };

test("a tray is a line of its own, by its own price, and takes thirty from the shelf", () => {
  let cart = carts.addProduct(carts.emptyCart("sale"), eggs, 1000, "a", tray);
  cart = carts.addProduct(cart, eggs, 1000, "b");
  cart = carts.addProduct(cart, eggs, 1000, "c", tray);
  assert.deepEqual(
    cart.lines.map((line) => [line.product.unit, line.quantity_milli]),
    [
      ["แผง", 2000],
      ["ฟอง", 1000],
    ],
  );
  assert.equal(carts.quantityOf(cart, "eggs"), 61000);
  assert.deepEqual(bodyOf(cart), {
    product_id: "eggs",
    unit_id: "tray",
    quantity_milli: 2000,
    unit_price_satang: 14000,
    gross_satang: 28000,
  });
});

test("a member's price comes and goes with the member", () => {
  const cart = carts.addProduct(carts.emptyCart("sale"), eggs, 2000, "a", tray);
  const known = carts.attachMember(cart, member);
  assert.equal(carts.priced(known).total_satang, 26000);
  assert.equal(carts.priced(carts.attachMember(known, null)).total_satang, 28000);
});

test("a line takes tiers or a promotion, whichever is less, never both", () => {
  const offer = (value) => ({ id: "off", kind: "percent", value, off_satang: 0 });
  const at = (value) =>
    carts.addProduct(carts.emptyCart("s"), { ...eggs, offers: [offer(value)] }, 10000, "a");
  const [little, much] = [bodyOf(at(500)), bodyOf(at(2000))];
  assert.deepEqual([little.gross_satang, little.promotion_id], [4500, undefined]);
  assert.deepEqual(
    [much.gross_satang, much.discount_satang, much.promotion_id],
    [5000, 1000, "off"],
  );
});

test("what moved while a bill lay on the shelf is told by unit; what is gone stays for a person", () => {
  const cart = carts.addProduct(carts.emptyCart("sale"), eggs, 1000, "a", tray);
  const dearer = { ...eggs, units: [{ ...tray, price_satang: 15000 }] };
  const today = carts.reprice(cart, new Map([["eggs", dearer]]));
  assert.deepEqual(
    today.changed.map(({ unit, from, to }) => [unit.label, from, to]),
    [["แผง", 14000, 15000]],
  );
  assert.equal(carts.priced(today.cart).total_satang, 15000);
  const without = carts.reprice(cart, new Map([["eggs", { ...eggs, units: [] }]]));
  assert.equal(without.cart, cart);
  assert.deepEqual(without.gone, cart.lines);
});

test("a bill kept before there were units is still a bill", () => {
  const old = carts.addProduct(carts.emptyCart("sale"), eggs, 3000, "a");
  for (const name of ["unit_id", "factor_milli", "tiers", "printed_satang"]) delete old.lines[0][name];
  assert.equal(carts.priced(old).total_satang, 1500);
  assert.equal("unit_id" in bodyOf(old), false);
  assert.equal(carts.quantityOf(old, "eggs"), 3000);
});

test("a weight label is a weighing, a price label keeps its price to the satang", () => {
  assert.deepEqual(label(pork, "2100123012503", WEIGHT), {
    product: pork,
    unitId: null,
    quantityMilli: 1250,
  });
  const found = label(pork, "2200123062505", PRICE);
  assert.deepEqual([found.quantityMilli, found.printedSatang], [368, 6250]);
  let cart = carts.addProduct(
    ...[carts.emptyCart("s"), found.product, found.quantityMilli, "a", undefined],
    found.printedSatang,
  );
  assert.equal(carts.priced(cart).total_satang, 6250);
  assert.equal(bodyOf(cart).gross_satang, 6250);
  cart = carts.setQuantity(cart, "a", 368);
  assert.equal(carts.priced(cart).total_satang, 6256, "weighed by hand it is our own price");
});

test("a label that can't be sold says so", () => {
  assert.equal(label(pork, "2100123012504", WEIGHT).problem, "label_misread");
  assert.equal(label({ ...pork, code: "9" }, "2100123012503", WEIGHT).problem, "label_unknown");
  const pieces = { ...pork, sold_by: "piece" };
  assert.equal(label(pieces, "2100123012503", WEIGHT).problem, "label_not_whole");
  assert.equal(label(pork, "8850000000010", WEIGHT), null);
});

test("a label scanned with the Thai keyboard on is read by the place of its keys", () => {
  const text = [..."2100123012503"].map((digit) => characterAt(`Digit${digit}`, false)).join("");
  assert.equal(label(pork, text, WEIGHT).quantityMilli, 1250);
});

test("each label with a price keeps its price to the satang, be it of a counted unit", () => {
  const khid = { id: "khid", label: "ขีด", factor_milli: 100, price_satang: 1750 };
  const sold = { ...pork, units: [khid], barcodes: [{ barcode: "00123", unit_id: "khid" }] };
  const read = label(sold, "2200123062505", PRICE);
  const add = (cart, key) =>
    carts.addProduct(cart, sold, read.quantityMilli, key, khid, read.printedSatang);
  const cart = add(add(carts.emptyCart("sale"), "a"), "b");
  assert.deepEqual(
    [cart.lines.length, read.printedSatang, carts.priced(cart).total_satang],
    [2, 6250, 12500],
  );
});
