// The line that says where the text is: on this device, on the server, or waiting for somebody.
export function statusOf(form) {
  const place = form.querySelector("[data-offline-status]");
  return {
    say(state, reason = "") {
      if (!place) return;
      place.dataset.offlineStatus = state;
      for (const words of place.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== state;
      const why = place.querySelector("[data-offline-reason]");
      if (why) why.textContent = reason;
      const door = place.querySelector("[data-offline-login]");
      if (door) door.href = `${door.pathname}?next=${encodeURIComponent(location.pathname)}`;
    },
    show() {
      place?.scrollIntoView({ block: "center" });
    },
    ready(confirmed) {
      const words = place?.querySelector("[data-offline-ready]");
      if (words) words.hidden = !confirmed;
    },
    onexport(work) {
      place?.querySelector("[data-offline-export]")?.addEventListener("click", work);
    },
  };
}

// A text file of what the server does not have.
export function download(words) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([words], { type: "text/plain;charset=utf-8" }));
  link.download = "explor-textes-gardes.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
