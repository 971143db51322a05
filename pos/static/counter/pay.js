/**
 * Taking payment: exact cash in one key, notes in one key each, other ways beside it.
 *
 * What must stay true: what is shown as change is what the receipt will say; going back keeps the
 * payments already seen, so a PromptPay that has come in is never forgotten.
 */

import { isEmpty, priced } from "./cart.js";
import { closeDialog, openDialog, topDialog } from "./dialog.js";
import { all, byId, complain, fill, icon, make, say } from "./dom.js";
import { chooseMember } from "./member.js";
import { pressNote, showHundred, wireNotes } from "./notes.js";
import { baht, parseBaht } from "./numbers.js";
import {
  OTHER_WAYS,
  addOther,
  leaveOther,
  scannedCoupon,
  showOther,
  wireOther,
} from "./other_ways.js";
import { confirmSeen, leavePromptpay, showPromptpay } from "./promptpay.js";
import { recordSale } from "./sale.js";
import { word } from "./settings.js";
import { changeCart, gridSatang, state } from "./state.js";
import * as tender from "./tender.js";
import { refuse } from "./toast.js";
import { addTransfer, showTransfer, wireTransfer } from "./transfer.js";

let way = "cash";

const total = () => priced(state.cart).total_satang;
const payments = () => state.cart.payments;
const view = () => tender.tenderView(total(), payments(), gridSatang(), way);

export function takePayments(list) {
  changeCart({ ...state.cart, payments: list }, { undoable: false });
  showPay();
}

function paymentRow(payment, position) {
  const drop = () => takePayments(tender.without(payments(), position));
  const text = [word(payment.method), payment.reference].filter(Boolean).join(" · ");
  return make(
    "li",
    {},
    make("span", {}, text),
    make("span", { class: "nowrap" }, baht(payment.amount_satang)),
    make(
      "button",
      { class: "button plain", type: "button", onclick: drop },
      icon("close"),
      make("span", { class: "visually-hidden" }, word("remove_payment")),
    ),
  );
}

function confirmText(seen) {
  if (way === "cash" && !seen.handed && seen.cash_due > 0) {
    return word("exact_cash", { amount: baht(seen.cash_due) });
  }
  return word(seen.left ? "still_short" : "confirm_payment", { amount: baht(seen.left) });
}

export function showPay() {
  const seen = view();
  say("pay-due", baht(total()));
  byId("pay-rounding-row").hidden = seen.rounding === 0;
  say("pay-rounding", baht(seen.rounding));
  fill("payments", payments().map(paymentRow));
  byId("pay-left-row").hidden = seen.left === 0 && payments().length > 0;
  say("pay-left", baht(seen.left));
  byId("pay-change-row").hidden = seen.handed === 0 || seen.left > 0;
  say("pay-change", baht(seen.change));
  say("pay-confirm-text", confirmText(seen));
  byId("pay-confirm").hidden = way !== "cash" && seen.left > 0;
  showHundred(tender.upToHundred(seen.cash_due || 1));
  if (document.activeElement !== byId("pay-handed")) {
    byId("pay-handed").value = seen.handed ? baht(seen.handed) : "";
  }
}

function chooseWay(name) {
  way = name;
  for (const button of all("[data-way]", byId("pay"))) {
    button.setAttribute("aria-pressed", String(button.dataset.way === way));
  }
  const pane = OTHER_WAYS.includes(way) ? "other" : way;
  for (const one of all("[data-pane]", byId("pay"))) one.hidden = one.dataset.pane !== pane;
  const left = tender.leftExactly(total(), payments());
  if (way === "promptpay") showPromptpay(left, paidWithoutCash);
  else leavePromptpay();
  if (pane === "other") showOther(way, left, paidWithoutCash);
  else leaveOther();
  if (way === "transfer") showTransfer(left, paidWithoutCash);
  showPay();
}

/** A payment without cash has come in; when it covers the rest, the sale is done. */
function paidWithoutCash(payment) {
  takePayments([...payments(), payment]);
  const { short_satang: short, over_satang: over } = view().settled;
  if (!short && !over) confirm();
  else chooseWay("cash");
}

function addNote(satang) {
  takePayments(tender.withCash(payments(), view().handed + satang));
  byId("pay-confirm").focus();
}

const takeHundred = () => {
  const hundred = tender.upToHundred(view().cash_due || 1);
  takePayments(tender.withCash(payments(), hundred));
};

function handedTyped() {
  const input = byId("pay-handed");
  const amount = input.value.trim() ? parseBaht(input.value) : 0;
  complain(input, amount === null ? word("amount_unreadable") : "");
  if (amount !== null) takePayments(tender.withCash(payments(), amount));
}

function confirm() {
  if (way === "transfer" && view().left > 0) return addTransfer();
  if (way === "promptpay" && view().left > 0) return confirmSeen();
  if (OTHER_WAYS.includes(way) && view().left > 0) return addOther();
  if (byId("pay-handed").hasAttribute("aria-invalid")) return refuse(word("amount_unreadable"));
  let list = payments();
  if (!tender.handedOver(list)) list = tender.withExactCash(total(), list, gridSatang());
  const seen = tender.tenderView(total(), list, gridSatang(), way).settled;
  if (seen.short_satang) return refuse(word("still_short", { amount: baht(seen.short_satang) }));
  if (seen.over_satang) return refuse(word("more_than_left"));
  closePay();
  return recordSale(list);
}

function closePay() {
  leavePromptpay();
  leaveOther();
  closeDialog("pay");
}

/** Whose purse or account it is may be said here too; the prices may move, so it opens anew. */
function memberFirst() {
  const chosen = way;
  closePay();
  chooseMember(() => openPay(chosen));
}

/** Keys outside the fields: notes by number, any other digit begins the amount. */
function typed({ character, key, code }) {
  if (way !== "cash" || pressNote(code)) return;
  if (!/[0-9.๐-๙]/.test(character)) return;
  byId("pay-handed").focus();
  byId("pay-handed").value = /[0-9๐-๙.]/.test(key) ? key : character;
  handedTyped();
}

/** Open the paying screen, on cash or on another way. */
export function openPay(chosen = "cash") {
  if (isEmpty(state.cart)) return refuse(word("bill_empty"));
  if (topDialog()) return false;
  if (total() === 0 && !payments().length) way = "cash";
  byId("pay-refusal").hidden = true;
  complain(byId("pay-handed"), "");
  openDialog("pay", {
    focus: "pay-confirm",
    back: closePay,
    typed,
    scanned: scannedCoupon,
    keys: {
      Enter: confirm,
      F1: () => chooseWay("purse"),
      F3: memberFirst,
      F4: () => chooseWay("credit"),
      F6: () => chooseWay("scheme"),
      F8: () => chooseWay("voucher"),
      F9: confirm,
      F10: () => chooseWay("promptpay"),
      F7: () => chooseWay("transfer"),
      Backspace: () => takePayments(tender.withCash(payments(), 0)),
    },
  });
  return chooseWay(chosen);
}

export function wirePay() {
  for (const button of all("[data-way]", byId("pay"))) {
    button.addEventListener("click", () => chooseWay(button.dataset.way));
  }
  wireNotes(addNote, takeHundred);
  byId("pay-confirm").addEventListener("click", confirm);
  byId("pay-handed").addEventListener("input", handedTyped);
  wireTransfer();
  wireOther();
}
