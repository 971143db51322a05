/**
 * Fetching the goods, reasons, shift and policies of this till.
 *
 * What must stay true: an open bill survives new prices; it takes them, and the cashier is told.
 */

import { priced, reprice } from "./cart.js";
import { indexProducts } from "./catalogue.js";
import { baht } from "./numbers.js";
import { question } from "./session.js";
import { nameOf, settings, word } from "./settings.js";
import { changeCart, changed, state } from "./state.js";
import { notify } from "./toast.js";
import { newGoods } from "./view_goods.js";

const FRESH_MS = 5 * 60 * 1000;
const AGAIN_MS = 5000;

let loadedAt = 0;

function takeOver(catalogue) {
  state.index = indexProducts(catalogue.products);
  state.reasons = catalogue.discount_reasons ?? [];
  state.policies = { ...state.policies, ...catalogue.policies };
  state.shift = catalogue.shift ?? null;
  newGoods();
  const before = priced(state.cart).total_satang;
  const { cart, changed: moved } = reprice(state.cart, state.index.byId);
  if (cart !== state.cart) changeCart(cart, { undoable: false });
  else changed();
  for (const { product, from, to } of moved) {
    const facts = { product: nameOf(product), from: baht(from), to: baht(to) };
    notify(word("price_moved", facts), { tone: "warning", seconds: 12 });
  }
  const after = priced(state.cart).total_satang;
  if (!moved.length && after !== before) {
    const facts = { from: baht(before), to: baht(after) };
    notify(word("offer_moved", facts), { tone: "warning", seconds: 12 });
  }
}

/** Fetch the catalogue; true when it is today's. Without any, it is asked for until it comes. */
export async function load() {
  const outcome = await question("/catalogue", { till_id: settings.tillId });
  if (outcome.state === "done") {
    loadedAt = Date.now();
    takeOver(outcome.data);
    return true;
  }
  if (!state.index) setTimeout(load, AGAIN_MS);
  return false;
}

export function wireLoad() {
  const refresh = () => {
    if (document.visibilityState === "visible" && Date.now() - loadedAt > FRESH_MS) load();
  };
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, FRESH_MS);
}

/** What was just sold is no longer on the shelf, until the server says so too. */
export function takeFromShelf(lines, sign = -1) {
  for (const line of lines) {
    const product = state.index?.byId.get(line.product_id);
    if (product && Number.isInteger(product.on_hand_milli)) {
      product.on_hand_milli += sign * line.quantity_milli;
    }
  }
  if (!state.index) return;
  newGoods();
  changed();
}
