// From the letter to the device: the journal at once, the database when it can, then the server.
import { journal as journalOf } from "./journal.js";

export class Keeper {
  constructor({ user, store, runner, onstate }) {
    Object.assign(this, { store, runner, onstate });
    this.journal = journalOf(user);
    this.waiting = new Map();
  }

  keep(entry) {
    if (this.runner.stopped) return;
    const noted = this.journal.write(entry.record, entry.field, entry);
    this.waiting.set(`${entry.record}:${entry.field}`, { ...entry, noted });
    this.onstate("typing");
    this.#later();
  }

  // Many letters, one writing.
  #later() {
    this.writing ??= this.#write().finally(() => {
      this.writing = null;
      if (this.waiting.size) this.#later();
    });
  }

  async #write() {
    const entries = [...this.waiting.values()];
    this.waiting.clear();
    try {
      await this.store.keep(entries);
    } catch {
      return this.#noRoom(entries);
    }
    for (const { record, field, sequence } of entries) {
      this.journal.forget(record, field, sequence);
      const key = `${record}:${field}`;
      if (this.runner.loose.get(key)?.sequence <= sequence) this.runner.loose.delete(key);
    }
  }

  // Kept in this page and, when it could be noted, in the journal: it still leaves for the server.
  #noRoom(entries) {
    for (const entry of entries) this.runner.hold(entry);
    if (entries.some((entry) => !entry.noted)) this.onstate("full");
  }

  // What a closed tab had noted and not yet written.
  async recover() {
    const entries = this.journal.all();
    if (!entries.length) return;
    for (const entry of entries) this.waiting.set(`${entry.record}:${entry.field}`, { ...entry, noted: true });
    this.#later();
    await this.writing;
  }

  forget(record, entries) {
    for (const [field, { sequence }] of Object.entries(entries)) this.journal.forget(record, field, sequence);
  }

  async idle() {
    while (this.writing) await this.writing;
  }
}
