/**
 * A manager's word for one document beyond a limit, asked for at the till.
 *
 * What must stay true: it names the document's own id and the sum that was refused; without it the
 * document is not sent again.
 */

import { closeDialog, openDialog } from "./dialog.js";
import { byId, complain, say } from "./dom.js";
import { uuid7 } from "./identity.js";
import { baht } from "./numbers.js";
import { Secret } from "./secret.js";
import { ask } from "./session.js";
import { word } from "./settings.js";
import { accept } from "./toast.js";

const who = new Secret("override", (one) => one.gives_overrides);
let asked = null;
let answer = () => {};
let id = null;
let busy = false;

async function submit(event) {
  event.preventDefault();
  const reason = byId("override-reason").value.trim();
  complain(byId("override-reason"), reason ? "" : word("reason_missing"));
  const secret = reason && !busy ? who.body() : null;
  if (!secret) return;
  busy = true;
  const outcome = await ask("PUT", `/overrides/${id}`, { ...secret, ...asked, reason });
  busy = false;
  if (outcome.state !== "done") {
    if (outcome.state === "refused") id = uuid7();
    who.refused(outcome);
    return;
  }
  accept(word("override_given", { name: outcome.data.granted_name }));
  close(true);
}

function close(given) {
  who.input.value = "";
  const tell = answer;
  answer = () => {};
  closeDialog("override");
  tell(given);
}

/** Ask a manager; resolves true when they said yes. `problem` is the server's override-needed. */
export function askOverride(problem, documentId, about = "") {
  id = uuid7();
  asked = {
    kind: problem.kind,
    document_id: documentId,
    asked_satang: problem.asked_satang,
    about: about.slice(0, 120),
  };
  const what = problem.kind.replaceAll("-", "_");
  say("override-what", word(`ask_${what}`));
  say("override-amount", `${baht(problem.asked_satang)} ${word("baht")}`);
  byId("override-reason").value = "";
  complain(byId("override-reason"), "");
  return new Promise((resolve) => {
    answer = resolve;
    openDialog("override", { focus: "override-reason", back: () => close(false) });
    who.open();
  });
}

export function wireOverride() {
  byId("override-form").addEventListener("submit", submit);
}
