// What the device keeps, in one IndexedDB database per person. `typed`: texts the server has not
// acknowledged. `known`: what the server last said, to bring an old kept page up to date.
// `sending`: the exact bytes of the sending under way, one a record.
const VERSION = 1;
const BASES = 50;
const NAME = "explor-offline:";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const over = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });

function open(user) {
  const request = indexedDB.open(`${NAME}${user}`, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("typed", { keyPath: ["record", "field"] });
    request.result.createObjectStore("known", { keyPath: ["record", "field"] });
    request.result.createObjectStore("sending", { keyPath: "record" });
  };
  return done(request);
}

// A letter typed while an earlier wording of its own text was on its way follows that wording, not
// the one before it; nothing when what was acknowledged is later than this letter.
function following(entry, told) {
  if (!told?.was?.includes(entry.base)) return entry;
  return entry.sequence > told.sequence ? { ...entry, base: told.base } : null;
}

// The bases that texts of this device have taken the place of, up to now.
const replaced = (told, sent) => [...(told?.base === sent.base ? (told.was ?? []) : []), sent.base].slice(-BASES);

const of = (record) => IDBKeyRange.bound([record, ""], [record, "\uffff"]);

export class Store {
  constructor(user) {
    this.user = user;
    this.closed = false;
  }

  async database() {
    if (this.closed) throw new Error("closed");
    this.opening ??= open(this.user).then((found) => {
      found.onversionchange = () => this.close();
      return found;
    });
    return this.opening;
  }

  async change(names, work) {
    const database = await this.database();
    if (this.closed) throw new Error("closed");
    const transaction = database.transaction(names, "readwrite", { durability: "strict" });
    const ended = over(transaction);
    const result = await work(...names.map((name) => transaction.objectStore(name)));
    await ended;
    return result;
  }

  async read(name, range) {
    const database = await this.database();
    return done(database.transaction(name).objectStore(name).getAll(range));
  }

  // The latest letter wins, whichever tab or journal brings it.
  keep(entries) {
    return this.change(["typed", "known"], async (typed, known) => {
      for (const entry of entries) {
        const kept = await done(typed.get([entry.record, entry.field]));
        if (kept && kept.sequence >= entry.sequence) continue;
        const told = await done(known.get([entry.record, entry.field]));
        const next = following(entry, told);
        if (next) typed.put(next);
      }
    });
  }

  typedIn(record) {
    return this.read("typed", of(record));
  }

  allTyped() {
    return this.read("typed");
  }

  knownIn(record) {
    return this.read("known", of(record));
  }

  // A page fresher than what the device knew.
  forgetKnown(record, before) {
    return this.change(["known"], async (known) => {
      for (const one of await done(known.getAll(of(record)))) {
        if (one.at <= before) known.delete([one.record, one.field]);
      }
    });
  }

  allSendings() {
    return this.read("sending");
  }

  // The sending of the record: the one frozen before, or a new one of what is typed now.
  freeze(record, write) {
    return this.change(["typed", "sending"], async (typed, sending) => {
      const frozen = await done(sending.get(record));
      if (frozen) return frozen;
      const entries = await done(typed.getAll(of(record)));
      if (!entries.length) return null;
      const made = { record, ...write(entries) };
      sending.put(made);
      return made;
    });
  }

  // Acknowledged: each field is forgotten only if nothing was typed in it since the freeze.
  settle(frozen, answer) {
    return this.change(["typed", "known", "sending"], async (typed, known, sending) => {
      for (const [field, sent] of Object.entries(frozen.entries)) {
        const told = answer.fields[field];
        if (!told) continue;
        const { record } = frozen;
        const kept = await done(typed.get([record, field]));
        if (kept?.sequence === sent.sequence) typed.delete([record, field]);
        else if (kept && told.state !== "pending") typed.put({ ...kept, base: told.base });
        if (told.state === "pending") continue;
        const was = replaced(await done(known.get([record, field])), sent);
        known.put({ record, field, value: sent.value, sequence: sent.sequence, base: told.base, was, at: answer.at });
      }
      sending.delete(frozen.record);
    });
  }

  thaw(record) {
    return this.change(["sending"], (sending) => sending.delete(record));
  }

  close() {
    this.closed = true;
    this.opening?.then((database) => database.close()).catch(() => {});
  }

  // Never opened again by this page: a live page would make the database anew.
  async wipe() {
    this.close();
    await done(indexedDB.deleteDatabase(`${NAME}${this.user}`));
  }
}

// Whether somebody else's texts wait on this device.
export async function othersKept(user) {
  const found = await indexedDB.databases();
  const names = found.map((one) => one.name).filter((name) => name.startsWith(NAME));
  for (const name of names.filter((one) => one !== `${NAME}${user}`)) {
    const store = new Store(name.slice(NAME.length));
    const typed = await store.allTyped();
    store.close();
    if (typed.length) return true;
  }
  return false;
}
