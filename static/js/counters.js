// How many characters are left under a text that has a limit. Announced when the typing pauses.
// Counted as the server counts (explor.intake.text): a line end is one, an emoji is not two. A
// browser's own limit counts otherwise and cuts what is pasted without a word: it is lifted.
// Only a field that asks for it (`data-count`) shows its counter before the end draws near.
const signs = (text) => [...text.normalize("NFC").replace(/\r\n?/g, "\n")].length;

function attach(area) {
  const limit = area.maxLength > 0 ? area.maxLength : Number(area.dataset.count);
  if (!limit || area.dataset.counted) return;
  area.dataset.counted = "yes";
  area.removeAttribute("maxlength");
  const line = document.createElement("p");
  line.className = "counter";
  line.setAttribute("role", "status");
  area.after(line);
  let pause;
  const write = () => {
    const left = limit - signs(area.value.trim());
    line.textContent = left < 0 ? `${-left} caractères de trop` : `${left} caractères restants`;
    line.classList.toggle("over", left < 0);
    line.hidden = !("count" in area.dataset) && left > limit / 5;
  };
  write();
  area.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(write, 400);
  });
}

const everywhere = (root) => root.querySelectorAll("[data-count], textarea[maxlength]").forEach(attach);
everywhere(document);
document.addEventListener("htmx:load", (event) => everywhere(event.target));
