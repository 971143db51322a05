/**
 * The bill on the screen: lines, the chosen one with its buttons, member, sums.
 *
 * What must stay true: every figure comes from cart.priced(); a discount is always in words too.
 */

import { moveSelection, onePiece, priced, setQuantity } from "./cart.js";
import { byId, fill, icon, make, say } from "./dom.js";
import { baht, quantity, weight } from "./numbers.js";
import { isCounted } from "./selling.js";
import { nameOf, word } from "./settings.js";
import { changeCart, state } from "./state.js";

let acts = {};

/** wireBill({askQuantity, changeUnit, severalUnits, discount, remove, member}) */
export function wireBill(given) {
  acts = given;
}

const amountOf = (line) =>
  isCounted(line) ? quantity(line.quantity_milli) : weight(line.quantity_milli);

function step(line, difference) {
  const next = line.quantity_milli + difference * onePiece;
  if (next > 0) changeCart(setQuantity(state.cart, line.key, next));
  else acts.remove(line.key);
}

function lineTools(line) {
  const tool = (name, text, run) =>
    make(
      "button",
      { class: "button", type: "button", onclick: run },
      icon(name),
      make("span", { class: "visually-hidden" }, text),
    );
  const pieces = isCounted(line);
  return make(
    "div",
    { class: "line-tools" },
    pieces ? tool("minus", word("one_less"), () => step(line, -1)) : null,
    make(
      "button",
      { class: "button line-amount", type: "button", onclick: () => acts.askQuantity(line) },
      pieces ? null : icon("scale"),
      `${amountOf(line)} ${line.product.unit}`,
    ),
    pieces ? tool("plus", word("one_more"), () => step(line, 1)) : null,
    acts.severalUnits(line)
      ? tool("unit", word("change_unit"), () => acts.changeUnit(line))
      : null,
    make("span", { class: "line-gap" }),
    tool("discount", word("discount"), () => acts.discount()),
    tool("trash", word("remove_line"), () => acts.remove(line.key)),
  );
}

const nowrap = (text) => make("span", { class: "nowrap" }, text);

const cutWords = (line) =>
  line.offer ? `${word("promotion")} ${nameOf(line.offer)} ` : `${word("discount")} `;

/** How much of the line went at which tier, in words. */
function tierWords(line, tier) {
  const amount = `${quantity(tier.quantity_milli)} ${line.product.unit}`;
  const facts = { amount, count: tier.count, price: baht(tier.price_satang) };
  if (tier.count === 1) return word("member_price", facts);
  return word(tier.members_only ? "member_tier" : "tier", facts);
}

function lineRow(line, chosen) {
  const choose = () => changeCart({ ...state.cart, selected: line.key }, { undoable: false });
  const cut = line.discount_satang;
  return make(
    "li",
    { class: chosen ? "line chosen" : "line", "aria-current": chosen ? "true" : null },
    make(
      "button",
      { class: "line-main", type: "button", onclick: choose },
      make("span", { class: "line-name" }, nameOf(line.product)),
      make("span", { class: "line-net nowrap" }, baht(line.after_line_satang)),
      make(
        "span",
        { class: "line-detail" },
        `${amountOf(line)} ${line.product.unit} × ${baht(line.unit_price_satang)}`,
      ),
      ...line.tiers.map((tier) => make("span", { class: "line-tier" }, tierWords(line, tier))),
      cut ? make("span", { class: "line-cut" }, cutWords(line), nowrap(`−${baht(cut)}`)) : null,
    ),
    chosen ? lineTools(line) : null,
  );
}

const rows = new Map();

/** A line's row, made once for each state of the line. */
function keptRow(line) {
  const chosen = line.key === state.cart.selected;
  const { quantity_milli: milli, unit_price_satang: price, discount_satang: cut } = line;
  const signature = [
    ...[milli, price, cut, line.gross_satang, line.offer?.id, line.product.unit, chosen],
    ...[acts.severalUnits(line), JSON.stringify(line.tiers)],
  ].join(" ");
  const kept = rows.get(line.key);
  if (kept?.signature === signature) return kept.element;
  const element = lineRow(line, chosen);
  rows.set(line.key, { signature, element });
  return element;
}

function memberStrip(member) {
  if (!member) return [];
  const who = [member.name, member.nickname && `(${member.nickname})`].filter(Boolean).join(" ");
  return [
    make(
      "button",
      { class: "member-chip", type: "button", onclick: () => acts.member() },
      icon("member"),
      make("span", {}, `${word("member")}: ${who}`),
    ),
  ];
}

export function showBill() {
  const sums = priced(state.cart);
  const count = sums.lines.length;
  const off = sums.discount_satang + sums.line_discounts_satang;
  if (!count) rows.clear();
  fill("lines", sums.lines.map(keptRow));
  byId("lines").hidden = count === 0;
  byId("bill-empty").hidden = count > 0;
  byId("lines").querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  say("bill-count", count ? word("lines", { count }) : "");
  say("switch-count", String(count));
  fill("bill-member", memberStrip(state.cart.member));
  byId("sum-discount-row").hidden = off === 0;
  say("sum-discount", `−${baht(off)}`);
  say("sum-total", baht(sums.total_satang));
  byId("pay-button").disabled = count === 0;
}

export function moveChoice(difference) {
  changeCart(moveSelection(state.cart, difference), { undoable: false });
}
