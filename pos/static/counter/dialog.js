/**
 * Dialogs: one at a time on top, left by Esc, deaf to nothing.
 *
 * What must stay true: going back never changes the bill; a scan made over a dialog that doesn't
 * want it is kept, shown, and taken when the last dialog closes.
 */

import { all, byId } from "./dom.js";
import { settings, word } from "./settings.js";
import { notify } from "./toast.js";

const stack = [];
const queuedScans = [];
let takeScan = () => {};

export const onQueuedScan = (listener) => {
  takeScan = listener;
};

export const topDialog = () => stack.at(-1) ?? null;

/**
 * Show a dialog. `keys` maps event.key to a function; `typed(character)` hears other keys outside
 * its fields; `scanned(text)` returns true when it took the scan; `closed()` runs after it shut.
 */
export function openDialog(id, { keys = {}, typed, scanned, closed, back, focus } = {}) {
  const element = byId(id);
  if (element.open) return element;
  stack.push({ id, element, keys, typed, scanned, closed, back });
  if (settings.training) element.dataset.training = word("training");
  element.showModal();
  const target = focus ? byId(focus) : null;
  if (target) {
    target.focus();
    target.select?.();
  } else {
    element.focus();
  }
  return element;
}

export function closeDialog(id) {
  const at = stack.findIndex((entry) => entry.id === id);
  if (at < 0) return;
  const [entry] = stack.splice(at, 1);
  entry.element.close();
  entry.closed?.();
  if (!stack.length) {
    for (const text of queuedScans.splice(0)) takeScan(text);
  }
}

/** Esc, or the back button: the dialog's own way back, or simply closing it. */
export function goBack() {
  const entry = topDialog();
  if (!entry) return false;
  if (entry.back) entry.back();
  else if (entry.element.querySelector("[data-close]")) closeDialog(entry.id);
  return true;
}

/** A scan while a dialog is open: for the dialog, or for later. */
export function scanOverDialog(text) {
  const entry = topDialog();
  if (!entry) return false;
  if (!entry.scanned?.(text)) {
    queuedScans.push(text);
    notify(word("scan_kept", { code: text }), { tone: "warning" });
  }
  return true;
}

/** Buttons that choose one of a group: pressed says which. */
export function choose(group, attribute, value) {
  for (const button of all(`[data-${attribute}]`, byId(group))) {
    button.setAttribute("aria-pressed", String(button.dataset[attribute] === value));
  }
}

export function wireDialogs() {
  for (const element of all("dialog")) {
    element.tabIndex = -1;
    element.addEventListener("cancel", (event) => {
      event.preventDefault();
      goBack();
    });
    element.addEventListener("close", () => {
      // The browser may close a dialog by itself (a back gesture); the stack must know.
      const entry = stack.find((other) => other.element === element);
      if (!entry || element.open) return;
      if (element.querySelector("[data-close]")) closeDialog(entry.id);
      else element.showModal();
    });
    for (const button of all("[data-close]", element)) button.addEventListener("click", goBack);
  }
}

/** Ask yes or no; resolves true for yes. */
export function askFirst(title, text, yes) {
  byId("ask-title").textContent = title;
  byId("ask-text").textContent = text;
  byId("ask-yes").textContent = yes;
  return new Promise((resolve) => {
    const answer = (value) => () => {
      closeDialog("ask");
      resolve(value);
    };
    byId("ask-yes").onclick = answer(true);
    byId("ask-no").onclick = answer(false);
    openDialog("ask", { back: answer(false), keys: { Enter: answer(true) }, focus: "ask-yes" });
  });
}
