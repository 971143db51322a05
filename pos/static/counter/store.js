/**
 * What the till must not forget, in IndexedDB: the open cart, and documents not yet acknowledged.
 *
 * What must stay true: `write` resolves only once the disk has it (durability "strict"); changes
 * given together are kept or lost together.
 */

const STORES = ["outbox", "draft"];

/** Take away what was kept under a name, all of it. */
export const forgetStore = (name) =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });

export async function openStore(name) {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  function ask(store, work) {
    return new Promise((resolve, reject) => {
      const request = work(database.transaction(store).objectStore(store));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  /** changes: [{store, key, value}]; a value of undefined takes the key away. */
  function write(changes) {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(STORES, "readwrite", { durability: "strict" });
      for (const { store, key, value } of changes) {
        const target = transaction.objectStore(store);
        if (value === undefined) target.delete(key);
        else target.put(value, key);
      }
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  }

  return {
    read: (store, key) => ask(store, (target) => target.get(key)),
    readAll: (store) => ask(store, (target) => target.getAll()),
    write,
  };
}

/** The same shape in memory, for tests. */
export function memoryStore() {
  const kept = Object.fromEntries(STORES.map((store) => [store, new Map()]));
  return {
    read: async (store, key) => structuredClone(kept[store].get(key)),
    readAll: async (store) => structuredClone([...kept[store].values()]),
    write: async (changes) => {
      for (const { store, key, value } of changes) {
        if (value === undefined) kept[store].delete(key);
        else kept[store].set(key, structuredClone(value));
      }
    },
  };
}
