/**
 * From «confirm» to the receipt: kept, sent, acknowledged.
 *
 * What must stay true: once confirmed, a sale is on this machine's disk before anything is sent,
 * and it is sent with one id until the server has answered. A refusal gives the bill back whole.
 */

import { codeOf } from "./api.js";
import { priced, saleBody } from "./cart.js";
import { askFirst, closeDialog, openDialog } from "./dialog.js";
import { byId, say } from "./dom.js";
import { uuid7 } from "./identity.js";
import { load, takeFromShelf } from "./load.js";
import { settle } from "./money.js";
import { baht } from "./numbers.js";
import { outbox } from "./outgoing.js";
import { sentenceOf } from "./problems.js";
import { showReceipt } from "./receipt.js";
import { question } from "./session.js";
import { settings, word } from "./settings.js";
import {
  changeCart,
  clearCart,
  freshCart,
  gridSatang,
  keptCart,
  startAfresh,
  state,
} from "./state.js";
import { notify, refuse } from "./toast.js";

const PATIENCE_MS = 700;
const STALE = [
  "price-changed",
  "line-price-changed",
  "offer-changed",
  "product-not-for-sale",
  "unit-not-for-sale",
  "out-of-stock",
  "shift-closed",
  "not-found",
];

let sending = null; // the id whose sending is on the screen
let whenRefused = () => {};

/** Keep the sale, send it, and follow it to its end. */
export async function recordSale(payments) {
  const cart = { ...state.cart, payments };
  const body = saleBody(cart, payments, {
    tillId: settings.tillId,
    shiftId: state.shift?.id,
    occurredAt: new Date().toISOString(),
  });
  const record = { id: cart.id, kind: "sale", path: `/sales/${cart.id}`, body, cart };
  showSending(cart);
  try {
    const kept = { ...record, method: "PUT", foreground: true };
    const outcome = await outbox.submit(kept, [keptCart(cart)]);
    await finish(record.id, outcome, record);
  } catch {
    closeDialog("sending");
    refuse(word("cannot_keep"));
  }
}

/** A sale that was on its way when the page was closed: show it and follow it. */
export function followOpenSale() {
  const record = outbox.records.find(
    (kept) => kept.kind === "sale" && kept.foreground && kept.state === "pending",
  );
  if (record) {
    startAfresh(record.cart);
    showSending(record.cart);
  }
  for (const kept of outbox.pending.filter((other) => other.kind === "sale")) {
    outbox.outcomeOf(kept.id).then((outcome) => finish(kept.id, outcome, kept));
  }
}

/** Refunds, money moved and shifts left from the last visit: say how they ended. */
export function followOthers() {
  for (const kept of outbox.pending.filter((other) => other.kind !== "sale")) {
    outbox.change(kept.id, { foreground: false });
    outbox.outcomeOf(kept.id).then((outcome) => {
      if (outcome.state === "refused") refuse(sentenceOf(outcome.problem));
      else notify(word("recorded_later", { what: word(`kind_${kept.kind}`) }), { tone: "good" });
      if (kept.kind === "shift") load();
    });
  }
}

async function finish(id, outcome, record) {
  const onScreen = sending === id;
  if (onScreen) {
    sending = null;
    closeDialog("sending");
  }
  if (outcome.state === "done") {
    takeFromShelf(outcome.data.lines);
    state.lastReceipt = outcome.data;
    if (state.cart.id === id) startAfresh(outcome.next ?? freshCart());
    if (onScreen) showReceipt(outcome.data);
    else notify(word("sent_later", { number: outcome.data.receipt_no }), { tone: "good" });
  } else if (onScreen) {
    await refused(record, outcome.problem);
  } else {
    refuse(word("parked"));
  }
}

async function refused(record, problem) {
  const code = codeOf(problem);
  if (code === "sale-differs" || code === "content-differs") {
    await meetEarlierSale(record);
    return;
  }
  if (STALE.includes(code)) await load();
  whenRefused(sentenceOf(problem), code, { problem, record });
}

/** This bill was recorded once before, with other content: let the cashier decide. */
async function meetEarlierSale(record) {
  const outcome = await question(`/sales/${record.id}`);
  const earlier = outcome.data ?? {};
  const facts = { number: earlier.receipt_no ?? "–", total: baht(earlier.due_satang ?? 0) };
  const clear = await askFirst(
    word("recorded_before_title"),
    word("recorded_before", facts),
    word("clear_bill"),
  );
  if (clear) clearCart();
  changeCart({ ...state.cart, id: uuid7() }, { undoable: false });
  if (clear && earlier.receipt_no) showReceipt(earlier);
}

/** What is happening to the sale, in words, as the outbox tells. */
export function showSendingState() {
  const record = sending && outbox.find(sending);
  if (!record) return;
  const waiting = outbox.failures > 0 || outbox.signedOut;
  say("sending-state", word(waiting ? "not_sent_yet" : "sending_now"));
  say("sending-help", waiting ? word("not_sent_help") : "");
  byId("sending-again").hidden = !waiting;
  byId("sending-next").hidden = !waiting;
}

function showSending(cart) {
  const { due_satang: due, change_satang: change } = settle(
    priced(cart).total_satang,
    cart.payments,
    gridSatang(),
  );
  sending = cart.id;
  say("sending-total", baht(due));
  say("sending-change", baht(change));
  say("sending-state", word("sending_now"));
  say("sending-help", "");
  byId("sending-again").hidden = true;
  byId("sending-next").hidden = true;
  openDialog("sending", { back: () => {} });
  setTimeout(showSendingState, PATIENCE_MS);
}

/** The customer needn't wait for our line: the sale stays in the outbox, the counter goes on. */
async function serveNext() {
  const id = sending;
  const next = freshCart();
  await outbox.change(id, { foreground: false }, [keptCart(next)]);
  if (sending !== id) return; // the answer came in that very moment
  sending = null;
  closeDialog("sending");
  startAfresh(next);
}

export function wireSale(onRefused) {
  whenRefused = onRefused;
  byId("sending-again").addEventListener("click", () => outbox.knock());
  byId("sending-next").addEventListener("click", serveNext);
}
