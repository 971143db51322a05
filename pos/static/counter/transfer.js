/**
 * Paying by a transfer the customer has made: how much, and what the slip calls it.
 *
 * What must stay true: no more than is left to pay is taken; what can't be read is said in the field.
 */

import { byId, complain } from "./dom.js";
import { baht, parseBaht } from "./numbers.js";
import { word } from "./settings.js";

let most = 0; // what is left to pay
let paid = () => {};

/** Open the pane for what is left to pay. */
export function showTransfer(left, onPaid) {
  most = left;
  paid = onPaid;
  complain(byId("transfer-amount"), "");
  byId("transfer-amount").value = baht(left);
  byId("transfer-reference").value = "";
  byId("transfer-reference").focus();
}

export function addTransfer() {
  const input = byId("transfer-amount");
  const amount = parseBaht(input.value);
  if (!amount) return complain(input, word("amount_unreadable"));
  if (amount > most) return complain(input, word("more_than_left"));
  complain(input, "");
  const reference = byId("transfer-reference").value.trim();
  return paid({ method: "transfer", amount_satang: amount, ...(reference && { reference }) });
}

export function wireTransfer() {
  byId("transfer-add").addEventListener("click", addTransfer);
}
