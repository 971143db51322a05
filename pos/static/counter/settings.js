/**
 * What the page was told: centre, till, language, words. Read once from <body data-…>.
 *
 * What must stay true: this is the only module that reads those attributes; the CSRF token may
 * change when somebody signs in again, everything else stays as it was when the page came.
 */

const data = typeof document === "undefined" ? {} : document.body.dataset;
const words = JSON.parse(data.words ?? "{}");
let token = data.csrfToken ?? "";

export const settings = Object.freeze({
  centreId: data.centreId,
  centreName: data.centreName,
  tillId: data.tillId,
  tillCode: data.tillCode,
  cashier: data.cashier,
  apiBase: data.apiBase,
  pageBase: data.pageBase,
  locale: data.locale ?? "th",
  icons: data.icons,
  pictures: data.pictures,
  training: data.training === "1",
});

/** The sentence for a key in the reader's language, with {facts} filled in. */
export function word(key, facts = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
}

export const csrfToken = () => token;

/** After a new sign-in: fetch this page again and take over its token; false when still out. */
export async function renewToken() {
  const reply = await fetch(location.pathname, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const fresh = page.body.dataset.csrfToken;
  if (!reply.ok || !fresh) return false;
  token = fresh;
  return true;
}

/** A product's, reason's or unit's name in the reader's language. */
export function nameOf(thing) {
  return (settings.locale === "en" && thing.name_en) || thing.name_th || thing.name || "";
}
