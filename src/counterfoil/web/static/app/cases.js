// The pages of cases: a verb's form opens in place with its first field, one at a time; keys of the row that has the
// focus; an exit says which verb it is.
const TYPING = "input:not([type=hidden]), select, textarea";

function firstField(scope) {
  const wrong = scope.querySelector("[aria-invalid=true]");
  return wrong ?? scope.querySelector("textarea, select, input:not([type=hidden]):not([type=checkbox])");
}

document.addEventListener(
  "toggle",
  (event) => {
    const verb = event.target;
    if (!verb.matches?.("details.case-verb") || !verb.open) return;
    for (const other of document.querySelectorAll("details.case-verb[open]")) if (other !== verb) other.open = false;
    firstField(verb)?.focus();
    verb.scrollIntoView({ block: "nearest" });
  },
  true,
);

// A button with data-verb sets the verb that goes along with its own name; one with data-plain is no part of htmx.
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("button[data-verb]");
    if (button) button.form.querySelector("[data-verb-here]").value = button.dataset.verb;
    const plain = event.target.closest("button[data-plain]");
    if (plain) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const form = plain.form;
      const extra = document.createElement("input");
      extra.type = "hidden";
      extra.name = plain.name;
      extra.value = plain.value;
      if (plain.name) form.append(extra);
      form.action = plain.formAction;
      form.dispatchEvent(new CustomEvent("sent", { bubbles: true }));
      HTMLFormElement.prototype.submit.call(form);
    }
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.target.closest(TYPING)) return;
  const row = event.target.closest("tr");
  const button = row?.querySelector(`[data-row-key="${CSS.escape(event.key)}"]`);
  if (!button) {
    if (event.key === "Escape" && event.target.closest("details.case-verb[open]")) {
      const verb = event.target.closest("details.case-verb");
      verb.open = false;
      verb.querySelector("summary").focus();
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    return;
  }
  button.click();
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// After a verb the page begins where the reader goes on: at what is wrong, else at the page.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "case" && event.target.id !== "new-case") return;
  const summary = event.target.querySelector("[data-summary]");
  const wrong = [...event.target.querySelectorAll("[aria-invalid=true]")].find((one) => one.offsetParent !== null);
  if (wrong) wrong.focus();
  else if (summary) summary.focus();
  else if (event.target.id === "new-case") (document.getElementById("f-title") ?? event.target).focus();
  else document.getElementById("main").focus();
  if (event.target.id === "case" && !summary) window.scrollTo(0, 0);
});
