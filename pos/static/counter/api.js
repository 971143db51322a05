/**
 * One call to the server, and what its answer means.
 *
 * What must stay true: every outcome is one of four: done, refused (the server understood and said
 * no), signed-out, or unreachable (nobody knows whether it was done; the same call may be
 * repeated).
 */

import { csrfToken, renewToken, settings } from "./settings.js";
import { practise, practised, withPractisedShift } from "./training.js";

const PATIENCE_MS = 15000;

async function fetchOnce(method, path, body) {
  if (practised(method, path)) return practise(overTheWire, method, path, body);
  const reply = await overTheWire(method, path, body);
  const inTraining = settings.training && reply.data && path.startsWith("/catalogue");
  return inTraining ? { ...reply, data: withPractisedShift(reply.data) } : reply;
}

async function overTheWire(method, path, body) {
  const headers = { Accept: "application/json", "X-CSRF-Token": csrfToken() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const reply = await fetch(settings.apiBase + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      signal: stop.signal,
    });
    const text = await reply.text();
    return { status: reply.status, data: text ? JSON.parse(text) : null };
  } catch {
    return { status: 0, data: null };
  } finally {
    clearTimeout(timer);
  }
}

/** What a status means; anything that may be our wire's or server's fault is "unreachable". */
export function outcomeOf({ status, data }) {
  if (status >= 200 && status < 300) return { state: "done", status, data };
  if (status === 401) return { state: "signed-out", status };
  if (status >= 400 && status < 500 && status !== 408 && status !== 429 && data?.title) {
    return { state: "refused", status, problem: data };
  }
  return { state: "unreachable", status };
}

const tokenIsOld = (outcome) => outcome.state === "refused" && /csrf/.test(codeOf(outcome.problem));

/** The stable code of a problem: its `code`, or the last part of its `type`. */
export function codeOf(problem) {
  return (
    problem?.code ??
    String(problem?.type ?? "")
      .split("/")
      .pop()
  );
}

export async function call(method, path, body) {
  let outcome = outcomeOf(await fetchOnce(method, path, body));
  if (tokenIsOld(outcome)) {
    const renewed = await renewToken().catch(() => false);
    outcome = renewed ? outcomeOf(await fetchOnce(method, path, body)) : { state: "signed-out" };
  }
  return outcome;
}

export const get = (path, query = {}) => {
  const text = new URLSearchParams(query).toString();
  return call("GET", text ? `${path}?${text}` : path);
};
