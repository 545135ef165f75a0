// What a page does offline: its forms keep what is typed, and every page sends what waits.
import { OfflineForm } from "./form.js";
import { deviceName, journal as journalOf } from "./journal.js";
import { Keeper } from "./keeper.js";
import { guardLeaving } from "./leaving.js";
import { isTaken, takeAlong, tellPerson } from "./ready.js";
import { Runner } from "./runner.js";
import { download, statusOf } from "./status.js";
import { Store } from "./store.js";

const PAUSE = 1500;
const MINUTE = 60000;

class OfflinePage {
  constructor(user) {
    this.user = user;
    this.store = new Store(user);
    this.runner = new Runner({ user, store: this.store, device: deviceName(), heard: (news) => this.heard(news) });
    this.keeper = new Keeper({ user, store: this.store, runner: this.runner, onstate: (state) => this.say(state) });
    this.channel = new BroadcastChannel(`explor-offline:${user}`);
    this.channel.onmessage = (event) => this.followed(event.data);
    this.forms = [...document.querySelectorAll("form[data-offline]")].map((form) => this.adopt(form));
  }

  adopt(form) {
    const kept = new OfflineForm(form, { keep: (entry) => this.typed(entry) });
    kept.status = statusOf(form);
    kept.status.onexport(() => download(kept.export().join("\n")));
    form.addEventListener("submit", (event) => this.leave(event, kept));
    return kept;
  }

  typed(entry) {
    this.keeper.keep(entry);
    this.channel.postMessage({ typed: entry });
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.run(), PAUSE);
    if (!this.asked) {
      this.asked = true;
      navigator.storage?.persist?.().catch(() => {});
    }
  }

  async start() {
    await this.keeper.recover();
    for (const kept of this.forms) {
      const drawn = kept.refresh(await this.store.knownIn(kept.record).catch(() => []));
      await this.store.forgetKnown(kept.record, drawn).catch(() => {});
      kept.restore(await this.store.typedIn(kept.record).catch(() => []));
    }
    const state = await this.run();
    if (state === "server") for (const kept of this.forms) kept.status.say(this.reached(kept));
    const again = () => this.run();
    addEventListener("online", again);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.run());
    setInterval(again, MINUTE);
  }

  async run() {
    await this.keeper.idle();
    if (this.runner.stopped || (await this.runner.isEmpty())) return "server";
    this.say("sending");
    const state = await this.runner.run();
    for (const { form } of this.forms) {
      const hidden = form.querySelector("input[name=csrfmiddlewaretoken]");
      if (hidden && this.runner.csrf) hidden.value = this.runner.csrf;
    }
    return state;
  }

  heard({ away, settled }) {
    if (away) this.say(away.state, away.reason, away.record);
    if (!settled) return;
    this.settle(settled);
    this.channel.postMessage({ settled });
  }

  settle({ record, entries, answer }) {
    this.keeper.forget(record, entries);
    for (const kept of this.forms.filter((one) => one.record === record)) {
      kept.settle(entries, answer);
      kept.status.say(this.reached(kept));
    }
  }

  reached(kept) {
    if (kept.dirty.size) return "typing";
    if (kept.choices()) return "choice";
    return kept.refusals() ? "refused" : "server";
  }

  followed({ typed, settled, left }) {
    if (left) return this.left();
    if (settled) this.settle(settled);
    if (typed) for (const kept of this.forms.filter((one) => one.record === typed.record)) kept.follow(typed);
  }

  // Signed out in another tab: nothing typed here would be kept any more.
  left() {
    this.runner.stop();
    for (const { form, status } of this.forms) {
      status.say("signed-out");
      form.inert = true;
    }
  }

  // To every form, or to those of the dossier it is about.
  say(state, reason = "", record = "") {
    for (const kept of this.forms) {
      if (!record || kept.record === record) kept.status.say(state, reason);
      else kept.status.say(this.reached(kept));
    }
  }

  // The form itself leaves once the device has nothing left to send.
  async leave(event, kept) {
    const { form } = kept;
    if (form.dataset.free) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    clearTimeout(this.pause);
    const state = await this.run();
    if (await this.runner.isEmpty(kept.record)) {
      form.dataset.free = "yes";
      form.requestSubmit(submitter);
      return;
    }
    const next = form.dataset.offlineNext;
    if (state === "offline" && next && (await isTaken(next))) location.assign(next);
    else kept.status.show();
  }
}

// « Déposer » waits until nothing of its dossier is left on the device.
function guardWaiting(page) {
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (!("offlineWait" in form.dataset) || form.dataset.free) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      await page.run();
      if (await page.runner.isEmpty(form.dataset.offlineWait)) {
        form.dataset.free = "yes";
        form.requestSubmit(submitter);
        return;
      }
      const place = document.getElementById("messages");
      const box = document.createElement("div");
      box.className = "callout tone-alert";
      box.textContent = "Pas encore déposé : des réponses ne sont que sur cet appareil. Retrouvez du réseau, puis recommencez.";
      place?.replaceChildren(box);
      place?.scrollIntoView({ block: "center" });
    },
    true,
  );
}

// A page without a form opens the database only when something waits there.
async function somethingWaits(user) {
  if (journalOf(user).all().length) return true;
  const known = (await indexedDB.databases?.()) ?? [];
  return known.some((one) => one.name === `explor-offline:${user}`);
}

async function prepare(page) {
  for (const { form, status } of page.forms) {
    const along = (form.dataset.offlineAlong ?? "").split(" ").filter(Boolean);
    status.ready(await takeAlong(page.user, [...new Set([location.pathname, ...along])]).catch(() => false));
  }
}

async function begin(user) {
  const page = new OfflinePage(user);
  guardLeaving(page);
  guardWaiting(page);
  const edits = document.querySelector("form[data-offline], form[data-offline-wait]");
  if (!edits && !(await somethingWaits(user).catch(() => false))) return;
  await page.start();
  await prepare(page);
}

const { person } = document.body.dataset;
if (person) {
  tellPerson(person).catch(() => {});
  begin(person);
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-free]").forEach((form) => delete form.dataset.free));
