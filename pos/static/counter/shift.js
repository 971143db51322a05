/**
 * Opening a shift, and money into and out of the drawer.
 *
 * What must stay true: the float is what was counted, note by note; the id of each document is made
 * once and kept while it is retried.
 */

import { codeOf } from "./api.js";
import { choose, closeDialog, openDialog } from "./dialog.js";
import { all, byId, complain, say } from "./dom.js";
import { countSheet, nextField } from "./denominations.js";
import { uuid7 } from "./identity.js";
import { load } from "./load.js";
import { baht, parseBaht } from "./numbers.js";
import { sendDocument } from "./outgoing.js";
import { sentenceOf } from "./problems.js";
import { settings, word } from "./settings.js";
import { changed, state } from "./state.js";
import { accept, refuse } from "./toast.js";

let float = 0;
let busy = false;
let kind = "pay_in";
let category = "safe";

const CATEGORIES = { pay_in: ["safe", "income"], pay_out: ["expense", "safe"] };

export function refusal(place, problem) {
  say(place, problem ? sentenceOf(problem) : "");
  byId(place).hidden = !problem;
}

/** The counter can't sell without a shift: this comes first, and can't be left. */
export function openShiftPanel() {
  countSheet("open-counts", "open", (total) => {
    float = total;
    say("open-total", total === null ? "–" : baht(total));
  });
  refusal("open-refusal", null);
  openDialog("open-shift", { focus: "open-100000" });
}

async function openShift(event) {
  event.preventDefault();
  const field = document.activeElement;
  if (field?.dataset?.denomination && nextField("open-counts", field)) return;
  if (busy || float === null) return;
  busy = true;
  const id = uuid7();
  const body = { till_id: settings.tillId, float_satang: float };
  const outcome = await sendDocument("shift", id, `/shifts/${id}`, body, "open-refusal");
  busy = false;
  if (outcome.state === "done") {
    state.shift = outcome.data;
    closeDialog("open-shift");
    changed();
    accept(word("shift_opened"));
  } else {
    refusal("open-refusal", outcome.problem);
    if (codeOf(outcome.problem) === "shift-already-open") {
      await load();
      if (state.shift) closeDialog("open-shift");
    }
  }
}

function chooseKind(value) {
  kind = value;
  choose("movement-kind", "kind", kind);
  [category] = CATEGORIES[kind];
  for (const button of all("[data-category]", byId("movement-category"))) {
    button.hidden = !CATEGORIES[kind].includes(button.dataset.category);
  }
  choose("movement-category", "category", category);
}

export function openMovement() {
  if (!state.shift) {
    openShiftPanel();
    return;
  }
  byId("movement-amount").value = "";
  byId("movement-reason").value = "";
  complain(byId("movement-amount"), "");
  complain(byId("movement-reason"), "");
  refusal("movement-refusal", null);
  chooseKind("pay_in");
  openDialog("movement", { focus: "movement-amount" });
}

async function moveCash(event) {
  event.preventDefault();
  const amount = parseBaht(byId("movement-amount").value);
  const reason = byId("movement-reason").value.trim();
  complain(byId("movement-amount"), amount ? "" : word("amount_unreadable"));
  complain(byId("movement-reason"), reason ? "" : word("reason_missing"));
  if (busy || !amount || !reason) return;
  busy = true;
  const id = uuid7();
  const body = { shift_id: state.shift.id, kind, category, amount_satang: amount, reason };
  const outcome = await sendDocument(
    "movement",
    id,
    `/cash_movements/${id}`,
    body,
    "movement-refusal",
  );
  busy = false;
  if (outcome.state === "done") {
    closeDialog("movement");
    accept(`${word(kind)} ${baht(amount)}`);
  } else {
    refusal("movement-refusal", outcome.problem);
    refuse(sentenceOf(outcome.problem));
  }
}

export function wireShift() {
  byId("open-form").addEventListener("submit", openShift);
  byId("movement-form").addEventListener("submit", moveCash);
  for (const button of all("[data-kind]", byId("movement-kind"))) {
    button.addEventListener("click", () => chooseKind(button.dataset.kind));
  }
  for (const button of all("[data-category]", byId("movement-category"))) {
    button.addEventListener("click", () => {
      category = button.dataset.category;
      choose("movement-category", "category", category);
    });
  }
}
