// The controls of a form as lists of texts, the way the form itself would send them.
const KEPT = "input:not([type=hidden]):not([type=password]):not([type=file]):not([type=submit]), textarea, select";
const boxed = (control) => control.type === "checkbox" || control.type === "radio";

export const same = (one, other) => JSON.stringify(one ?? []) === JSON.stringify(other ?? []);

export function controls(form, name) {
  return [...form.querySelectorAll(KEPT)].filter((control) => control.name === name && !control.disabled);
}

export function read(form, name) {
  const texts = [];
  for (const control of controls(form, name)) {
    if (boxed(control)) {
      if (control.checked) texts.push(control.value);
    } else if (control.multiple) {
      texts.push(...[...control.selectedOptions].map((option) => option.value));
    } else {
      texts.push(control.value);
    }
  }
  return texts.some(Boolean) ? texts : [];
}

export function write(form, name, texts) {
  let turn = 0;
  for (const control of controls(form, name)) {
    if (boxed(control)) control.checked = texts.includes(control.value);
    else if (control.multiple) for (const option of control.options) option.selected = texts.includes(option.value);
    else control.value = texts[turn++] ?? "";
  }
}

// The reason of a refused text, beside its field, as the page itself would draw it.
export function tell(form, name, reason) {
  const [control] = controls(form, name);
  const place = control?.closest(".field");
  if (!place) return;
  let words = place.querySelector(".field-error");
  if (!reason) {
    words?.remove();
    control.removeAttribute("aria-invalid");
    control.classList.remove("is-invalid");
    return;
  }
  if (!words) {
    words = document.createElement("div");
    words.className = "field-error";
    words.id = `${control.id}_error`;
    place.append(words);
  }
  words.textContent = reason;
  control.setAttribute("aria-invalid", "true");
}

export function label(form, name) {
  const [control] = controls(form, name);
  const words = control?.closest("fieldset.field")?.querySelector("legend") ?? control?.labels?.[0];
  return words ? words.textContent.replace(/\s+/g, " ").trim() : name;
}
