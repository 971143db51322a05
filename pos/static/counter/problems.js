/**
 * A refusal in words a cashier can act on.
 *
 * What must stay true: every sentence says what to do next; for codes not known here the server's
 * own words, already in the reader's language, are shown.
 */

import { codeOf } from "./api.js";
import { baht, quantity } from "./numbers.js";
import { nameOf, settings, word } from "./settings.js";
import { state } from "./state.js";

const SENTENCES = {
  "tender-short": (problem) => word("tender_short", { amount: baht(problem.missing_satang ?? 0) }),
  "discount-too-large": (problem) =>
    word("discount_too_large", { amount: baht(problem.largest_satang ?? 0) }),
  "shift-closed": () => word("shift_closed"),
  "price-changed": () => word("price_changed"),
  "line-price-changed": () => word("price_changed"),
  "sale-differs": () => word("sale_differs"),
  "out-of-stock": (problem) => {
    const product = state.index?.byId.get(problem.product_id) ?? problem;
    const left = Math.max(0, problem.available_milli ?? 0);
    const facts = { product: nameOf(product), left: `${quantity(left)} ${product.unit ?? ""}` };
    return word("out_of_stock", facts);
  },
};

function serverWords(problem) {
  const fields = (problem.errors ?? []).map((error) => error.detail).filter(Boolean);
  return [problem.title, problem.detail, ...fields.slice(0, 3)].filter(Boolean).join(" · ");
}

export function sentenceOf(problem) {
  const known = SENTENCES[codeOf(problem)]?.(problem);
  return known || serverWords(problem) || word("refused");
}

/** What to say when a question to the server got no answer at all. */
export function sentenceOfOutcome(outcome) {
  if (outcome.state === "refused") return sentenceOf(outcome.problem);
  return word(outcome.state === "signed-out" ? "signed_out" : "unreachable");
}

export const pageOf = (path) => `${settings.pageBase}${path}`;
