// The menus are <details>: Escape and a click elsewhere close them; on a wide screen the main
// menu is always open, for browsers that cannot open it by style alone.
const wide = matchMedia("(min-width: 62rem)");

function fit() {
  const menu = document.querySelector(".nav-menu");
  if (menu && !CSS.supports("selector(::details-content)")) menu.open = wide.matches;
}

fit();
wide.addEventListener("change", fit);

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.user-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A refused form: the eye and the keyboard go to what is to be corrected.
document.querySelector("[data-focus]")?.focus();
