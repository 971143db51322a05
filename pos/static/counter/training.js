/**
 * A practice shift: what would be sent is played on the server from its beginning, and taken back.
 *
 * What must stay true: on a page in training no document goes to its own address, only to
 * /training; what was done so far lives in this page alone and is gone with it.
 */

import { settings } from "./settings.js";

let done = [];
let shift = null;

/** Reads of what was practised; all others change nothing and are asked for real. */
const READ_BACK = /^\/(sales|refunds|shifts|held_sales)\b/;

export const practised = (method, path) =>
  settings.training && (method !== "GET" || READ_BACK.test(path));

function remember(step, data) {
  if (step.method === "GET") return;
  done = [...done, step];
  if (/^\/shifts\/[^/]+$/.test(step.path)) shift = data;
  if (/^\/shifts\/.+\/close$/.test(step.path)) shift = null;
}

/** Ask `send(method, path, body)` for the answer to one more step; it is done only if it is taken. */
export async function practise(send, method, path, body) {
  const step = { method, path, body: body ?? {} };
  const answer = await send("POST", "/training", {
    till_id: settings.tillId,
    steps: [...done, step],
  });
  if (answer.status < 200 || answer.status >= 300) {
    if (answer.data?.code === "training-moved") {
      done = [];
      shift = null;
    }
    return answer;
  }
  remember(step, answer.data.data);
  return { status: answer.status, data: answer.data.data };
}

/** The catalogue with the shift that is practised in place of the real one. */
export const withPractisedShift = (data) => ({ ...data, shift });
