// Half-typed text goes to the server shortly after it was typed, so that a crash, a sign-out or a closed tab loses
// nothing: <form data-draft="place">. Only what differs from what the case has (data-was) is kept.
const AFTER = 700;
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "key", "seen", "verb", "exit", "place", "next", "discard", "step", "stamp"]);
const waiting = new Map();
const sending = new Map();

function changed(form) {
  const typed = new URLSearchParams();
  for (const one of form.elements) {
    if (!one.name || LEFT_OUT.has(one.name) || one.type === "submit" || one.type === "button") continue;
    if (one.value !== (one.dataset.was ?? "")) typed.append(one.name, one.value);
  }
  return typed;
}

function keep(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  if (form.dataset.sent) return;
  const body = changed(form);
  body.append("place", form.dataset.draft);
  body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  sending.get(form)?.abort();
  const stop = new AbortController();
  sending.set(form, stop);
  fetch("/drafts/", { method: "POST", body, keepalive: true, signal: stop.signal }).catch(() => {});
}

function later(event) {
  const form = event.target.closest?.("form[data-draft]");
  if (!form || form.dataset.sent) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => keep(form), AFTER));
}

function sent(form) {
  if (!form?.matches?.("form[data-draft]")) return;
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  sending.get(form)?.abort();
  form.dataset.sent = "1";
}

document.addEventListener("input", later);
document.addEventListener("change", later);
document.addEventListener("submit", (event) => sent(event.target), true);
document.addEventListener("sent", (event) => sent(event.target));
// Refused without an answer (no connection): the text is still here, and is kept again.
for (const failed of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failed, (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form) delete form.dataset.sent;
  });
}
function flush() {
  for (const form of [...waiting.keys()]) if (form.isConnected) keep(form);
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") flush();
});
window.addEventListener("pagehide", flush);
