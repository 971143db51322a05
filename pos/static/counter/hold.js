/**
 * Putting a bill aside for a while, and taking it back.
 *
 * What must stay true: a bill is never in two places without being in one: it leaves the counter
 * only when the server has it, and leaves the shelf only while the page holds its lines.
 */

import { isEmpty, priced } from "./cart.js";
import { closeDialog, openDialog } from "./dialog.js";
import { byId, fill, make, say } from "./dom.js";
import { uuid7 } from "./identity.js";
import { repriceBill } from "./load.js";
import { timeOf } from "./moments.js";
import { baht } from "./numbers.js";
import { sentenceOfOutcome } from "./problems.js";
import { ask, question } from "./session.js";
import { settings, word } from "./settings.js";
import { changeCart, freshCart, leaveCart, state } from "./state.js";
import { accept, refuse } from "./toast.js";

let attempt = null; // {id, text}: the same bill put aside again keeps its id
const tried = new Set(); // recalls whose answer was lost

const listOf = (data) => (Array.isArray(data) ? data : (data?.held_sales ?? []));

async function hold(event) {
  event.preventDefault();
  const content = JSON.parse(JSON.stringify(state.cart));
  const text = JSON.stringify(content);
  if (attempt?.text !== text) attempt = { id: uuid7(), text };
  const label = byId("hold-label").value.trim() || byId("hold-label").placeholder;
  const body = { till_id: settings.tillId, label, content };
  const outcome = await ask("PUT", `/held_sales/${attempt.id}`, body);
  if (outcome.state !== "done") {
    refuse(sentenceOfOutcome(outcome));
    return;
  }
  attempt = null;
  closeDialog("hold");
  leaveCart();
  accept(word("held", { label }));
}

async function recall(held) {
  if (!isEmpty(state.cart)) {
    refuse(word("hold_first"));
    return;
  }
  const outcome = await ask("DELETE", `/held_sales/${held.id}`);
  const ours = outcome.status === 404 && tried.has(held.id);
  if (outcome.state === "unreachable") tried.add(held.id);
  if (outcome.state !== "done" && !ours) {
    refuse(outcome.status === 404 ? word("recalled_elsewhere") : sentenceOfOutcome(outcome));
    if (outcome.status === 404) list();
    return;
  }
  closeDialog("hold");
  changeCart({ ...freshCart(), ...held.content }, { undoable: false });
  accept(word("recalled", { label: held.label }));
  repriceBill(); // the customer was told the prices of before: what moved is said
}

function heldRow(held, i) {
  const { total_satang: total } = priced({ ...freshCart(), ...held.content });
  const count = held.content.lines.length;
  return make(
    "li",
    {},
    make(
      "button",
      { class: "choice", type: "button", onclick: () => recall(held) },
      make("kbd", {}, String(i + 1)),
      make("b", {}, held.label),
      make(
        "span",
        { class: "muted" },
        `${timeOf(held.held_at)} · ${word("lines", { count })} · ${baht(total)} ${word("baht")}`,
      ),
    ),
  );
}

let shelf = [];

async function list() {
  say("hold-note", word("searching"));
  const outcome = await question("/held_sales", { till_id: settings.tillId });
  shelf = outcome.state === "done" ? listOf(outcome.data) : [];
  fill("held-list", shelf.map(heldRow));
  const none = shelf.length ? "" : word("none_held");
  say("hold-note", outcome.state === "done" ? none : sentenceOfOutcome(outcome));
}

export function openHold() {
  const empty = isEmpty(state.cart);
  byId("hold-form").hidden = empty;
  byId("hold-label").value = "";
  byId("hold-label").placeholder =
    state.cart.member?.name ?? word("bill_at", { time: timeOf(Date.now()) });
  fill("held-list");
  openDialog("hold", {
    focus: empty ? null : "hold-label",
    typed: ({ character }) => (shelf[character - 1] ? recall(shelf[character - 1]) : null),
  });
  return list();
}

export function wireHold() {
  byId("hold-form").addEventListener("submit", hold);
}
