/** The outbox: one id, one body, until there is an answer. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { outcomeOf } from "../../pos/static/counter/api.js";
import { Outbox, backoff } from "../../pos/static/counter/queue.js";
import { memoryStore } from "../../pos/static/counter/store.js";

const sale = (id) => ({ id, kind: "sale", path: `/sales/${id}`, body: { lines: [id] } });
const done = { state: "done", status: 201, data: {} };
const refused = { state: "refused", problem: { code: "out-of-stock", title: "ของหมด" } };

/** An outbox whose server answers from a list, and whose waiting costs no time. */
function till({ answers, settled = () => ({}), store = memoryStore() }) {
  const sent = [];
  const outbox = new Outbox({
    store,
    settled,
    changed: () => {},
    later: (run) => setImmediate(run),
    random: () => 0.5,
    send: async (record) => {
      sent.push(structuredClone({ id: record.id, body: record.body }));
      return answers.shift() ?? done;
    },
  });
  return { outbox, sent, store };
}

test("a lost answer is met by the same id and the same body", async () => {
  const lost = { state: "unreachable", status: 0 };
  const { outbox, sent } = till({ answers: [lost, lost, done] });
  const outcome = await outbox.submit(sale("a"));
  assert.equal(outcome.state, "done");
  assert.equal(sent.length, 3);
  assert.deepEqual(sent[0], sent[2]);
  assert.equal(outbox.pending.length, 0);
});

test("a record is on disk before it is sent", async () => {
  const store = memoryStore();
  const seen = [];
  const { outbox } = till({ answers: [], store });
  outbox.send = async (record) => {
    seen.push((await store.read("outbox", record.id))?.state);
    return done;
  };
  await outbox.submit(sale("a"));
  assert.deepEqual(seen, ["pending"]);
  assert.equal(await store.read("outbox", "a"), undefined);
});

test("when the disk refuses, nothing is sent", async () => {
  const { outbox, sent, store } = till({ answers: [] });
  store.write = async () => {
    throw new Error("no space");
  };
  await assert.rejects(outbox.submit(sale("a")));
  assert.deepEqual(sent, []);
});

test("a refusal parks its record and lets the next one pass", async () => {
  const { outbox, sent } = till({
    answers: [refused, done],
    settled: (record, outcome) => ({ park: outcome.state === "refused" }),
  });
  const first = outbox.submit(sale("a"));
  const second = outbox.submit(sale("b"));
  assert.equal((await first).state, "refused");
  assert.equal((await second).state, "done");
  assert.deepEqual(
    sent.map((record) => record.id),
    ["a", "b"],
  );
  assert.deepEqual(
    outbox.refused.map((record) => record.id),
    ["a"],
  );
});

test("after a reload the sale is still there, and is sent", async () => {
  const store = memoryStore();
  const before = till({ answers: [], store });
  before.outbox.send = () => new Promise(() => {}); // the page is closed while it waits
  before.outbox.submit(sale("a"));
  await new Promise(setImmediate);
  const after = till({ answers: [done], store });
  await after.outbox.read();
  const outcome = after.outbox.outcomeOf("a");
  after.outbox.knock();
  assert.equal((await outcome).state, "done");
  assert.deepEqual(after.sent, [{ id: "a", body: { lines: ["a"] } }]);
});

test("an ended session stops the queue until somebody knocks", async () => {
  const { outbox, sent } = till({ answers: [{ state: "signed-out" }, done] });
  const outcome = outbox.submit(sale("a"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(outbox.signedOut, true);
  assert.equal(sent.length, 1);
  outbox.knock();
  assert.equal((await outcome).state, "done");
});

test("what is written with the answer is written in one step", async () => {
  const receipt = { store: "draft", key: "receipt", value: { receipt_no: "1" } };
  const { outbox, store } = till({ answers: [done], settled: () => ({ changes: [receipt] }) });
  await outbox.submit(sale("a"));
  assert.deepEqual(await store.read("draft", "receipt"), { receipt_no: "1" });
});

test("waits grow, differ by chance and end at half a minute", () => {
  assert.equal(
    backoff(0, () => 0),
    400,
  );
  assert.equal(
    backoff(0, () => 1),
    800,
  );
  assert.equal(
    backoff(30, () => 1),
    30000,
  );
});

test("only a server that understood can refuse; all else may be tried again", () => {
  const problem = { title: "ของหมด", code: "out-of-stock" };
  assert.equal(outcomeOf({ status: 409, data: problem }).state, "refused");
  assert.equal(outcomeOf({ status: 401, data: problem }).state, "signed-out");
  for (const status of [0, 408, 429, 500, 502, 503]) {
    assert.equal(outcomeOf({ status, data: problem }).state, "unreachable");
  }
  assert.equal(outcomeOf({ status: 404, data: null }).state, "unreachable");
});
