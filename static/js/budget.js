// The totals of a budget while it is typed. The server computes the same when it saves.
const zone = document.querySelector("[data-budget]");
const money = new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR" });

// Whole cents, as the server does: no sum of decimals.
function cents(text) {
  const said = text.trim().replace(/(\d)\s*€\s*(\d{2})$/, "$1,$2");
  if (/€.*\d/.test(said)) return 0;
  const plain = said.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
  return /^\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : 0;
}

function sum(prefix, only = () => true) {
  let total = 0;
  for (const field of zone.querySelectorAll(`input[name^="${prefix}_"][name$="_amount"]`)) {
    if (only(field)) total += cents(field.value);
  }
  return total;
}

const secured = (field) => zone.querySelector(`[name="${field.name.replace(/amount$/, "secured")}"]`)?.checked;
const write = (name, amount) => {
  zone.querySelector(`[data-total="${name}"]`).textContent = money.format(amount / 100);
};

function balance(gap, spent, received) {
  if (!spent && !received) return "à calculer";
  if (!gap) return "au centime près";
  return gap > 0
    ? `il manque ${money.format(gap / 100)} de ressources`
    : `${money.format(-gap / 100)} de ressources en trop`;
}

function compute() {
  const spent = sum("expense");
  const received = sum("income");
  const asked = sum("income_programme");
  write("expense", spent);
  write("income", received);
  write("secured", sum("income", secured));
  write("programme", asked);
  write("valorised", sum("valorised"));
  const said = zone.querySelector("[data-balance]");
  const words = balance(spent - received, spent, received);
  if (said.textContent !== words) said.textContent = words;
  zone.querySelector("[data-share]").textContent = spent ? `, soit ${Math.round((asked * 100) / spent)}\u00a0% des dépenses` : "";
}

if (zone) {
  zone.querySelector("[data-without-script]").hidden = true;
  zone.addEventListener("input", compute);
  zone.addEventListener("change", compute);
  compute();
}
