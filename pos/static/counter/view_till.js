/**
 * What a cashier must see at a glance: shift, line, what is not sent; and the list behind it.
 *
 * What must stay true: a state is always said in words; a parked sale stays on this list until a
 * person has dealt with it.
 */

import { isEmpty, priced } from "./cart.js";
import { askFirst, closeDialog, openDialog } from "./dialog.js";
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

async function sendAgain(record) {
  await outbox.change(record.id, { state: "pending" });
  outbox.knock();
}

async function putAway(record) {
  const sure = await askFirst(word("put_away_title"), word("put_away_text"), word("put_away"));
  if (sure) await outbox.forget(record.id);
}

const button = (sign, text, onclick) =>
  make("button", { class: "button", type: "button", onclick }, icon(sign), text);

/** What a person can do with a refused record: a bill goes back, anything else is sent again. */
function waysOut(record) {
  if (record.state !== "refused") return [];
  if (record.cart) return [button("back", word("bring_back"), () => bringBack(record))];
  return [
    button("send", word("try_again"), () => sendAgain(record)),
    button("close", word("put_away"), () => putAway(record)),
  ];
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
    ...waysOut(record),
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
