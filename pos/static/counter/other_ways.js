/**
 * Paying by what is no money: the member's purse and account, a scheme of the state, a coupon.
 *
 * What must stay true: what a purse, an account or a coupon still holds is asked of the server when
 * it is chosen, and the server judges once more; nothing of this is offered without a connection.
 */

import { byId, complain, fill, make, say } from "./dom.js";
import { baht, parseBaht } from "./numbers.js";
import { sentenceOfOutcome } from "./problems.js";
import { question } from "./session.js";
import { nameOf, word } from "./settings.js";
import { state } from "./state.js";

export const OTHER_WAYS = ["purse", "credit", "scheme", "voucher"];

let most = 0; // what is left to pay
let coupon = null;
let paid = () => {};
let chosen = "";

const amountField = () => byId("other-amount");

/** What a purse or an account allows, as a sentence. */
export function memberNote(way, money, name) {
  if (way === "purse") return word("purse_left", { name, held: baht(money.purse_satang) });
  if (money.state !== "active") return word("credit_none");
  const { left_satang: left, owed_satang: owed, overdue_satang: overdue } = money;
  if (overdue) return word("credit_overdue", { overdue: baht(overdue) });
  return word("credit_left", { name, held: baht(left), owed: baht(owed) });
}

/** Ask what the purse or the account of the bill's member allows now. */
async function askMember(way) {
  const member = state.cart.member;
  if (!member) return say("other-note", word("member_first"));
  say("other-note", word("searching"));
  const outcome = await question(`/members/${member.id}/money`);
  if (chosen !== way) return undefined;
  if (outcome.state !== "done") return say("other-note", sentenceOfOutcome(outcome));
  const money = outcome.data;
  const there = way === "purse" ? money.purse_satang : money.left_satang;
  say("other-note", memberNote(way, money, member.name));
  amountField().value = baht(way === "purse" ? Math.min(there, most) : most);
  amountField().select();
  return undefined;
}

async function askSchemes() {
  const outcome = await question("/schemes");
  if (chosen !== "scheme") return;
  if (outcome.state !== "done") {
    say("other-note", sentenceOfOutcome(outcome));
    return;
  }
  const schemes = outcome.data.schemes;
  say("other-note", schemes.length ? "" : word("no_schemes"));
  fill(
    "other-scheme",
    schemes.map((scheme) => make("option", { value: scheme.id }, nameOf(scheme))),
  );
}

async function askCoupon() {
  const code = byId("other-code").value.trim();
  coupon = null;
  if (!code) return say("other-note", word("coupon_scan"));
  say("other-note", word("searching"));
  const outcome = await question("/coupons", { code });
  if (chosen !== "voucher" || byId("other-code").value.trim() !== code) return undefined;
  if (outcome.state !== "done") return say("other-note", sentenceOfOutcome(outcome));
  coupon = outcome.data;
  say("other-note", word("coupon_left", { name: coupon.name, left: baht(coupon.left_satang) }));
  amountField().value = baht(Math.min(coupon.left_satang, most));
  amountField().select();
  return undefined;
}

/** Open the pane of one of these ways for what is left to pay. */
export function showOther(way, left, onPaid) {
  chosen = way;
  most = left;
  paid = onPaid;
  coupon = null;
  complain(amountField(), "");
  complain(byId("other-reference"), "");
  amountField().value = baht(left);
  byId("other-reference").value = "";
  byId("other-code").value = "";
  say("other-note", "");
  byId("other-scheme-part").hidden = way !== "scheme";
  byId("other-code-part").hidden = way !== "voucher";
  if (way === "scheme") {
    askSchemes();
    byId("other-reference").focus();
  } else if (way === "voucher") {
    say("other-note", word("coupon_scan"));
    byId("other-code").focus();
  } else {
    askMember(way);
    amountField().focus();
  }
}

export function leaveOther() {
  chosen = "";
}

/** A code read by the scanner while the coupon's pane is open. */
export function scannedCoupon(text) {
  if (chosen !== "voucher") return false;
  byId("other-code").value = text;
  askCoupon();
  return true;
}

function readAmount() {
  const amount = parseBaht(amountField().value);
  if (!amount) return complain(amountField(), word("amount_unreadable"));
  if (amount > most) return complain(amountField(), word("more_than_left"));
  complain(amountField(), "");
  return amount;
}

/** Take the payment as entered; the server refuses what the purse or the account doesn't allow. */
export function addOther() {
  if (chosen === "voucher" && !coupon) return askCoupon();
  const amount = readAmount();
  if (!amount) return undefined;
  const payment = { method: chosen, amount_satang: amount };
  if (chosen === "scheme") {
    const reference = byId("other-reference").value.trim();
    const scheme = byId("other-scheme").value;
    if (!reference) return complain(byId("other-reference"), word("slip_number"));
    if (!scheme) return say("other-note", word("no_schemes"));
    return paid({ ...payment, reference, scheme_id: scheme });
  }
  if (chosen === "voucher") {
    return paid({ ...payment, reference: coupon.code, voucher_id: coupon.id });
  }
  if (!state.cart.member) return say("other-note", word("member_first"));
  return paid(payment);
}

export function wireOther() {
  byId("other-add").addEventListener("click", addOther);
  byId("other-code").addEventListener("change", askCoupon);
}
