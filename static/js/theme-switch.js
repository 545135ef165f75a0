const box = document.querySelector("[data-theme-switch]");

function chosen() {
  try {
    return localStorage.getItem("theme") || "auto";
  } catch {
    return "auto";
  }
}

function choose(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // storage refused: the choice lasts as long as the page
  }
}

if (box) {
  box.hidden = false;
  const button = box.querySelector(`[value="${chosen()}"]`);
  if (button) button.checked = true;
  box.addEventListener("change", (event) => choose(event.target.value));
}
