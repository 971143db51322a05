/** Finding goods: by code, by name however it is typed, and fast. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  categoriesOf,
  findCode,
  indexProducts,
  search,
} from "../../pos/static/counter/catalogue.js";
import { unscrambleScan } from "../../pos/static/counter/text.js";

const product = (code, name_th, name_en, barcode = "", category = "อาหาร") => ({
  id: code,
  code,
  barcodes: barcode ? [{ barcode, unit_id: null }] : [],
  name_th,
  name_en,
  category,
});

const index = indexProducts([
  product("HN01", "น้ำผึ้งป่า", "Wild honey", "8850000000010"),
  product("BN01", "กล้วยน้ำว้า", "Namwa banana", "", "ผลไม้"),
  product("SL01", "เกลือ", "Salt", "036000291452"),
  product("EG01", "ไข่เค็ม", "Salted eggs"),
  product("CH01", "แกงไตปลา", "Tai pla curry"),
]);
const byBarcode = (from, text) => findCode(from, text)?.product ?? null;
const names = (query) => search(index, query).map((found) => found.code);

test("a barcode or a code is found exactly, in any case", () => {
  assert.equal(byBarcode(index, "8850000000010").code, "HN01");
  assert.equal(byBarcode(index, "hn01").code, "HN01");
  assert.equal(byBarcode(index, "885000000001"), null);
});

test("UPC-A and EAN-13 with its leading zero are one code", () => {
  assert.equal(byBarcode(index, "0036000291452").code, "SL01");
});

test("a lot's label finds its product, offline and typed with the Thai keyboard on", () => {
  const shelf = indexProducts([
    { ...product("HN01", "น้ำผึ้งป่า", "Wild honey"), lot_nos: ["L2569-00012", "L2569-00013"] },
    { ...product("L2569-00099", "เกลือ", "Salt"), lot_nos: ["L2569-00014"] },
    { ...product("EG01", "ไข่เค็ม", "Salted eggs"), lot_nos: ["L2569-00099"] },
  ]);
  assert.equal(byBarcode(shelf, "L2569-00012").code, "HN01");
  assert.equal(byBarcode(shelf, "l2569-00013").code, "HN01");
  assert.equal(byBarcode(shelf, unscrambleScan("ศ/ถุตขจจจๅ/")).code, "HN01");
  assert.equal(byBarcode(shelf, "L2569-00014").code, "L2569-00099");
  assert.equal(byBarcode(shelf, "L2569-00099").code, "L2569-00099", "a code of its own wins");
  assert.equal(byBarcode(shelf, "L2569-00015"), null);
});

test("tone marks, order of marks and spaces are forgiven", () => {
  assert.deepEqual(names("นำผึง"), ["HN01"]);
  assert.deepEqual(names("น้ํา ผึ้ง"), ["HN01"]);
});

test("bare consonants find words, vowels narrow them", () => {
  assert.deepEqual(names("กลว"), ["BN01"]);
  assert.deepEqual(names("กลือ"), ["SL01"]);
});

test("a name beginning with the words comes before one holding them", () => {
  assert.deepEqual(names("น้ำ"), ["HN01", "BN01"]);
});

test("English, codes and categories are searched too", () => {
  assert.deepEqual(names("salt"), ["SL01", "EG01"]);
  assert.deepEqual(names("BN"), ["BN01"]);
  assert.deepEqual(names("ผลไม้"), ["BN01"]);
});

test("Thai typed on an English layout is still found", () => {
  assert.deepEqual(names("d]h;p"), ["BN01"]);
});

test("goods and categories stand in the Thai dictionary's order", () => {
  assert.deepEqual(
    index.entries.map((entry) => entry.product.code),
    ["BN01", "SL01", "CH01", "EG01", "HN01"],
  );
  assert.deepEqual(categoriesOf(index), ["ผลไม้", "อาหาร"]);
});
