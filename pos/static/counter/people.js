/**
 * Handing the till on: another person's PIN, and from then on documents are theirs.
 *
 * What must stay true: the bill stays as it is; nothing made by one person is sent in the name of
 * another, so the till is handed on only when everything has been sent.
 */

import { closeDialog, openDialog } from "./dialog.js";
import { byId, say } from "./dom.js";
import { load } from "./load.js";
import { outbox } from "./outgoing.js";
import { Secret } from "./secret.js";
import { ask } from "./session.js";
import { renewToken, word } from "./settings.js";
import { accept, refuse } from "./toast.js";

const who = new Secret("switch", () => true);
let busy = false;

async function submit(event) {
  event.preventDefault();
  if (busy) return;
  const body = who.body();
  if (!body) return;
  if (outbox.pending.length) {
    refuse(word("send_first"));
    return;
  }
  busy = true;
  const outcome = await ask("POST", "/till_switch", body);
  busy = false;
  if (outcome.state !== "done") {
    who.refused(outcome);
    return;
  }
  who.input.value = "";
  closeDialog("switch");
  await renewToken().catch(() => false);
  say("cashier-name", outcome.data.name);
  accept(word("handed_over", { name: outcome.data.name }));
  load();
}

export async function openSwitch() {
  if (outbox.records.length) await outbox.knock();
  if (outbox.pending.length) {
    refuse(word("send_first"));
    return;
  }
  openDialog("switch");
  await who.open();
}

export function wirePeople() {
  byId("switch-form").addEventListener("submit", submit);
}
