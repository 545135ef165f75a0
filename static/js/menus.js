// The menus are <details>: Escape and a click elsewhere close them; on a wide screen the main
// menu and the filters are always open, also in browsers that cannot open them by style alone.
const openWhen = [
  [".nav-menu", matchMedia("(min-width: 62rem)")],
  [".filters-box", matchMedia("(min-width: 48rem)")],
];

for (const [name, wide] of openWhen) {
  const box = document.querySelector(name);
  if (!box || CSS.supports("selector(::details-content)")) continue;
  const fit = () => {
    if (wide.matches) box.open = true;
  };
  fit();
  wide.addEventListener("change", fit);
}

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
