/**
 * Making and finding elements.
 *
 * What must stay true: text only ever enters the page as text nodes, so nothing a person typed can
 * become markup.
 */

import { settings } from "./settings.js";

export const byId = (id) => document.getElementById(id);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "tabIndex"]);

/** make("li", {class: "line", onclick: …, data: {key: 1}}, "text", child) */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "data") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** A drawing from one of our own sheets. */
export function drawing(sheet, name, css) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", css);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sheet}#${name}`);
  svg.append(use);
  return svg;
}

export const icon = (name) => drawing(settings.icons, name, "icon");

export function fill(target, ...children) {
  const element = typeof target === "string" ? byId(target) : target;
  element.replaceChildren(
    ...children.flat().filter((child) => child !== null && child !== undefined),
  );
  return element;
}

/** Set an element's words, touching the page only when they changed. */
export function say(target, text) {
  const element = typeof target === "string" ? byId(target) : target;
  if (element.textContent !== text) element.textContent = text;
}

/** Tell a screen reader, without moving anything on the screen. */
export function announce(text) {
  say("announcer", "");
  say("announcer", text);
}

/** A field's mistake in words under it; empty text takes it away. */
export function complain(input, text) {
  const place = byId(`${input.id}-error`);
  input.toggleAttribute("aria-invalid", Boolean(text));
  if (text) input.setAttribute("aria-invalid", "true");
  if (place) {
    say(place, text);
    place.hidden = !text;
  }
  return false;
}

export const hasFinger = () => matchMedia("(pointer: coarse)").matches;
