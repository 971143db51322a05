/**
 * After payment: change, number, print, next.
 *
 * What must stay true: the amounts are the server's own, not the page's sums; it survives a reload
 * until somebody has seen it.
 */

import { closeDialog, openDialog } from "./dialog.js";
import { announce, byId, fill, make, say } from "./dom.js";
import { baht } from "./numbers.js";
import { pageOf, sentenceOfOutcome } from "./problems.js";
import { ask } from "./session.js";
import { settings, word } from "./settings.js";
import { state } from "./state.js";
import { notify, refuse, soundAccept } from "./toast.js";

let store = null;
let takeScan = () => {};
let nextCustomer = () => {};

const FLAG_WORDS = {
  oversold: "flag_oversold",
  "clock-skew": "flag_clock",
  late: "flag_late",
  "price-changed": "flag_price",
  "not-for-sale": "flag_off_sale",
  "discount-above-limit": "flag_discount",
  "credit-over-limit": "flag_credit",
  "purse-short": "flag_purse",
};

/** «oversold:2» is the flag and the line it stands on. */
function flagNotice(flag) {
  const [name, line = ""] = String(flag).split(":");
  const text = word(FLAG_WORDS[name] ?? "flag_other", { line });
  return make("p", { class: "notice warning" }, text);
}

export function showReceipt(receipt) {
  say("receipt-change", baht(receipt.change_satang));
  say("receipt-no", receipt.receipt_no);
  say("receipt-total", `${baht(receipt.due_satang)} ${word("baht")}`);
  say("receipt-paid", receipt.payments.map(paidWords).join(" + "));
  say("receipt-producers", `${baht(receipt.producer_satang)} ${word("baht")}`);
  for (const id of ["receipt-producers-label", "receipt-producers"]) {
    byId(id).hidden = !receipt.producer_satang;
  }
  fill("receipt-flags", (receipt.flags ?? []).map(flagNotice));
  byId("receipt-open").href = pageOf(`/sales/${receipt.id}`);
  byId("receipt-open").hidden = settings.training;
  soundAccept();
  openDialog("receipt", {
    focus: "receipt-next",
    keys: { Enter: done, Escape: done },
    back: done,
    typed: ({ code }) => (code === "KeyP" ? print(receipt) : null),
    scanned: (text) => {
      done();
      takeScan(text);
      return true;
    },
  });
  byId("receipt-print").onclick = () => print(receipt);
  announce(word("change_is", { amount: baht(receipt.change_satang) }));
}

const paidWords = (payment) => `${word(payment.method)} ${baht(payment.amount_satang)}`;

/** Count the print, then show the slip with its mark; the window opens first, for it may. */
async function print(receipt) {
  if (settings.training) {
    notify(word("no_paper"), { tone: "warning" });
    return;
  }
  const paper = window.open("about:blank", "_blank");
  byId("receipt-next").focus(); // the next Enter is the next customer, not another copy
  const outcome = await ask("POST", `/sales/${receipt.id}/prints`);
  if (outcome.state !== "done") {
    paper?.close();
    refuse(sentenceOfOutcome(outcome));
    return;
  }
  const address = pageOf(`/sales/${receipt.id}/receipt?copy=${outcome.data.copy_no}`);
  if (paper) paper.location = address;
  else refuse(word("window_blocked"));
}

function done() {
  store?.write([{ store: "draft", key: "receipt" }]).catch(() => {});
  closeDialog("receipt");
  nextCustomer();
}

/** The last receipt once more: marked as a copy, and counted. */
export async function printLast() {
  const receipt = state.lastReceipt;
  if (!receipt) {
    notify(word("no_last_receipt"), { tone: "warning" });
    return;
  }
  await print(receipt);
}

/** A receipt nobody has confirmed yet comes back after a reload. */
export async function wireReceipt(openedStore, onScan, onNext) {
  store = openedStore;
  takeScan = onScan;
  nextCustomer = onNext;
  byId("receipt-next").addEventListener("click", done);
  state.lastReceipt = (await store.read("draft", "last")) ?? null;
  const unseen = await store.read("draft", "receipt");
  if (unseen) showReceipt(unseen);
}
