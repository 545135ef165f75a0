// Signing out empties the device: it waits until all is sent, saved as a file or thrown away.
import { othersTyped } from "./journal.js";
import { othersKept } from "./store.js";
import { download } from "./status.js";
import { dropPages } from "./ready.js";

const DOOR = "form[action$='/compte/logout/']";

function dialog(count) {
  const box = document.createElement("dialog");
  box.className = "offline-leaving";
  const title = document.createElement("h2");
  title.textContent = "Des textes ne sont pas encore partis";
  const words = document.createElement("p");
  words.textContent =
    count > 1
      ? `${count} réponses ne sont que sur cet appareil. La déconnexion les effacerait.`
      : "Une réponse n’est que sur cet appareil. La déconnexion l’effacerait.";
  box.append(title, words);
  for (const [value, text] of [
    ["stay", "Rester connecté·e"],
    ["retry", "Essayer de l’envoyer encore"],
    ["export", "Télécharger puis me déconnecter"],
    ["discard", "Effacer et me déconnecter"],
  ]) {
    const button = document.createElement("button");
    button.type = "button";
    button.value = value;
    button.className = value === "stay" ? "btn btn-primary" : "btn btn-outline-secondary";
    button.textContent = text;
    button.addEventListener("click", () => box.close(value));
    box.append(button);
  }
  document.body.append(box);
  return new Promise((resolve) => {
    box.addEventListener("close", () => {
      box.remove();
      resolve(box.returnValue || "stay");
    });
    box.showModal();
  });
}

const told = (entries) =>
  entries.map(({ record, field, value }) => `${record}\n${field}\n${value.join(", ")}\n`).join("\n");

// Resolves to true once nothing on the device is worth keeping.
async function settled({ keeper, runner, store }) {
  for (;;) {
    await keeper.idle();
    if (await runner.isEmpty()) return true;
    await runner.run();
    if (await runner.isEmpty()) return true;
    const entries = [...(await store.allTyped().catch(() => [])), ...runner.loose.values()];
    const choice = await dialog(entries.length);
    if (choice === "stay") return false;
    if (choice === "export") download(told(entries));
    if (choice !== "retry") return true;
  }
}

export function guardLeaving(parts) {
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (!form.matches(DOOR) || form.dataset.free) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!(await settled(parts))) return;
      const kept = othersTyped(parts.user) || (await othersKept(parts.user).catch(() => true));
      parts.channel.postMessage({ left: true });
      parts.runner.stop();
      parts.keeper.journal.wipe();
      await Promise.race([parts.store.wipe().catch(() => {}), new Promise((resolve) => setTimeout(resolve, 3000))]);
      await dropPages().catch(() => {});
      const word = document.createElement("input");
      Object.assign(word, { type: "hidden", name: "device", value: kept ? "keep" : "empty" });
      form.append(word);
      form.dataset.free = "yes";
      form.requestSubmit();
    },
    true,
  );
}
