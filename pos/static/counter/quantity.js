/**
 * How many pieces of a line, for fingers; on a keyboard «* n» does the same.
 *
 * What must stay true: pieces are whole and never none; none is what removing a line is for.
 */

import { QUANTITY_MAX } from "./cart.js";
import { closeDialog, openDialog } from "./dialog.js";
import { byId, complain, say } from "./dom.js";
import { MILLI } from "./money.js";
import { parseMilli, quantity } from "./numbers.js";
import { nameOf, word } from "./settings.js";

let done = () => {};
let parts = false; // packs of what is weighed may be parted: half a bag

function submit(event) {
  event.preventDefault();
  const input = byId("quantity-amount");
  const milli = parseMilli(input.value);
  if (!milli || (!parts && milli % MILLI !== 0) || milli > QUANTITY_MAX) {
    complain(input, word(parts ? "no_amount" : "whole_pieces"));
    input.focus();
    return;
  }
  closeDialog("quantity");
  done(milli);
}

export function openQuantity(product, then, already) {
  done = then;
  parts = product.sold_by === "weight";
  say("quantity-name", nameOf(product));
  say(byId("quantity").querySelector(".unit"), product.unit);
  byId("quantity-amount").value = quantity(already).replace(/,/g, "");
  complain(byId("quantity-amount"), "");
  openDialog("quantity", { focus: "quantity-amount" });
}

export function wireQuantity() {
  byId("quantity-form").addEventListener("submit", submit);
  byId("quantity-amount").addEventListener("input", () => complain(byId("quantity-amount"), ""));
}
