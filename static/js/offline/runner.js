// Sends what is typed, one tab at a time, until nothing is left or the way is closed.
// The same bytes leave until they are acknowledged; only an answer that carries our mark counts.
const MARK = "X-Explor-Answer";
const PATIENCE = 20000;
const ROUNDS = 20;

export class Away extends Error {
  constructor(state, reason = "") {
    super(state);
    this.state = state;
    this.reason = reason;
  }
}

// A captive portal answers 200 too, and so does a broken proxy.
const trusted = (response) =>
  response.headers.get(MARK) === "1" && (response.headers.get("Content-Type") ?? "").includes("application/json");

async function ask(path, options = {}) {
  const response = await fetch(path, {
    cache: "no-store",
    redirect: "error",
    credentials: "same-origin",
    signal: AbortSignal.timeout(PATIENCE),
    ...options,
  }).catch(() => {
    throw new Away("offline");
  });
  if (!trusted(response)) throw new Away("offline");
  const told = await response.json().catch(() => {
    throw new Away("offline");
  });
  return { status: response.status, told };
}

async function session(user) {
  const { status, told } = await ask("/api/session/");
  if (status === 401) throw new Away("signed-out");
  if (status !== 200) throw new Away("offline");
  if (told.user !== user) throw new Away("other-person");
  return told;
}

async function deliver(frozen, csrf) {
  const [kind, uuid] = frozen.record.split(":");
  const { status, told } = await ask(`/api/sync/${kind}/${uuid}/`, {
    method: "POST",
    body: frozen.body,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
  });
  if (status === 200) return told;
  if (status === 401) throw new Away("signed-out");
  if (status >= 500) throw new Away("offline");
  throw new Away("stuck", told.error);
}

export class Runner {
  constructor({ user, store, device, heard }) {
    Object.assign(this, { user, store, device, heard });
    this.loose = new Map(); // typed, but the device had no room: kept in this page only
    this.told = new Map(); // the last answer about each text sent from this page
    this.stopped = false;
    this.csrf = "";
  }

  // Answers the state reached: `server`, or what stands in the way.
  run() {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.#rounds().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async #rounds() {
    let state = "server";
    do {
      this.again = false;
      state = await this.#once();
    } while (this.again && state === "server" && !this.stopped);
    return state;
  }

  async #once() {
    if (this.stopped) return "stopped";
    try {
      await navigator.locks.request(`explor-sending:${this.user}`, () => this.#send());
      return "server";
    } catch (error) {
      if (this.stopped) return "stopped";
      this.heard({ away: error instanceof Away ? error : new Away("offline") });
      return error instanceof Away ? error.state : "offline";
    }
  }

  async #send() {
    const records = await this.#records();
    if (!records.size) return;
    const told = await session(this.user);
    this.csrf = told.csrf;
    let refused = null;
    for (const record of records) {
      try {
        await this.#sendRecord(record, told);
      } catch (error) {
        // one closed dossier does not hold the others back
        if (error.state !== "stuck") throw error;
        await this.store.thaw(record).catch(() => {});
        refused = Object.assign(error, { record });
      }
    }
    if (refused) throw refused;
  }

  async #records() {
    const rows = await Promise.all([this.store.allSendings(), this.store.allTyped()]).catch(() => []);
    return new Set([...rows.flat(), ...this.loose.values()].map((row) => row.record));
  }

  async #sendRecord(record, told) {
    const write = (entries) => this.#write(record, entries, told);
    for (let round = 0; round < ROUNDS && !this.stopped; round += 1) {
      const frozen = (await this.store.freeze(record, write).catch(() => null)) ?? this.#freezeLoose(record, write);
      if (!frozen) return;
      const answer = await deliver(frozen, told.csrf);
      if (this.stopped) return;
      await this.store.settle(frozen, answer).catch(() => {});
      this.#settleLoose(frozen, answer);
      this.heard({ settled: { record, entries: frozen.entries, answer } });
    }
  }

  #write(record, entries, told) {
    const op_id = crypto.randomUUID();
    const changes = {};
    const sent = {};
    for (const { field, value, base, sequence } of entries) {
      changes[field] = { value, base };
      sent[field] = { value, sequence, base };
    }
    const schema = told.schemas[record.split(":")[0]];
    return { op_id, entries: sent, body: JSON.stringify({ op_id, schema, device: this.device, changes, resolves: [] }) };
  }

  #freezeLoose(record, write) {
    this.frozenLoose ??= new Map();
    if (this.frozenLoose.has(record)) return this.frozenLoose.get(record);
    const entries = [...this.loose.values()].filter((entry) => entry.record === record);
    if (!entries.length) return null;
    const frozen = { record, ...write(entries) };
    this.frozenLoose.set(record, frozen);
    return frozen;
  }

  // Typed, and the device had no room for it.
  hold(entry) {
    const key = `${entry.record}:${entry.field}`;
    const told = this.told.get(key);
    this.loose.set(key, told?.was === entry.base ? { ...entry, base: told.base } : entry);
  }

  #settleLoose(frozen, answer) {
    this.frozenLoose?.delete(frozen.record);
    for (const [field, sent] of Object.entries(frozen.entries)) {
      const key = `${frozen.record}:${field}`;
      const left = this.loose.get(key);
      const told = answer.fields[field];
      if (left?.sequence === sent.sequence) this.loose.delete(key);
      if (!told || told.state === "pending") continue;
      this.told.set(key, { was: sent.base, base: told.base });
      if (this.loose.has(key)) this.hold(left);
    }
  }

  // Nothing left to send; of one record when it is named.
  async isEmpty(record = "") {
    const rows = await Promise.all([this.store.allTyped(), this.store.allSendings()]).catch(() => []);
    const left = [...rows.flat(), ...this.loose.values()];
    return !left.some((row) => !record || row.record === record);
  }

  stop() {
    this.stopped = true;
    this.store.close();
  }
}
