// How many characters are left under a text that has a limit. Announced when the typing pauses.
function attach(area) {
  const limit = area.maxLength > 0 ? area.maxLength : Number(area.dataset.count);
  if (!limit || area.dataset.counted) return;
  area.dataset.counted = "yes";
  const line = document.createElement("p");
  line.className = "counter";
  line.setAttribute("role", "status");
  area.after(line);
  let pause;
  const write = () => {
    const left = limit - area.value.length;
    line.textContent = left < 0 ? `${-left} caractères de trop` : `${left} caractères restants`;
    line.classList.toggle("over", left < 0);
  };
  write();
  area.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(write, 400);
  });
}

const everywhere = (root) => root.querySelectorAll("[data-count]").forEach(attach);
everywhere(document);
document.addEventListener("htmx:load", (event) => everywhere(event.target));
