// A form whose texts are kept on the device as they are typed. Each text travels with the base
// of the one its reader had in front of them, never with a newer one.
import { label, read, same, tell, write } from "./fields.js";
import { nextSequence } from "./journal.js";

export class OfflineForm {
  constructor(form, { keep }) {
    Object.assign(this, { form, keep });
    this.record = `${form.dataset.offline}:${form.dataset.record}`;
    this.carried = form.querySelector("[data-offline-bases]");
    this.bases = JSON.parse(this.carried.value);
    this.last = Object.fromEntries(this.fields.map((name) => [name, read(form, name)]));
    this.dirty = new Map(); // field → last letter typed here and not acknowledged
    this.mine = new Map(); // field → letters typed in this page
    for (const kind of ["input", "change"]) form.addEventListener(kind, (event) => this.typed(event.target.name));
  }

  get fields() {
    return Object.keys(this.bases);
  }

  typed(name) {
    if (!(name in this.bases)) return;
    const value = read(this.form, name);
    if (same(value, this.last[name])) return;
    this.last[name] = value;
    const sequence = nextSequence();
    this.dirty.set(name, sequence);
    if (!this.mine.has(name)) this.mine.set(name, new Set());
    this.mine.get(name).add(sequence);
    this.keep({ record: this.record, field: name, value, sequence, base: this.bases[name] });
  }

  // A page kept on the device is older than what the device has learnt since.
  refresh(known) {
    const drawn = Number(this.form.dataset.at);
    for (const { field, value, base, at } of known) {
      if (at > drawn && !this.dirty.has(field)) this.#show(field, value, base);
    }
    return drawn;
  }

  // Texts found on the device; what is being typed now wins over them.
  restore(entries) {
    let found = 0;
    for (const entry of entries) {
      if (this.dirty.has(entry.field) || !(entry.field in this.bases)) continue;
      if (!same(read(this.form, entry.field), entry.value)) found += 1;
      this.#show(entry.field, entry.value, entry.base);
      this.dirty.set(entry.field, entry.sequence);
    }
    return found;
  }

  // Typed in another tab of the same person, who sees it here too: the last letter wins.
  follow({ field, value, sequence, base }) {
    if (!(field in this.bases) || sequence < (this.dirty.get(field) ?? 0)) return;
    this.#show(field, value, base);
    this.dirty.set(field, sequence);
  }

  settle(entries, answer) {
    for (const [field, told] of Object.entries(answer.fields)) {
      if (!(field in this.bases)) continue;
      const sent = entries[field];
      if (sent) this.#acknowledge(field, sent, told);
      tell(this.form, field, told.reason ?? "");
    }
    const place = this.form.querySelector("[data-offline-choices]");
    if (place && answer.choices !== undefined) place.innerHTML = answer.choices;
  }

  #acknowledge(field, sent, told) {
    const ours = this.mine.get(field)?.has(sent.sequence) || this.dirty.get(field) === sent.sequence;
    if (this.dirty.get(field) === sent.sequence) this.dirty.delete(field);
    if (told.state === "pending") return;
    if (ours) this.#base(field, told.base);
    else if (!this.dirty.has(field)) this.#show(field, sent.value, told.base);
  }

  #show(field, value, base) {
    if (!(field in this.bases)) return;
    write(this.form, field, value);
    this.last[field] = read(this.form, field);
    this.#base(field, base);
    this.form.dispatchEvent(new CustomEvent("offline:shown", { bubbles: true, detail: { field } }));
  }

  // The plain form carries them too.
  #base(field, base) {
    this.bases[field] = base;
    this.carried.value = JSON.stringify(this.bases);
  }

  choices() {
    return this.form.querySelector("[data-offline-choices] button") !== null;
  }

  refusals() {
    return this.form.querySelector(".field-error") !== null;
  }

  export() {
    return [...this.dirty.keys()].map((name) => `${label(this.form, name)}\n${this.last[name].join(", ")}\n`);
  }
}
