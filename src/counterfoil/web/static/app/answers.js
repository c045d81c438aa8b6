// What happens around htmx: half-typed Chinese is not sent, failures are said aloud, unmasked values go away again.
const alarm = document.getElementById("alarm");

function say(text) {
  if (!alarm) return;
  alarm.textContent = text;
  alarm.hidden = false;
}

// A refusal (403, 404, 422) has a body to read and is shown where the answer was wanted.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { status } = event.detail.xhr;
  if (status >= 400 && status < 500) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// A failure carries its case number in the page that a person would have seen.
document.addEventListener("htmx:responseError", (event) => {
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const said = page.querySelector("[data-alarm] p");
  say(said ? said.textContent : alarm.dataset.text);
});
document.addEventListener("htmx:sendError", () => say(alarm.dataset.text));
document.addEventListener("htmx:timeout", () => say(alarm.dataset.text));
document.addEventListener("htmx:beforeRequest", () => {
  if (alarm) alarm.hidden = true;
});

// An input method sends input events while letters are still being turned into characters.
let composing = false;
document.addEventListener("compositionstart", () => {
  composing = true;
});
document.addEventListener("compositionend", (event) => {
  composing = false;
  if (event.target.matches("[data-composing]")) event.target.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("htmx:configRequest", (event) => {
  if (composing && event.target.matches?.("[data-composing]")) event.preventDefault();
});

// Shown for one minute, as the rule of masking says; then the page forgets it.
function forget(root) {
  for (const shown of root.querySelectorAll("[data-seconds]")) {
    if (shown.dataset.counting) continue;
    shown.dataset.counting = "1";
    const until = Date.now() + Number(shown.dataset.seconds) * 1000;
    const left = shown.querySelector("[data-left]");
    const timer = setInterval(() => {
      const seconds = Math.ceil((until - Date.now()) / 1000);
      if (left) left.textContent = String(Math.max(seconds, 0));
      if (seconds > 0 && shown.isConnected) return;
      clearInterval(timer);
      shown.remove();
    }, 500);
  }
}
document.addEventListener("htmx:afterSettle", () => forget(document));
document.addEventListener("htmx:afterRequest", (event) => {
  const menu = event.target.closest?.("details.menu");
  if (menu && event.detail.successful) menu.open = false;
});
