/**
 * The goods of this till: found by barcode, by code, by a lot's label, by the letters of a name.
 *
 * What must stay true: nothing here writes; a search over twenty thousand products stays within
 * one frame, so each product's keys are worked out once.
 */

import { asTypedOnThai, consonantsOf, skeleton, skeletonOfNormal } from "./text.js";

/** The keys of one product; names come normal from the server. */
function keysOf(product) {
  const names = [product.name_th, product.name_en, product.nickname].filter(Boolean);
  const skeletons = names.map(skeletonOfNormal);
  const code = skeletonOfNormal(product.code ?? "");
  const category = skeletonOfNormal(product.category ?? "");
  const consonants = consonantsOf(skeletons[0] ?? "");
  const everything = [...skeletons, code, category, consonants].join("\n");
  return { product, skeletons, code, category, consonants, everything };
}

function inThaiOrder(products, collator) {
  const before = (a, b) => collator.compare(a.name_th, b.name_th);
  const sorted = products.every((product, i) => !i || before(products[i - 1], product) <= 0);
  return sorted ? products : [...products].sort(before);
}

export function indexProducts(products, collator = new Intl.Collator("th")) {
  const entries = inThaiOrder(products, collator).map(keysOf);
  const byCode = new Map(); // code → {product, unitId}
  // A lot's label names its product; a product's own code or barcode wins over it.
  for (const { product } of entries) {
    for (const lotNo of product.lot_nos ?? []) {
      byCode.set(lotNo.toLowerCase(), { product, unitId: null });
    }
  }
  for (const { product } of entries) {
    if (product.code) byCode.set(product.code.toLowerCase(), { product, unitId: null });
  }
  for (const { product } of entries) {
    for (const { barcode, unit_id: unitId } of product.barcodes ?? []) {
      byCode.set(barcode.toLowerCase(), { product, unitId: unitId ?? null });
    }
  }
  const byId = new Map(products.map((product) => [product.id, product]));
  return { entries, byCode, byId, named: new Map(entries.map((entry) => [entry.code, entry])) };
}

/**
 * The product with exactly this barcode, code or lot number, and the unit the barcode means;
 * UPC-A is an EAN-13 without its leading zero.
 */
export function findCode(index, text) {
  const wanted = text.trim().toLowerCase();
  return (
    index.byCode.get(wanted) ??
    (/^[0-9]{12}$/.test(wanted) ? index.byCode.get(`0${wanted}`) : undefined) ??
    (/^0[0-9]{12}$/.test(wanted) ? index.byCode.get(wanted.slice(1)) : undefined) ??
    null
  );
}

const RANKS = 7; // 0 is the exact code, which is looked up

/** Smaller is better; null is no match. */
function rank(entry, wanted, bare) {
  if (entry.skeletons.some((name) => name.startsWith(wanted))) return 1;
  if (entry.code.startsWith(wanted)) return 2;
  if (entry.skeletons.some((name) => name.includes(wanted))) return 3;
  if (bare.length >= 2 && entry.consonants.startsWith(bare)) return 4;
  if (bare.length >= 3 && entry.consonants.includes(bare)) return 5;
  if (wanted.length >= 2 && entry.category.includes(wanted)) return 6;
  return null;
}

/** The best `limit` matches; once so many names begin with the words, nothing better can come. */
function matches(index, query, limit) {
  const wanted = skeleton(query);
  if (!wanted) return [];
  // Vowels narrow a search: only a query of bare consonants may match by consonants alone.
  const bare = consonantsOf(wanted) === wanted && /[ก-ฮ]/.test(wanted) ? wanted : "";
  const found = Array.from({ length: RANKS }, () => []);
  const exact = index.named.get(wanted);
  if (exact) found[0].push(exact.product);
  for (const entry of index.entries) {
    if (entry === exact || !entry.everything.includes(wanted)) continue;
    const place = rank(entry, wanted, bare);
    if (place !== null && found[place].push(entry.product) >= limit && place === 1) break;
  }
  return found.flat();
}

/** Products by name, code or category, best first; also when typed on the wrong layout. */
export function search(index, query, limit = 60) {
  const found = matches(index, query, limit);
  const other = !found.length && /^[\x20-\x7e]+$/.test(query) ? asTypedOnThai(query) : "";
  return (other ? matches(index, other, limit) : found).slice(0, limit);
}

/** The categories in use, in Thai order. */
export function categoriesOf(index, collator = new Intl.Collator("th")) {
  const names = new Set(index.entries.map((entry) => entry.product.category).filter(Boolean));
  return [...names].sort(collator.compare);
}
