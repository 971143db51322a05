/**
 * A discount with a reason, on the chosen line or the whole bill, in baht or percent.
 *
 * What must stay true: no discount without a reason; who bears it belongs to the reason and is
 * shown before it is given.
 */

import { discountBasket, discountLine, isEmpty, priced, selectedLine } from "./cart.js";
import { choose, closeDialog, openDialog } from "./dialog.js";
import { all, byId, complain, fill, make, say } from "./dom.js";
import { shareOf } from "./money.js";
import { baht, parseFixed, shortBaht } from "./numbers.js";
import { nameOf, word } from "./settings.js";
import { changeCart, state } from "./state.js";
import { accept, refuse } from "./toast.js";

let scope = "line";
let kind = "amount";

function base() {
  const sums = priced(state.cart);
  if (scope === "basket") return sums.subtotal_satang;
  return sums.lines.find((line) => line.key === state.cart.selected)?.gross_satang ?? 0;
}

const given = () =>
  scope === "basket" ? state.cart.discount : (selectedLine(state.cart)?.discount ?? null);

/** The discount typed: {amount_satang} or {basis_points}; null when it can't be read. */
function typed() {
  const value = parseFixed(byId("discount-amount").value, 2);
  if (!value) return null;
  return kind === "percent" ? { basis_points: value } : { amount_satang: value };
}

const comesTo = (discount) =>
  discount.basis_points ? shareOf(base(), discount.basis_points) : discount.amount_satang;

function show() {
  const discount = typed();
  const off = discount ? Math.min(comesTo(discount), base()) : 0;
  const facts = { before: baht(base()), off: baht(off), after: baht(base() - off) };
  say("discount-result", word("discount_result", facts));
}

const bearerOf = (reason) => (reason.fund_id ? "fund" : reason.bearer);

function showReasons(chosen) {
  const rows = state.reasons.map((reason) =>
    make(
      "label",
      { class: "check" },
      make("input", {
        type: "radio",
        name: "discount-reason",
        value: reason.id,
        checked: reason.id === chosen || state.reasons.length === 1,
      }),
      make(
        "span",
        {},
        nameOf(reason),
        make("span", { class: "muted" }, ` · ${word(`bearer_${bearerOf(reason)}`)}`),
      ),
    ),
  );
  fill("discount-reasons", rows.length ? rows : make("p", {}, word("no_reasons")));
  byId("discount-reasons-error").hidden = true;
}

function chooseScope(value) {
  scope = value;
  choose("discount-scope", "scope", scope);
  const before = given();
  kind = before?.basis_points ? "percent" : "amount";
  choose("discount-kind", "kind", kind);
  byId("discount-amount").value = before
    ? shortBaht(before.basis_points || before.amount_satang)
    : "";
  byId("discount-remove").hidden = !before;
  showReasons(before?.reason_id);
  show();
}

function put(discount) {
  const change =
    scope === "basket"
      ? discountBasket(state.cart, discount)
      : discountLine(state.cart, state.cart.selected, discount);
  closeDialog("discount");
  changeCart(change);
}

function submit(event) {
  event.preventDefault();
  const discount = typed();
  const input = byId("discount-amount");
  if (!discount) return complain(input, word("amount_unreadable"));
  if (comesTo(discount) > base()) {
    return complain(input, word("discount_too_large", { amount: baht(base()) }));
  }
  const reason = all("input[name=discount-reason]").find((choice) => choice.checked);
  if (!reason) {
    say("discount-reasons-error", word("reason_missing"));
    byId("discount-reasons-error").hidden = false;
    return false;
  }
  const off = comesTo(discount);
  put({ ...discount, reason_id: reason.value });
  return accept(`${word("discount")} ${baht(off)}`);
}

export function openDiscount() {
  if (isEmpty(state.cart)) {
    refuse(word("bill_empty"));
    return;
  }
  const line = selectedLine(state.cart);
  say("discount-line-name", line ? nameOf(line.product) : "");
  byId("discount-scope").firstElementChild.hidden = !line;
  complain(byId("discount-amount"), "");
  openDialog("discount", { focus: "discount-amount" });
  chooseScope(line && !state.cart.discount ? "line" : "basket");
}

export function wireDiscount() {
  byId("discount-form").addEventListener("submit", submit);
  byId("discount-remove").addEventListener("click", () => put(null));
  byId("discount-amount").addEventListener("input", () => {
    complain(byId("discount-amount"), "");
    show();
  });
  for (const button of all("[data-scope]")) {
    button.addEventListener("click", () => chooseScope(button.dataset.scope));
  }
  for (const button of all("[data-kind]", byId("discount-kind"))) {
    button.addEventListener("click", () => {
      kind = button.dataset.kind;
      choose("discount-kind", "kind", kind);
      show();
    });
  }
}
