/**
 * The keyboard: scans by their speed, functions by their keys, everything else to the entry box.
 *
 * What must stay true: a scan is taken wherever the focus is, and never leaves its digits behind in
 * a field; F-keys never reach the browser.
 */

import { goBack, scanOverDialog, topDialog } from "./dialog.js";
import { BurstReader, QUIET_MS, characterAt } from "./scan.js";

const SHORTEST_SCAN = 4;
// In a field nobody types an amount of eight digits that fast; a barcode has at least eight.
const SHORTEST_IN_DIALOG = 8;

const reader = new BurstReader();
let before = null;
let held = [];
let quiet = null;
let actions = {};

const writes = (target) => target?.matches?.("input:not([type=checkbox], [type=radio]), textarea");
const pressable = (target) => target?.closest?.("button, a, summary, select") !== null;

/** A character came from somewhere that isn't a field: hold it until we know who typed it. */
function holdBack(character, event) {
  held.push({ character, key: event.key, code: event.code });
  clearTimeout(quiet);
  quiet = setTimeout(releaseHeld, QUIET_MS);
}

function releaseHeld() {
  clearTimeout(quiet);
  const keys = held.splice(0);
  if (topDialog() && keys.length >= SHORTEST_SCAN) {
    // A scanner without an Enter at its end: no person gives four notes that fast.
    scanOverDialog(keys.map((key) => key.character).join(""));
    return;
  }
  for (const key of keys) {
    const dialog = topDialog();
    if (dialog) dialog.typed?.(key);
    else actions.typed(key);
  }
}

function scanDone(event) {
  const inDialog = topDialog() && writes(event.target);
  const text = reader.finish(event.timeStamp, inDialog ? SHORTEST_IN_DIALOG : SHORTEST_SCAN);
  if (text === null) {
    releaseHeld();
    return false;
  }
  clearTimeout(quiet);
  held = [];
  if (before?.field?.isConnected) {
    before.field.value = before.value;
    before.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (!scanOverDialog(text)) actions.scanned(text, (before?.value ?? "") + text);
  return true;
}

function functionKey(event) {
  const dialog = topDialog();
  const run = dialog ? dialog.keys[event.key] : actions.keys[event.key];
  if (/^F([1-9]|10)$/.test(event.key)) {
    if (event.key === "F5") return false;
    run?.(event);
    return true;
  }
  return false;
}

/** Keys that act unless the focus has a use for them. */
function plainKey(event) {
  const dialog = topDialog();
  const run = dialog ? dialog.keys[event.key] : actions.keys[event.key];
  if (!run) return false;
  const field = writes(event.target) ? event.target : null;
  if (field && field.id === "entry" && !actions.entryGives(event.key)) return false;
  if (field && field.id !== "entry" && event.key !== "Enter") return false;
  if (event.key === "Enter" && (pressable(event.target) || field?.form)) return false;
  return run(event) !== false;
}

function keyDown(event) {
  if (event.isComposing || event.altKey || event.metaKey) return;
  if (event.ctrlKey) {
    const inText = writes(event.target) && event.target.value;
    if (event.code === "KeyZ" && !inText && !topDialog()) {
      event.preventDefault();
      actions.undo();
    }
    return;
  }
  if (event.key === "Escape") {
    event.preventDefault();
    if (!goBack()) actions.keys.Escape();
    return;
  }
  const character = characterAt(event.code, event.shiftKey);
  if (event.key === "Enter" && scanDone(event)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (character !== null && event.key.length === 1) {
    const fresh = reader.feed(character, event.timeStamp);
    const field = writes(event.target) ? event.target : null;
    if (fresh) before = { field, value: field?.value };
    const isSpace = event.code === "Space";
    if (!field && !(isSpace && pressable(event.target))) {
      event.preventDefault();
      holdBack(character, event);
      return;
    }
  }
  if (functionKey(event) || plainKey(event)) event.preventDefault();
}

/** wireKeys({keys, typed, scanned, undo, entryGives}) */
export function wireKeys(given) {
  actions = given;
  document.addEventListener("keydown", keyDown, { capture: true });
  document.addEventListener("click", (event) => {
    // A tapped tile must not keep the focus, or the next Enter would add it once more.
    if (event.detail > 0 && !topDialog() && pressable(event.target)) document.activeElement?.blur();
  });
}
