/**
 * Days and times as the shop writes them: «9 ต.ค. 2568», «09.15 น.», in Bangkok.
 *
 * What must stay true: only for reading; what is sent to the server is always UTC.
 */

import { settings } from "./settings.js";

const timeZone = "Asia/Bangkok";
const english = () => settings.locale === "en";

export function timeOf(moment) {
  const options = { hour: "2-digit", minute: "2-digit", timeZone };
  const text = new Date(moment).toLocaleTimeString("en-GB", options);
  return english() ? text : `${text.replace(":", ".")}\u00a0น.`;
}

export function dayOf(moment) {
  const options = { day: "numeric", month: "short", year: "numeric", timeZone };
  return new Date(moment).toLocaleDateString(english() ? "en-GB" : "th-TH", options);
}
