/**
 * The one outbox of this page, and what the answers mean for the bill.
 *
 * What must stay true: a sale's acknowledgement, its receipt and the empty bill after it are
 * written in one step, so a reload at any moment shows either the sale or the receipt, never both
 * and never neither.
 */

import { call } from "./api.js";
import { Outbox } from "./queue.js";
import { freshCart, keptCart } from "./state.js";

export let outbox = null;

function settled(record, outcome) {
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

/** Send a document that is not a sale (refund, money in or out, shift) and wait for its answer. */
export const sendDocument = (kind, id, path, body) =>
  outbox.submit({ id, kind, method: "PUT", path, body });
