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
import { tiersFor } from "./tiers.js";

const TILES_MAX = 60;
const FOUND_MAX = 24; // nobody reads further; they type one more letter
const FIRST_TILES = 6; // drawn while the key is still down; the others a moment later
const TINTS = 6;

let category = null;
let take = () => {};
let shownFor = null;

export function wireGoods(onTake) {
  take = onTake;
}

/** Where the small picture of a product lies; its digest names the version, so it is kept long. */
const thumbnail = (product) =>
  product.picture_digest
    ? `${settings.pageBase}/products/${product.id}/thumbnail?v=${product.picture_digest}`
    : "";

function picture(product) {
  const tint = `tint-${Math.max(0, state.categories.indexOf(product.category)) % TINTS}`;
  const source = thumbnail(product);
  const drawn = () => make("span", { class: `tile-picture ${tint}` }, drawingOf(product));
  if (!source) return drawn();
  const image = make("img", { class: "tile-picture", src: source, alt: "", loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(drawn())); // offline, or taken away
  return image;
}

/** One of our drawings, an emoji people gave it, or the first letter of its name. */
function drawingOf(product) {
  const source = product.picture ?? "";
  if (/^[a-z][a-z0-9-]*$/.test(source)) return drawing(settings.pictures, source, "tile-drawing");
  if (/^\p{Extended_Pictographic}/u.test(source)) {
    return make("span", { class: "tile-letter" }, source);
  }
  return make("span", { class: "tile-letter" }, /[ก-ฮ]/.exec(product.name_th)?.[0] ?? "?");
}

/** «แผง 120.00 · 3 = 100.00»: the other units, and the prices for several. */
function priceNote(product) {
  const units = (product.units ?? []).map((unit) => `${unit.label} ${baht(unit.price_satang)}`);
  const tiers = tiersFor(product.tiers, null, true).map((tier) =>
    word(tier.members_only ? "tier_hint_member" : "tier_hint", {
      count: tier.count,
      price: baht(tier.price_satang),
    }),
  );
  const text = [...units, ...tiers].join(" · ");
  return text ? make("span", { class: "tile-more" }, text) : null;
}

function stockNote(product) {
  const left = product.on_hand_milli;
  if (left === null || left === undefined) return null;
  if (left <= 0) return make("span", { class: "tile-stock none" }, word("sold_out"));
  const amount = `${quantity(left)} ${product.unit}`;
  return make("span", { class: "tile-stock" }, word("left", { amount }));
}

/** A licence that has run out is told, never a reason to stop a sale: that is the manager's. */
const licenceNote = (product) =>
  product.licence_run_out
    ? make("span", { class: "tile-stock none" }, word("licence_run_out"))
    : null;

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
      priceNote(product),
      stockNote(product),
      licenceNote(product),
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
  if (!searching) showCategories();
  const first = searching ? FIRST_TILES : most;
  const shown = products.slice(0, first).map(tile);
  fill("grid", shown);
  // What Enter would add is marked while searching.
  shown.forEach((element, i) => {
    element.firstElementChild.classList.toggle("first", searching && i === 0);
  });
  say("grid-note", note(query, products.length, most));
  byId("grid-note").hidden = !byId("grid-note").textContent;
  const rest = products.slice(first, most);
  if (rest.length) showRest(rest, shownFor);
}

/** The tiles below the first row, unless another key was struck meanwhile. */
function showRest(products, asked) {
  requestAnimationFrame(() =>
    setTimeout(() => {
      if (shownFor !== asked) return;
      const more = products.map(tile);
      for (const element of more) element.firstElementChild.classList.remove("first");
      byId("grid").append(...more);
    }),
  );
}
