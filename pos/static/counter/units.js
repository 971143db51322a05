/**
 * Choosing by which of its units a product is sold.
 *
 * What must stay true: a scan never asks, for a barcode says its unit; a tap or a name asks only
 * where there is something to choose, and Enter takes the product's own unit.
 */

import { setUnit } from "./cart.js";
import { closeDialog, openDialog } from "./dialog.js";
import { byId, fill, make, say } from "./dom.js";
import { baht, quantity } from "./numbers.js";
import { unitsOf } from "./selling.js";
import { nameOf, word } from "./settings.js";
import { changeCart, state } from "./state.js";
import { tiersFor } from "./tiers.js";
import { accept } from "./toast.js";

const productOf = (line) => state.index?.byId.get(line.product.id);

/** Whether a line could be sold by another unit. */
export const severalUnits = (line) => unitsOf(productOf(line) ?? line.product).length > 1;

/** «30 ฟอง», what one of a unit holds; nothing for the product's own. */
const holds = (product, unit) =>
  unit.id ? `${quantity(unit.factor_milli)} ${product.unit}` : "";

const tierHint = (tier) => word("tier_hint", { count: tier.count, price: baht(tier.price_satang) });

function unitRow(product, unit, i, then) {
  const tiers = tiersFor(product.tiers, unit.id, Boolean(state.cart.member)).map(tierHint);
  const take = () => {
    closeDialog("units");
    then(unit);
  };
  return make(
    "li",
    {},
    make(
      "button",
      { class: "choice", type: "button", onclick: take },
      make("kbd", {}, String(i + 1)),
      make("b", {}, `${unit.label} ${baht(unit.price_satang)}`),
      make("span", { class: "muted" }, [holds(product, unit), ...tiers].filter(Boolean).join(" · ")),
    ),
  );
}

/** Ask by which unit; `then(unit)`. A number chooses, Enter takes the first. */
export function chooseUnit(product, then) {
  const units = unitsOf(product);
  if (units.length === 1) {
    then(units[0]);
    return;
  }
  say("units-name", nameOf(product));
  fill(
    "units-list",
    units.map((unit, i) => unitRow(product, unit, i, then)),
  );
  const press = (i) => byId("units-list").querySelectorAll("button")[i]?.click();
  openDialog("units", {
    keys: { Enter: () => press(0) },
    typed: ({ character }) => press(Number(character) - 1),
  });
}

/** Sell a line by another unit. */
export function changeUnit(line) {
  const product = productOf(line);
  chooseUnit(product, (unit) => {
    changeCart(setUnit(state.cart, line.key, product, unit));
    accept(`${nameOf(product)} ${quantity(line.quantity_milli)} ${unit.label}`);
  });
}
