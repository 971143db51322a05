/**
 * Closing a shift: count first, see the difference afterwards.
 *
 * What must stay true: the count is blind: nothing on this page knows what is expected before the
 * server has the count. Nothing unsent is left behind in the shift.
 */

import { codeOf } from "./api.js";
import { isEmpty } from "./cart.js";
import { countSheet, countsOf, nextField } from "./denominations.js";
import { closeDialog, openDialog } from "./dialog.js";
import { byId, say } from "./dom.js";
import { baht } from "./numbers.js";
import { outbox } from "./outgoing.js";
import { pageOf, sentenceOfOutcome } from "./problems.js";
import { ask, question } from "./session.js";
import { openShiftPanel, refusal } from "./shift.js";
import { word } from "./settings.js";
import { changed, state } from "./state.js";
import { refuse, soundAccept } from "./toast.js";

let counted = 0;
let busy = false;

export function openClose() {
  if (!state.shift) return openShiftPanel();
  if (outbox.pending.length) return refuse(word("unsent_first", { count: outbox.pending.length }));
  if (!isEmpty(state.cart)) return refuse(word("bill_first"));
  countSheet("close-counts", "close", (total) => {
    counted = total;
    say("close-total", total === null ? "–" : baht(total));
  });
  refusal("close-refusal", null);
  return openDialog("close-shift", { focus: "close-100000" });
}

async function close(event) {
  event.preventDefault();
  const field = document.activeElement;
  if (field?.dataset?.denomination && nextField("close-counts", field)) return;
  if (busy || counted === null) return;
  busy = true;
  byId("close-submit").disabled = true;
  const counts = countsOf("close-counts").filter((row) => row.count > 0);
  const path = `/shifts/${state.shift.id}`;
  let outcome = await ask("POST", `${path}/close`, { counts });
  // A lost answer may have closed it already: then the shift itself tells the result.
  if (outcome.state === "refused" && codeOf(outcome.problem) === "shift-closed") {
    outcome = await question(path);
  }
  busy = false;
  byId("close-submit").disabled = false;
  if (outcome.state === "done") showResult(outcome.data);
  else {
    say("close-refusal", sentenceOfOutcome(outcome));
    byId("close-refusal").hidden = false;
  }
}

function showResult(shift) {
  const difference = shift.over_short_satang;
  const kind = difference === 0 ? "even" : difference > 0 ? "over" : "short";
  closeDialog("close-shift");
  state.shift = null;
  say("closed-label", word(`cash_${kind}`));
  say("closed-difference", baht(Math.abs(difference)));
  say("closed-counted", `${baht(shift.counted_satang)} ${word("baht")}`);
  say("closed-expected", `${baht(shift.expected_satang)} ${word("baht")}`);
  byId("closed").dataset.kind = kind;
  byId("closed-link").href = pageOf(`/shifts/${shift.id}`);
  soundAccept();
  changed();
  openDialog("closed", { focus: "closed-link", back: next });
}

function next() {
  closeDialog("closed");
  openShiftPanel();
}

export function wireClose() {
  byId("close-form").addEventListener("submit", close);
  byId("closed-next").addEventListener("click", next);
}
