/**
 * A number pad on the glass, for tablets: types into the field it stands beside.
 *
 * What must stay true: the field hears the same `input` event as from a keyboard.
 */

import { all, byId, hasFinger, icon, make } from "./dom.js";
import { word } from "./settings.js";

const ROWS = ["7", "8", "9", "4", "5", "6", "1", "2", "3"];

function press(input, key) {
  if (key === "back") input.value = input.value.slice(0, -1);
  else if (key === "." && input.value.includes(".")) return;
  else if (input.value.length < Number(input.maxLength)) input.value += key;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

export function wireKeypads() {
  for (const pad of all(".keypad")) {
    const input = byId(pad.dataset.for);
    const last = pad.dataset.point === "1" ? "." : "00";
    const button = (key, ...content) =>
      make(
        "button",
        { type: "button", tabIndex: -1, onclick: () => press(input, key) },
        ...content,
      );
    pad.append(
      ...ROWS.map((digit) => button(digit, digit)),
      button("0", "0"),
      button(last, last),
      button("back", icon("back"), make("span", { class: "visually-hidden" }, word("erase"))),
    );
    if (hasFinger()) input.inputMode = "none";
  }
}
