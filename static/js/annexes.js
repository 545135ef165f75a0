// Papers sent one by one as soon as they are chosen, each with its own progress.
// Without this file they leave with the step, and the server says which were refused.
const zone = document.querySelector("[data-papers]");

function send(paper, file) {
  const bar = paper.querySelector("[data-progress]");
  const meter = bar.querySelector("progress");
  const said = bar.querySelector("p");
  bar.hidden = false;
  if (file.size > Number(zone.dataset.limit)) {
    said.textContent = `${file.name} est trop lourd. Réduisez-le ou envoyez-le en plusieurs parties. Rien d’autre n’est perdu.`;
    return Promise.resolve();
  }
  const body = new FormData();
  body.set("kind", paper.dataset.paper);
  body.set("token", crypto.randomUUID());
  body.set("file", file);
  said.textContent = `Envoi de ${file.name}…`;
  meter.value = 0;
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", zone.dataset.url);
    request.setRequestHeader("X-Upload", "1");
    request.setRequestHeader("X-CSRFToken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) meter.value = Math.round((event.loaded * 100) / event.total);
    });
    request.addEventListener("load", () => {
      arrived(paper, request, said, file.name);
      done();
    });
    request.addEventListener("error", () => {
      said.textContent = `Le réseau ne répond pas\u00a0: ${file.name} n’est pas parti. Choisissez-le de nouveau quand le réseau revient.`;
      done();
    });
    request.send(body);
  });
}

function arrived(paper, request, said, name) {
  const type = request.getResponseHeader("Content-Type") ?? "";
  if (request.status === 200 && request.responseText.trimStart().startsWith("<li")) {
    const list = paper.querySelector("[data-joined]");
    const row = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("li");
    if ("several" in paper.dataset) list.append(row);
    else list.replaceChildren(row);
    said.textContent = `${name} est joint.`;
  } else if (request.status === 422 && type.startsWith("text/plain")) {
    said.textContent = request.responseText;
  } else {
    said.textContent = `${name} n’est pas parti\u00a0: rechargez la page, puis choisissez-le de nouveau.`;
  }
}

zone?.addEventListener("change", async (event) => {
  const field = event.target.closest("input[type=file]");
  if (!field) return;
  const files = [...field.files];
  // emptied first: what is sent here does not leave a second time with the step
  field.value = "";
  for (const file of files) await send(field.closest("[data-paper]"), file);
});
