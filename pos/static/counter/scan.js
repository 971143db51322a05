/**
 * Telling a scanner from a person: by how fast the keys come, and by the Enter at the end.
 *
 * What must stay true: keys are read by their place (event.code), so a keyboard set to Thai changes
 * nothing; one slow key is never a scan.
 */

// Scanners need 5 to 50 ms a key; nobody types four keys and Enter at 70 ms each.
const LONGEST_GAP_MS = 70;
const PLACES = {
  Minus: "-_",
  Equal: "=+",
  Slash: "/?",
  Period: ".>",
  Comma: ",<",
  Semicolon: ";:",
};
const NUMPAD = { Add: "+", Subtract: "-", Multiply: "*", Divide: "/", Decimal: "." };
const SHIFTED_DIGITS = ")!@#$%^&*(";

/** The character a US keyboard has at this place; null for keys without one. */
export function characterAt(code, shift) {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code);
  if (digit) return shift && code.startsWith("Digit") ? SHIFTED_DIGITS[digit[1]] : digit[1];
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter) return shift ? letter[1] : letter[1].toLowerCase();
  if (code.startsWith("Numpad")) return NUMPAD[code.slice(6)] ?? null;
  return PLACES[code]?.[shift ? 1 : 0] ?? (code === "Space" ? " " : null);
}

export class BurstReader {
  constructor() {
    this.clear();
  }

  clear() {
    this.text = "";
    this.last = -Infinity;
  }

  /** A key that writes something; true when it starts a new burst. */
  feed(character, time) {
    const fresh = time - this.last > LONGEST_GAP_MS;
    this.text = fresh ? character : this.text + character;
    this.last = time;
    return fresh;
  }

  /** Enter came: the scanned text, or null when it was a person. */
  finish(time, shortest) {
    const text =
      time - this.last <= LONGEST_GAP_MS && this.text.length >= shortest ? this.text : null;
    this.clear();
    return text;
  }
}

export const QUIET_MS = LONGEST_GAP_MS + 5;
