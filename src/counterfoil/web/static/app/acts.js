// Forms of acts by keyboard: Enter goes to the next field, rows come and go, people are picked, errors are gone to.
const FIELDS = "input:not([type=hidden]):not([disabled]), select:not([disabled]), textarea, button[name=step], button[name=answer]";

function visible(element) {
  return element.offsetParent !== null && !element.closest("[hidden]");
}

function fields(form) {
  return [...form.querySelectorAll(FIELDS)].filter(visible);
}

// Radios of one question are one stop: the one that is chosen, or the first.
function next(from, form) {
  const all = fields(form);
  const rest = all.slice(all.indexOf(from) + 1);
  return rest.find((one) => !(one.type === "radio" && one.name === from.name)) ?? null;
}

function take(element) {
  element.focus();
  if (element.matches("input[type=text]")) element.select();
  element.scrollIntoView({ block: "nearest" });
}

// Where to begin: at the first error, at what the page offers first, or at the first empty field.
function begin() {
  const marked = document.querySelectorAll("[aria-invalid=true], .field-wrong input, .field-wrong select, .field-wrong textarea");
  const wrong = [...marked].find(visible);
  const offered = document.querySelector("[data-first]");
  const form = document.querySelector("[data-act-form]");
  const blank = form ? fields(form).filter((one) => one.matches("input[type=text], select, textarea") && !one.value) : [];
  const empty = blank.find((one) => one.getAttribute("aria-required")) ?? blank[0];
  const start = wrong ?? document.querySelector("[data-summary]") ?? offered ?? empty ?? (form && fields(form)[0]);
  if (!start) return;
  take(start);
  if (start === wrong) start.scrollIntoView({ block: "center" });
}

function addRow(set) {
  const body = set.querySelector("[data-rows-body]");
  const blank = set.querySelector("template[data-row-blank]");
  const used = [...body.querySelectorAll("[name]")].map((one) => Number(/\.(\d+)\./.exec(one.name)?.[1] ?? -1));
  const number = Math.max(-1, ...used) + 1;
  const holder = document.createElement("tbody");
  holder.innerHTML = blank.innerHTML.replaceAll("__n__", String(number));
  const row = holder.firstElementChild;
  body.append(row);
  window.htmx?.process(row);
  const first = [...row.querySelectorAll(FIELDS)].find(visible);
  if (first) take(first);
}

function removeRow(row) {
  const body = row.parentElement;
  const set = row.closest("[data-rows]");
  const other = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  const stop = other ? [...other.querySelectorAll(FIELDS)].find(visible) : set.querySelector("[data-add-row]");
  if (stop) take(stop);
  body.dispatchEvent(new Event("change", { bubbles: true }));
}

// Picking a person: what was found hangs below the text; arrow keys choose, Enter takes.
function pickerOf(element) {
  return element.closest("[data-picker]");
}

function close(picker) {
  picker.querySelector("[data-found]").hidden = true;
  picker.querySelector("[data-pick-text]").setAttribute("aria-expanded", "false");
}

function pick(option) {
  const picker = pickerOf(option);
  const text = picker.querySelector("[data-pick-text]");
  picker.querySelector("[data-picked]").value = option.dataset.pick;
  text.value = option.dataset.pickLabel;
  close(picker);
  const row = picker.closest("[data-form-row]");
  const accounts = row?.querySelector("select[data-accounts]");
  if (accounts) window.htmx.ajax("GET", `/parties/${option.dataset.pick}/accounts/`, { target: accounts, swap: "innerHTML" });
  picker.dispatchEvent(new CustomEvent("picked", { bubbles: true }));
  picker.dispatchEvent(new Event("change", { bubbles: true }));
  const stop = next(text, text.form);
  if (stop) take(stop);
}

function choose(picker, step) {
  const options = [...picker.querySelectorAll("[data-pick]")];
  const now = options.findIndex((one) => one.classList.contains("chosen"));
  const then = Math.min(Math.max(now + step, 0), options.length - 1);
  options.forEach((one, n) => one.classList.toggle("chosen", n === then));
  options[then]?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (!event.target.matches("[data-found]")) return;
  const picker = pickerOf(event.target);
  event.target.hidden = event.target.childElementCount === 0;
  picker.querySelector("[data-pick-text]").setAttribute("aria-expanded", String(!event.target.hidden));
  choose(picker, 1);
});

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-pick-text]")) return;
  pickerOf(event.target).querySelector("[data-picked]").value = "";
});

