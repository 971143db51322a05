/**
 * Questions to the server by somebody whose session may have ended.
 *
 * What must stay true: signing in again happens beside the bill, in another tab; the question that
 * met the closed door is asked again afterwards, with the same words.
 */

import { call } from "./api.js";
import { closeDialog, openDialog } from "./dialog.js";
import { byId, say } from "./dom.js";
import { renewToken, word } from "./settings.js";

let waiting = [];
let afterwards = () => {};

/** Ask somebody to sign in; resolves when somebody has. */
export function signedIn() {
  say("sign-in-refusal", "");
  byId("sign-in-refusal").hidden = true;
  openDialog("sign-in", { keys: { Enter: () => tryAgain(true) } });
  return new Promise((resolve) => waiting.push(resolve));
}

async function tryAgain(complain) {
  if (!byId("sign-in").open) return;
  const renewed = await renewToken().catch(() => false);
  if (!renewed) {
    if (complain) say("sign-in-refusal", word("still_signed_out"));
    byId("sign-in-refusal").hidden = !complain;
    return;
  }
  closeDialog("sign-in");
  for (const resolve of waiting.splice(0)) resolve();
  afterwards();
}

export function wireSession(onSignedIn) {
  afterwards = onSignedIn;
  byId("sign-in-done").addEventListener("click", () => tryAgain(true));
  window.addEventListener("focus", () => tryAgain(false));
}

/** Like api.call, but an ended session only means waiting for a sign-in. */
export async function ask(method, path, body) {
  let outcome = await call(method, path, body);
  while (outcome.state === "signed-out") {
    await signedIn();
    outcome = await call(method, path, body);
  }
  return outcome;
}

export const question = (path, query = {}) => {
  const text = new URLSearchParams(query).toString();
  return ask("GET", text ? `${path}?${text}` : path);
};
