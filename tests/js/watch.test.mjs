/** The page of a job: it shows the job's end, but never takes away what somebody just opened. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const script = await readFile(new URL("../../pos/static/jobs/watch.js", import.meta.url), "utf8");

/** A job's page, open in front of somebody, whose job is done at the first look. */
async function page(name) {
  const open = { reloads: 0, leave: () => {}, looks: [] };
  const job = { state: "done", progress_total: 1, progress_done: 1 };
  globalThis.document = { getElementById: () => ({ dataset: { seconds: "2", url: "/job" } }) };
  globalThis.location = { reload: () => (open.reloads += 1) };
  globalThis.addEventListener = (_event, leave) => (open.leave = leave);
  globalThis.fetch = async () => ({ ok: true, json: async () => job });
  globalThis.setTimeout = (look) => open.looks.push(look);
  await import(`data:text/javascript,${encodeURIComponent(`${script}// ${name}`)}`);
  return open;
}

const kept = globalThis.setTimeout;
test.afterEach(() => (globalThis.setTimeout = kept));

test("the page shows the finished job by itself", async () => {
  const open = await page("finished");
  await open.looks.shift()();
  assert.equal(open.reloads, 1);
});

test("a link clicked just before the end is followed, not undone", async () => {
  const open = await page("leaving");
  open.leave();
  await open.looks.shift()();
  assert.equal(open.reloads, 0);
});

test("a file fetched from the page does not stop it for good", async () => {
  const open = await page("file");
  open.leave();
  await open.looks.shift()();
  await open.looks.shift()();
  assert.equal(open.reloads, 1);
});
