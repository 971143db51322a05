/**
 * The goods on the screen: categories as chips, products as pictures with a name and a price.
 *
 * What must stay true: what a person can tap is never more than a few dozen tiles, so a cheap
 * tablet stays quick; how much is left is said in words as well as in colour.
 */

import { categoriesOf, search } from "./catalogue.js";
import { byId, drawing, fill, make, say } from "./dom.js";
import { baht, quantity } from "./numbers.js";
import { nameOf, settings, word } from "./settings.js";
import { state } from "./state.js";

const TILES_MAX = 60;
const TINTS = 6;

let category = null;
let take = () => {};
let shownFor = null;

export function wireGoods(onTake) {
  take = onTake;
}

function picture(product) {
  const tint = `tint-${Math.max(0, state.categories.indexOf(product.category)) % TINTS}`;
  const source = product.picture ?? "";
  if (/^(https?:|\/)/.test(source)) {
    return make("img", { class: "tile-picture", src: source, alt: "", loading: "lazy" });
  }
  const inside = /^[a-z][a-z0-9-]*$/.test(source)
    ? drawing(settings.pictures, source, "tile-drawing")
    : make("span", { class: "tile-letter" }, /[ก-ฮ]/.exec(product.name_th)?.[0] ?? "?");
  return make("span", { class: `tile-picture ${tint}` }, inside);
}

function stockNote(product) {
  const left = product.on_hand_milli;
  if (left === null || left === undefined) return null;
  if (left <= 0) return make("span", { class: "tile-stock none" }, word("sold_out"));
  const amount = `${quantity(left)} ${product.unit}`;
  return make("span", { class: "tile-stock" }, word("left", { amount }));
}

/** `first`: what Enter would add, marked while searching. */
function tile(product, first) {
  return make(
    "li",
    {},
    make(
      "button",
      { class: first ? "tile first" : "tile", type: "button", onclick: () => take(product) },
      picture(product),
      make("span", { class: "tile-name" }, nameOf(product)),
      make(
        "span",
        { class: "tile-price" },
        make("b", {}, baht(product.price_satang)),
        " ",
        make("span", {}, `/ ${product.unit}`),
      ),
      stockNote(product),
    ),
  );
}

function chooseCategory(name) {
  category = name;
  shownFor = null;
  byId("grid-frame").scrollTop = 0;
  showGoods();
}

function showCategories() {
  const chip = (name, text) =>
    make(
      "button",
      {
        class: "category",
        type: "button",
        "aria-pressed": String(category === name),
        onclick: () => chooseCategory(name),
      },
      text,
    );
  const names = state.categories.map((name) => chip(name, name));
  fill("categories", chip(null, word("all_goods")), names);
}

function productsToShow(query) {
  if (query.trim()) return search(state.index, query, TILES_MAX + 1);
  const products = state.index.entries.map((entry) => entry.product);
  return category ? products.filter((product) => product.category === category) : products;
}

function note(query, count) {
  if (count > TILES_MAX) return word("more_goods", { count: TILES_MAX });
  if (count) return "";
  return query.trim() ? word("nothing_found", { text: query.trim() }) : word("no_goods");
}

/** A new catalogue came: chips and tiles anew. */
export function newGoods() {
  state.categories = categoriesOf(state.index);
  if (!state.categories.includes(category)) category = null;
  shownFor = null;
}

export function showGoods(query = shownFor?.query ?? "") {
  if (!state.index || (shownFor && shownFor.query === query && shownFor.category === category)) {
    return;
  }
  shownFor = { query, category };
  const products = productsToShow(query);
  showCategories();
  const searching = query.trim() !== "";
  const shown = products.slice(0, TILES_MAX);
  fill(
    "grid",
    shown.map((product, i) => tile(product, searching && i === 0)),
  );
  say("grid-note", note(query, products.length));
  byId("grid-note").hidden = !byId("grid-note").textContent;
}
