// htmx: the CSRF token travels in a header; a refused or failed answer is shown, never swallowed.
// The cookie first: signing in again in another tab changes it, and the page still holds the old one.
function token() {
  const told = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  return told ?? document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
}

document.addEventListener(
  "submit",
  ({ target }) => {
    const field = target.querySelector("input[name=csrfmiddlewaretoken]");
    if (field) field.value = token() ?? field.value;
  },
  true,
);

document.addEventListener("htmx:configRequest", (event) => {
  const value = token();
  if (value) event.detail.headers["X-CSRFToken"] = value;
});

// 409 (stale version) and 422 (form to correct) carry the page to show.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([400, 409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

function say(words, ...more) {
  const place = document.getElementById("messages");
  if (!place) return;
  const box = document.createElement("div");
  box.className = "callout tone-alert";
  box.append(words, ...more);
  place.replaceChildren(box);
  place.scrollIntoView({ block: "nearest" });
}

// In another tab: this page keeps what is being written.
function signIn() {
  const link = document.createElement("a");
  link.href = `/compte/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.target = "_blank";
  link.textContent = "Se reconnecter dans un autre onglet";
  return link;
}

document.addEventListener("htmx:sendError", () =>
  say("Le réseau ne répond pas. Ce que vous avez écrit est encore dans la page : réessayez dans un instant."));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401) say("Votre session a pris fin\u00a0: rien n’est parti, votre texte reste ici. ", signIn(), ", puis envoyez-le de nouveau.");
  else if (status === 403) say("Cette action vous est fermée. Votre texte reste ici.");
  else say("Explor n’a pas pu répondre. Votre texte est encore dans la page : réessayez dans un instant.");
});
