// htmx: the CSRF token travels in a header; a refused or failed answer is shown, never swallowed.
function token() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return field ? field.value : document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
}

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

function say(words) {
  const place = document.getElementById("messages");
  if (!place) return;
  const box = document.createElement("div");
  box.className = "callout tone-alert";
  box.textContent = words;
  place.replaceChildren(box);
}

document.addEventListener("htmx:sendError", () =>
  say("Le réseau ne répond pas. Ce que vous avez écrit est encore dans la page : réessayez dans un instant."));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401 || status === 403) say("Votre session a pris fin ou cette action vous est fermée. Ouvrez une autre page pour vous reconnecter ; votre texte reste ici.");
  else say("Explor n’a pas pu répondre. Votre texte est encore dans la page : réessayez dans un instant.");
});
