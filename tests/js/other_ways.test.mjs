/** Paying by purse, account, scheme and coupon: what the cashier is told, and what is taken. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** As much of an element as this pane uses. */
class FakeElement {
  value = "";
  textContent = "";
  hidden = false;
  options = [];
  attributes = new Map();
  setAttribute(name, value) {
    this.attributes.set(name, value);
    if (name === "value") this.value = value;
  }
  toggleAttribute(name, on) {
    if (!on) this.attributes.delete(name);
  }
  append() {}
  select() {}
  focus() {}
  replaceChildren(...children) {
    this.options = children;
    this.value = children[0]?.value ?? "";
  }
}

const elements = new Map();
function byId(id) {
  if (!elements.has(id)) elements.set(id, Object.assign(new FakeElement(), { id }));
  return elements.get(id);
}
globalThis.document = {
  body: { dataset: {} },
  getElementById: byId,
  createElement: () => new FakeElement(),
};
const answers = new Map();
globalThis.fetch = (address) => {
  const path = address.replace("undefined", "");
  const [status, data] = answers.get(path) ?? [404, { type: "not-found" }];
  return Promise.resolve({ status, ok: status < 300, text: async () => JSON.stringify(data) });
};

const { addOther, leaveOther, memberNote, scannedCoupon, showOther } = await import(
  "../../pos/static/counter/other_ways.js"
);
const { state } = await import("../../pos/static/counter/state.js");

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const note = () => byId("other-note").textContent;
const amount = () => byId("other-amount").value;
const money = { purse_satang: 6000, state: "active", left_satang: 2000, owed_satang: 0 };
let taken = [];

async function opened(way, left = 10000) {
  showOther(way, left, (payment) => taken.push(payment));
  await settled();
}

beforeEach(() => {
  leaveOther();
  taken = [];
  elements.clear();
  answers.clear();
  state.cart = { ...state.cart, member: { id: "malee", name: "มาลี" } };
  answers.set("/members/malee/money", [200, money]);
});

test("a purse offers what it holds, and no more than is left to pay", async () => {
  await opened("purse");
  assert.equal(amount(), "60.00");
  await opened("purse", 2500);
  assert.equal(amount(), "25.00");
  addOther();
  assert.deepEqual(taken, [{ method: "purse", amount_satang: 2500 }]);
});

test("more than is left to pay is refused in its field", async () => {
  await opened("purse", 2500);
  byId("other-amount").value = "25.01";
  addOther();
  assert.deepEqual(taken, []);
  assert.equal(byId("other-amount-error").textContent, "more_than_left");
});

test("what can't be read as money is never taken", async () => {
  await opened("credit");
  for (const typed of ["", "ก", "0", "-5"]) {
    byId("other-amount").value = typed;
    addOther();
  }
  assert.deepEqual(taken, []);
});

test("purse and account are a member's", async () => {
  state.cart = { ...state.cart, member: null };
  for (const way of ["purse", "credit"]) {
    await opened(way);
    addOther();
    assert.equal(note(), "member_first");
  }
  assert.deepEqual(taken, []);
});

test("an account says what is left, what is overdue, or that there is none", () => {
  assert.equal(memberNote("credit", money, "มาลี"), "credit_left");
  assert.equal(memberNote("credit", { ...money, overdue_satang: 1 }, "มาลี"), "credit_overdue");
  assert.equal(memberNote("credit", { ...money, state: "suspended" }, "มาลี"), "credit_none");
  assert.equal(memberNote("purse", { ...money, state: "" }, "มาลี"), "purse_left");
});

test("an answer that comes after another way was chosen changes nothing", async () => {
  showOther("purse", 10000, () => {});
  await opened("voucher");
  assert.equal(note(), "coupon_scan");
  assert.equal(amount(), "100.00");
});

test("a scheme pays by its slip's number", async () => {
  answers.set("/schemes", [200, { schemes: [{ id: "W", name_th: "บัตร" }] }]);
  await opened("scheme");
  addOther();
  assert.deepEqual(taken, []);
  assert.equal(byId("other-reference-error").textContent, "slip_number");
  byId("other-reference").value = " 77 ";
  addOther();
  const paid = { method: "scheme", amount_satang: 10000, reference: "77", scheme_id: "W" };
  assert.deepEqual(taken, [paid]);
});

test("a coupon is scanned, then pays at most what is left of it", async () => {
  answers.set("/coupons?code=AAAA", [200, { id: "c", code: "AAAA-", name: "x", left_satang: 4000 }]);
  assert.equal(scannedCoupon("AAAA"), false);
  await opened("voucher");
  assert.equal(scannedCoupon("AAAA"), true);
  await settled();
  assert.equal(amount(), "40.00");
  addOther();
  const paid = { method: "voucher", amount_satang: 4000, reference: "AAAA-", voucher_id: "c" };
  assert.deepEqual(taken, [paid]);
});

test("a coupon nobody knows pays nothing", async () => {
  await opened("voucher");
  byId("other-code").value = "BBBB";
  addOther();
  await settled();
  addOther();
  assert.deepEqual(taken, []);
  assert.ok(note());
});
