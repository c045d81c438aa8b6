// Every key of the workbench. A page says what its keys do by data attributes:
//   data-key="n" data-key-label="New application"   the key clicks (or focuses) the element, the help lists it
//   data-open="search-dialog"                        a click opens the dialog of that id
//   data-list                                        arrow keys move between the links [data-row] inside
//   data-back="/policies/…/"                         Esc goes there when nothing is open
const typing = (element) => element.closest("input:not([type=range]), textarea, select, [contenteditable]") !== null;
const open = () => document.querySelector("dialog[open]");

function show(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  open()?.close();
  if (id === "help-dialog") listKeys(dialog.querySelector("[data-keys-here]"));
  dialog.showModal();
  dialog.querySelector("[autofocus]")?.select();
}

function listKeys(list) {
  list.replaceChildren();
  for (const element of document.querySelectorAll("[data-key][data-key-label]")) {
    const row = document.createElement("div");
    const key = document.createElement("dt");
    const mark = document.createElement("kbd");
    const label = document.createElement("dd");
    mark.className = "key";
    mark.textContent = element.dataset.key.toUpperCase();
    label.textContent = element.dataset.keyLabel;
    key.append(mark);
    row.append(key, label);
    list.append(row);
  }
}

function press(key) {
  // What the screen itself offers comes before the menu that every screen has.
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const element = document.querySelector(`#main ${wanted}`) || document.querySelector(wanted);
  if (!element) return false;
  if (element.matches("a, button, summary")) element.click();
  else element.focus();
  return true;
}

function move(step, from) {
  const scope = open() ?? document;
  const inside = from.closest("[data-list]");
  const rows = [...(inside ?? scope).querySelectorAll("[data-list] [data-row], [data-row]")];
  if (rows.length === 0) return false;
  const now = rows.indexOf(from.closest("[data-row]"));
  const next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : now + step;
  if (next < 0 && open()) open().querySelector("input")?.focus();
  else rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  return true;
}

// At once: by itself a search field only empties at the first Esc.
function closeDialog() {
  const dialog = open();
  dialog?.close();
  return Boolean(dialog);
}

function closeMenu() {
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return false;
  menu.open = false;
  menu.querySelector("summary").focus();
  return true;
}

function escape() {
  if (closeMenu()) return true;
  const back = document.querySelector("[data-back]");
  if (back) window.location.assign(back.dataset.back);
  return back !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const { key, target } = event;
  let done = false;
  if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k") {
    show("search-dialog");
    done = true;
  } else if (event.ctrlKey && key === "Enter") {
    target.closest("form")?.requestSubmit();
    done = true;
  } else if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  } else if (key === "ArrowDown" || key === "ArrowUp") {
    const inSearch = target.matches("dialog input");
    if (!typing(target) || inSearch) done = move(key === "ArrowDown" ? 1 : -1, target);
  } else if (key === "Enter" && target.matches("dialog input[type=search]")) {
    const first = open()?.querySelector("[data-row]");
    if (first) first.click();
    done = Boolean(first);
  } else if (key === "Escape") {
    done = closeDialog() || (typing(target) ? closeMenu() : escape());
  } else if (!typing(target) && !open()) {
    if (key === "?") {
      show("help-dialog");
      done = true;
    } else if (key === "/") {
      show("search-dialog");
      done = true;
    } else if (key.length === 1) done = press(key.toLowerCase());
  }
  if (done) event.preventDefault();
});

// An opened menu takes the focus to its first field; the event does not bubble.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches("details.menu[open]")) event.target.querySelector("input:not([type=hidden]), select, .menu-box button")?.focus();
  },
  true,
);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    event.preventDefault();
    show(opener.dataset.open);
  } else if (event.target.matches("dialog.box")) event.target.close(); // its backdrop
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
