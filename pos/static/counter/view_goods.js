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
const FOUND_MAX = 24; // nobody reads further; they type one more letter
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

function newTile(product) {
  return make(
    "li",
    {},
    make(
      "button",
      { class: "tile", type: "button", onclick: () => take(product) },
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

const tiles = new Map();

/** A product's tile, made once for each price and stock. */
function tile(product) {
  const signature = `${product.price_satang} ${product.on_hand_milli}`;
  const kept = tiles.get(product.id);
  if (kept?.product === product && kept.signature === signature) return kept.element;
  const element = newTile(product);
  tiles.set(product.id, { product, signature, element });
  return element;
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
  if (query.trim()) return search(state.index, query, FOUND_MAX + 1);
  const products = state.index.entries.map((entry) => entry.product);
  return category ? products.filter((product) => product.category === category) : products;
}

function note(query, count, most) {
  if (count > most) return word("more_goods", { count: most });
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
  const searching = query.trim() !== "";
  const most = searching ? FOUND_MAX : TILES_MAX;
  const products = productsToShow(query);
  const shown = products.slice(0, most).map(tile);
  showCategories();
  fill("grid", shown);
  // What Enter would add is marked while searching.
  shown.forEach((element, i) => {
    element.firstElementChild.classList.toggle("first", searching && i === 0);
  });
  say("grid-note", note(query, products.length, most));
  byId("grid-note").hidden = !byId("grid-note").textContent;
}
