// Nothing typed is lost: a form with data-draft="key", or with a long text in it, is kept on this
// device while it is typed, offered back when it opens again, forgotten once the server has taken it.
// The key holds who is signed in: another person on the same phone finds nothing.
const PREFIX = `draft:${document.body.dataset.person ?? ""}:`;
const REFUSED = "[aria-invalid=true], .is-invalid, [role=alert]";
const KEPT = "input:not([type=hidden]):not([type=password]):not([type=file]), textarea, select";

// A form that takes a long text is kept without being told: by its address and what it is about.
function name(form) {
  const about = [...form.querySelectorAll("input[type=hidden]")].filter((one) => !/^(csrf|version$|token$)/.test(one.name));
  const { pathname } = new URL(form.getAttribute("action") || "", location.href);
  form.dataset.draft = [pathname, ...about.map((one) => `${one.name}=${one.value}`)].join("|");
}

function nameForms() {
  if (!document.body.dataset.person) return;
  for (const form of document.querySelectorAll("form[method=post][data-guard]:not([data-draft], [data-offline])")) {
    if (form.querySelector("textarea:not([hidden])")) name(form);
  }
}

nameForms();

// A referrer never has a fragment.
const bare = (address) => address.split("#")[0];

const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify(value));
    } catch {
      // storage full or refused: the page still works, without its safety net
    }
  },
  forget(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // nothing was kept
    }
  },
};

function values(form) {
  const kept = {};
  for (const field of form.querySelectorAll(KEPT)) {
    if (!field.name) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      kept[field.name] ??= [];
      if (field.checked) kept[field.name].push(field.value);
    } else if (field.multiple) {
      kept[field.name] = [...field.selectedOptions].map((option) => option.value);
    } else {
      (kept[field.name] ??= []).push(field.value);
    }
  }
  return kept;
}

function fill(form, kept) {
  const turn = {};
  for (const field of form.querySelectorAll(KEPT)) {
    const saved = kept[field.name];
    if (!saved) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = saved.includes(field.value);
    } else if (field.multiple) {
      for (const option of field.options) option.selected = saved.includes(option.value);
    } else {
      const index = (turn[field.name] = (turn[field.name] ?? -1) + 1);
      if (saved[index] !== undefined) field.value = saved[index];
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function element(name, className, textContent) {
  return Object.assign(document.createElement(name), { className, textContent });
}

const FOUND = "Il est remis dans le formulaire.";
const OVERTAKEN =
  "Depuis, une autre version a été enregistrée : elle est ci-dessous. Votre texte est remis dans le formulaire, sans rien remplacer : en enregistrant, vous verrez les deux.";

function notice(form, kept, key) {
  const box = element("div", "callout tone-waiting draft-notice", "");
  box.setAttribute("role", "status");
  const when = new Date(kept.at).toLocaleString("fr-FR", { dateStyle: "long", timeStyle: "short" });
  const text = document.createElement("div");
  const title = element("p", "callout-title", "Texte retrouvé");
  const told = kept.overtaken ? OVERTAKEN : FOUND;
  const words = element("p", "", `Ce que vous aviez écrit le ${when} n’avait pas été enregistré. ${told}`);
  const back = element("button", "btn btn-outline-secondary", "Revenir à la version enregistrée");
  back.type = "button";
  back.addEventListener("click", () => {
    writtenOn(form, form.draftVersion);
    fill(form, form.draftStart);
    store.forget(key);
    box.remove();
  });
  text.append(title, words, ...(kept.overtaken ? [savedTexts(form, kept.values)] : []), back);
  box.append(text);
  form.prepend(box);
  form.closest("details")?.setAttribute("open", "");
}

// What the server holds where it is not what was found here.
function savedTexts(form, found) {
  const list = document.createElement("dl");
  for (const field of form.querySelectorAll("textarea, select, input:not([type=hidden])")) {
    const saved = form.draftStart[field.name];
    if (!saved || JSON.stringify(saved) === JSON.stringify(found[field.name])) continue;
    if (field.type === "checkbox" || field.type === "radio" || list.querySelector(`[data-of="${CSS.escape(field.name)}"]`)) continue;
    const name = element("dt", "", field.labels?.[0]?.textContent.trim() ?? "Version enregistrée");
    name.dataset.of = field.name;
    list.append(name, element("dd", "offline-text", saved.join("\n") || "(vide)"));
  }
  return list;
}

// The version of the record that its reader had in front of them; nothing where forms carry none.
const versionOf = (form) => form.querySelector("input[type=hidden][name=version]");

function writtenOn(form, version) {
  const hidden = versionOf(form);
  if (hidden && version) hidden.value = version;
}

function watch(form) {
  const key = form.dataset.draft;
  form.draftStart = values(form);
  form.draftVersion = versionOf(form)?.value;
  const start = JSON.stringify(form.draftStart);
  const kept = store.read(key);
  // A form that comes back refused holds what was just sent: it wins over the copy.
  const refused = form.querySelector(REFUSED);
  if (kept && !refused && JSON.stringify(kept.values) !== start) {
    kept.overtaken = Boolean(kept.version) && kept.version !== form.draftVersion;
    writtenOn(form, kept.version);
    fill(form, kept.values);
    notice(form, kept, key);
  }
  const keep = () => {
    const now = values(form);
    if (JSON.stringify(now) === start) store.forget(key);
    else store.write(key, { at: Date.now(), version: versionOf(form)?.value, values: now });
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => {
    keep();
    try {
      sessionStorage.setItem("draft-sent", JSON.stringify({ key, from: bare(location.href) }));
    } catch {
      // the copy stays until the next success
    }
  });
}

document.querySelectorAll("[data-draft-clear]").forEach((mark) => store.forget(mark.dataset.draftClear));

// A copy has served when the page that follows its sending was answered by the server: reached
// straight from the form, neither sign-in nor refusal, and not holding the form refused. After a
// network failure people come back, reload or type an address: the copy stays.
function settle() {
  const mark = sessionStorage.getItem("draft-sent");
  if (!mark) return;
  sessionStorage.removeItem("draft-sent");
  const { key, from } = JSON.parse(mark);
  const [navigation] = performance.getEntriesByType("navigation");
  const answered = navigation?.type === "navigate" && bare(document.referrer) === from;
  if (!answered || document.querySelector("[data-keep-drafts]")) return;
  const forms = [...document.querySelectorAll("form[data-draft]")];
  const same = forms.find((form) => form.dataset.draft === key);
  if (!same?.querySelector(REFUSED)) store.forget(key);
}

try {
  settle();
} catch {
  // no session storage: drafts are offered back once more than needed
}

document.addEventListener("htmx:afterOnLoad", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  const { status, responseText } = event.detail.xhr;
  if (form && status >= 200 && status < 300 && !responseText.includes("is-invalid")) {
    store.forget(form.dataset.draft);
  }
});

document.querySelectorAll("form[data-draft]").forEach(watch);
