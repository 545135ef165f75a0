// Runs before the page is drawn, so that nobody sees the other theme flash.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // storage refused: the device's own preference applies
}
