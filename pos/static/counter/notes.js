/**
 * Banknotes as buttons: one tap or one key for each note in the customer's hand.
 *
 * What must stay true: the number on a button is the key that does the same.
 */

import { byId, fill, make, say } from "./dom.js";
import { shortBaht } from "./numbers.js";

const NOTES = [2000, 5000, 10000, 50000, 100000];

let addNote = () => {};
let takeHundred = () => {};

const button = (key, text, run) =>
  make(
    "button",
    { class: "button note", type: "button", onclick: run },
    make("kbd", {}, key),
    text,
  );

export function wireNotes(onNote, onHundred) {
  addNote = onNote;
  takeHundred = onHundred;
  const hundred = make("span", { id: "note-hundred" });
  fill(
    "notes",
    NOTES.map((satang, i) => button(String(i + 1), shortBaht(satang), () => addNote(satang))),
    button(String(NOTES.length + 1), hundred, takeHundred),
  );
}

export const showHundred = (satang) => say("note-hundred", shortBaht(satang));

/** A key of the upper row; the number pad types amounts instead. True when it was a note's. */
export function pressNote(code) {
  const at = /^Digit([1-6])$/.exec(code)?.[1];
  if (!at) return false;
  const note = NOTES[at - 1];
  if (note) addNote(note);
  else takeHundred();
  return true;
}