document.addEventListener("focusout", (event) => {
  const picker = event.target.closest?.("[data-picker]");
  if (picker && !picker.contains(event.relatedTarget)) close(picker);
});

function inPicker(event) {
  const picker = event.target.closest("[data-picker]");
  const found = picker?.querySelector("[data-found]");
  if (!found || found.hidden) return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(picker, event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Enter" && picker.querySelector(".pick.chosen")) pick(picker.querySelector(".pick.chosen"));
  else if (event.key === "Escape") close(picker);
  else return false;
  return true;
}

function onEnter(event) {
  const { target } = event;
  if (!target.matches("input, select") || event.ctrlKey || event.altKey || event.shiftKey) return false;
  const stop = next(target, target.form);
  if (stop) take(stop);
  return true;
}

// Alt and a letter: the same in every browser, where access keys are not.
function withAlt(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.code.slice(0, 3) !== "Key" && event.code.slice(0, 5) !== "Digit") return false;
  const letter = event.code.replace(/^(Key|Digit)/, "").toLowerCase();
  const here = event.target.closest("[data-rows], fieldset")?.querySelector(`[data-alt="${letter}"]`);
  const element = here ?? [...document.querySelectorAll(`[data-alt="${letter}"]`)].find(visible);
  if (!element) return false;
  if (element.matches("button, a, input[type=checkbox]")) element.click();
  else take(element);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || !event.target.closest) return;
  const form = event.target.closest("[data-act-form]");
  let done = false;
  if (inPicker(event) || withAlt(event)) done = true;
  else if (form && event.key === "Enter") done = onEnter(event);
  else if (event.key === "Delete" && event.altKey) {
    const row = event.target.closest("[data-form-row]");
    if (row) removeRow(row);
    done = Boolean(row);
  } else if (event.key === "Escape" && document.querySelector("dialog[open]") === null) {
    const change = document.querySelector("[data-escape]");
    if (change) change.click();
    else if (event.target.matches("input, select, textarea")) event.target.blur();
    done = Boolean(change) || event.target.matches("input, select, textarea");
  }
  if (done) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  const remove = event.target.closest("[data-remove-row]");
  const option = event.target.closest("[data-pick]");
  const all = event.target.closest("[data-all-answers]");
  const to = event.target.closest("[data-to]");
  if (add) addRow(add.closest("[data-rows]"));
  else if (remove) removeRow(remove.closest("[data-form-row]"));
  else if (option) pick(option);
  else if (all) {
    const set = all.closest("fieldset");
    for (const one of set.querySelectorAll(`input[type=radio][value="${all.dataset.allAnswers}"]`)) one.checked = true;
    const last = [...set.querySelectorAll("input[type=radio]")].pop();
    const stop = last && next(last, last.form);
    if (stop) take(stop);
    set.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (to) {
    const target = document.getElementById(to.dataset.to);
    const stop = target && (target.matches(FIELDS) ? target : target.querySelector(FIELDS));
    if (stop) {
      event.preventDefault();
      take(stop);
    }
  }
});

// The mouse must not take the focus away before the click on a person arrives.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest("[data-pick]")) event.preventDefault();
});

// One of two blocks, as a choice says: <… data-shows="who=new"> is shown where the input named "who" has that value.
function showParts() {
  for (const part of document.querySelectorAll("[data-shows]")) {
    const [name, value] = part.dataset.shows.split("=");
    const inputs = [...document.getElementsByName(name)];
    const input = inputs.find((one) => one.checked) ?? inputs.find((one) => one.type !== "checkbox" && one.type !== "radio");
    const now = input ? input.value : "";
    part.hidden = value.startsWith("!") ? now === value.slice(1) : now !== value;
  }
}

// An act that counts from a day before today asks why.
function showBackDated() {
  const part = document.querySelector("[data-back-dated]");
  if (!part) return;
  const typed = /^\s*(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?\s*$/.exec(document.getElementById("f-act-effective_date").value);
  const day = typed && `${typed[1]}-${typed[2].padStart(2, "0")}-${typed[3].padStart(2, "0")}`;
  part.hidden = !(day && day < part.dataset.backDated);
}
document.addEventListener("input", (event) => {
  if (event.target.name === "act.effective_date") showBackDated();
});
showBackDated();
document.addEventListener("change", showParts);
document.addEventListener("htmx:afterSettle", showParts);
showParts();
begin();
