/**
 * What a cashier must see at a glance: shift, line, what is not sent; and the list behind it.
 *
 * What must stay true: a state is always said in words; a parked sale stays on this list until a
 * person has dealt with it.
 */

import { isEmpty, priced } from "./cart.js";
import { closeDialog, openDialog } from "./dialog.js";
import { byId, fill, icon, make, say } from "./dom.js";
import { dayOf, timeOf } from "./moments.js";
import { baht } from "./numbers.js";
import { outbox } from "./outgoing.js";
import { sentenceOf } from "./problems.js";
import { settings, word } from "./settings.js";
import { keptCart, startAfresh, state } from "./state.js";
import { refuse } from "./toast.js";

function chip(id, tone, sign, text) {
  const element = byId(id);
  element.className = `chip ${tone}`;
  element.querySelector("use").setAttribute("href", `${settings.icons}#${sign}`);
  say(element.querySelector(".text"), text);
}

export function showTill() {
  const { shift } = state;
  const since = shift?.opened_at ? timeOf(shift.opened_at) : "";
  const open = word("shift_open", { time: since });
  chip("state-shift", shift ? "good" : "warning", "till", shift ? open : word("no_shift"));
  const reached = navigator.onLine && !(outbox?.failures > 0);
  chip(
    "state-line",
    reached ? "good" : "bad",
    reached ? "online" : "offline",
    word(reached ? "online" : "offline"),
  );
  const pending = outbox?.pending.length ?? 0;
  const parked = outbox?.refused.length ?? 0;
  const text = parked
    ? word("parked_count", { count: parked })
    : word("unsent", { count: pending });
  chip("state-outbox", parked ? "bad" : "warning", parked ? "warning" : "send", text);
  byId("state-outbox").hidden = pending + parked === 0;
  if (byId("outbox").open) showOutbox();
}

/** A parked sale back on the counter, with its own id: it was never recorded. */
async function bringBack(record) {
  if (!isEmpty(state.cart)) {
    refuse(word("hold_first"));
    return;
  }
  await outbox.forget(record.id, [keptCart(record.cart)]);
  closeDialog("outbox");
  startAfresh(record.cart);
}

function recordRow(record) {
  const parked = record.state === "refused";
  const sum = record.cart ? `${baht(priced(record.cart).total_satang)} ${word("baht")}` : "";
  return make(
    "li",
    { class: "outbox-row" },
    make("b", {}, `${timeOf(record.made_at)} · ${word(`kind_${record.kind}`)} ${sum}`),
    make(
      "span",
      { class: parked ? "error" : "muted" },
      parked ? sentenceOf(record.problem) : word("waiting"),
    ),
    parked && record.cart
      ? make(
          "button",
          { class: "button", type: "button", onclick: () => bringBack(record) },
          icon("back"),
          word("bring_back"),
        )
      : null,
  );
}

function showOutbox() {
  say("outbox-note", word(outbox.records.length ? "outbox_note" : "outbox_empty"));
  fill("outbox-list", outbox.records.map(recordRow));
  byId("outbox-send").hidden = !outbox.pending.length;
}

export function openOutboxList() {
  showOutbox();
  openDialog("outbox");
}

function tick() {
  const now = new Date();
  say("clock", `${dayOf(now)} ${timeOf(now)}`);
}

export function wireTill() {
  byId("outbox-send").addEventListener("click", () => outbox.knock());
  window.addEventListener("online", showTill);
  window.addEventListener("offline", showTill);
  tick();
  setInterval(tick, 10000);
}
