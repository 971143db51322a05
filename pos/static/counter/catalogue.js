/**
 * The goods of this till: found by barcode, by code, by the letters of a name.
 *
 * What must stay true: nothing here writes; a search over twenty thousand products stays within
 * one frame, so each product's keys are worked out once.
 */

import { asTypedOnThai, consonants, skeleton } from "./text.js";

export function indexProducts(products, collator = new Intl.Collator("th")) {
  const entries = products.map((product) => {
    const names = [product.name_th, product.name_en, product.nickname].filter(Boolean);
    return {
      product,
      skeletons: names.map(skeleton),
      consonants: consonants(product.name_th ?? ""),
      code: skeleton(product.code ?? ""),
      category: skeleton(product.category ?? ""),
    };
  });
  entries.sort((a, b) => collator.compare(a.product.name_th, b.product.name_th));
  const byCode = new Map();
  for (const { product } of entries) {
    if (product.code) byCode.set(product.code.toLowerCase(), product);
  }
  for (const { product } of entries) {
    if (product.barcode) byCode.set(product.barcode.toLowerCase(), product);
  }
  return { entries, byCode, byId: new Map(products.map((product) => [product.id, product])) };
}

/** The product with exactly this barcode or code; UPC-A is an EAN-13 without its leading zero. */
export function byBarcode(index, text) {
  const wanted = text.trim().toLowerCase();
  return (
    index.byCode.get(wanted) ??
    (/^[0-9]{12}$/.test(wanted) ? index.byCode.get(`0${wanted}`) : undefined) ??
    (/^0[0-9]{12}$/.test(wanted) ? index.byCode.get(wanted.slice(1)) : undefined) ??
    null
  );
}

/** Smaller is better; null is no match. */
function rank(entry, wanted, bare) {
  if (entry.code === wanted) return 0;
  if (entry.skeletons.some((name) => name.startsWith(wanted))) return 1;
  if (entry.code.startsWith(wanted)) return 2;
  if (entry.skeletons.some((name) => name.includes(wanted))) return 3;
  if (bare.length >= 2 && entry.consonants.startsWith(bare)) return 4;
  if (bare.length >= 3 && entry.consonants.includes(bare)) return 5;
  if (wanted.length >= 2 && entry.category.includes(wanted)) return 6;
  return null;
}

function matches(index, query) {
  const wanted = skeleton(query);
  if (!wanted) return [];
  // Vowels narrow a search: only a query of bare consonants may match by consonants alone.
  const bare = consonants(query) === wanted && /[ก-ฮ]/.test(wanted) ? wanted : "";
  return index.entries
    .map((entry) => ({ product: entry.product, rank: rank(entry, wanted, bare) }))
    .filter((found) => found.rank !== null)
    .sort((a, b) => a.rank - b.rank)
    .map((found) => found.product);
}

/** Products by name, code or category, best first; also when typed on the wrong layout. */
export function search(index, query, limit = 60) {
  const found = matches(index, query);
  const other = !found.length && /^[\x20-\x7e]+$/.test(query) ? asTypedOnThai(query) : "";
  return (other ? matches(index, other) : found).slice(0, limit);
}

/** The categories in use, in Thai order. */
export function categoriesOf(index, collator = new Intl.Collator("th")) {
  const names = new Set(index.entries.map((entry) => entry.product.category).filter(Boolean));
  return [...names].sort(collator.compare);
}
