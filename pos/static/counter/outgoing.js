/**
 * The one outbox of this page, and what the answers mean for the bill.
 *
 * What must stay true: a sale's acknowledgement, its receipt and the empty bill after it are
 * written in one step, so a reload at any moment shows either the sale or the receipt, never both
 * and never neither.
 */

import { call } from "./api.js";
import { byId, say } from "./dom.js";
import { Outbox } from "./queue.js";
import { word } from "./settings.js";
import { freshCart, keptCart } from "./state.js";

const PATIENCE_MS = 1500;

export let outbox = null;

function settled(record, outcome) {
  // Nobody looks at a refund of the last visit any more, but its money may be gone: keep it.
  if (record.kind === "refund") return { park: outcome.state === "refused" && !record.foreground };
  if (record.kind !== "sale") return {};
  if (outcome.state === "refused") return record.foreground ? {} : { park: true };
  const next = freshCart();
  outcome.next = next;
  const receipt = { store: "draft", key: "last", value: outcome.data };
  if (!record.foreground) return { changes: [receipt] };
  const open = { store: "draft", key: "receipt", value: outcome.data };
  return { changes: [receipt, open, keptCart(next)] };
}

export function openOutbox(store, changed) {
  outbox = new Outbox({
    store,
    settled,
    changed,
    send: (record) => call(record.method, record.path, record.body),
    later: (run, wait) => window.setTimeout(run, wait),
  });
  window.addEventListener("online", () => outbox.knock());
  return outbox;
}

/**
 * Send a document that is not a sale (refund, money in or out, shift) and wait for its answer.
 * While there is none, `place` says that it is kept and that one may go on.
 */
export async function sendDocument(kind, id, path, body, place) {
  const slow = setTimeout(() => {
    say(place, word("document_waiting"));
    byId(place).hidden = false;
  }, PATIENCE_MS);
  try {
    return await outbox.submit({ id, kind, method: "PUT", path, body, foreground: true });
  } catch {
    return { state: "refused", problem: { title: word("cannot_keep") } };
  } finally {
    clearTimeout(slow);
    byId(place).hidden = true;
  }
}
