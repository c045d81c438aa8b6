// Scanned papers: files by dialog, camera and drop; pages turned, moved and removed by keys and by dragging.
// A file goes as the body of a request of its own, without its name.
const panel = document.querySelector("[data-papers]");
const home = panel.dataset.papers;
const progress = panel.querySelector("[data-progress]");
const refused = panel.querySelector("[data-refused]");
const body = () => document.getElementById("papers-body");
const viewer = document.getElementById("papers-view");
let into = {}; // where the next chosen files go: a paper, or in place of a page
let dragged = null;
let shown = null;

function changed() {
  document.body.dispatchEvent(new Event("papers-changed"));
}

function refuse(name, said) {
  const line = document.createElement("li");
  line.textContent = `${name}: ${said.join(" ")}`;
  refused.append(line);
  refused.hidden = false;
}

async function send(file, where) {
  if (file.size > Number(panel.dataset.most)) return { said: [panel.dataset.tooLarge] };
  try {
    const answer = await fetch(`${home}add/?${new URLSearchParams(where)}`, {
      method: "POST",
      body: file,
      headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": panel.dataset.csrf },
    });
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) return await answer.json();
  } catch {
    // the network failed: said below
  }
  return { said: [panel.dataset.failed] };
}

async function take(files, way, target) {
  const type = panel.querySelector("[data-papers-type]");
  const another = panel.querySelector("[data-papers-another]");
  const where = { ...target, way };
  if (!where.paper && !where.replaces) {
    where.type = type.value;
    if (another.checked) where.another = "1";
  }
  refused.replaceChildren();
  refused.hidden = true;
  let n = 0;
  for (const file of files) {
    n += 1;
    progress.textContent = `${panel.dataset.sending} ${n}/${files.length}`;
    const answer = await send(file, where);
    if (answer.said) refuse(file.name, answer.said);
    else {
      where.paper = answer.paper; // the others follow it, whatever began the paper
      delete where.type;
      delete where.another;
      delete where.replaces;
    }
  }
  progress.textContent = "";
  another.checked = false;
  changed();
}

panel.addEventListener("change", async (event) => {
  const input = event.target.closest("input[type=file][data-way]");
  if (!input || input.files.length === 0) return;
  const files = [...input.files];
  const target = into;
  into = {};
  input.value = "";
  await take(files, input.dataset.way, target);
});

function choose(id, target) {
  into = target;
  document.getElementById(id).click();
}

panel.addEventListener("click", (event) => {
  const chooser = event.target.closest("[data-choose]");
  const more = event.target.closest("[data-into]");
  const replace = event.target.closest("[data-replace]");
  const thumb = event.target.closest("a[data-thumb]");
  if (chooser) choose(chooser.dataset.choose, {});
  else if (more) choose("papers-file", { paper: more.dataset.into });
  else if (replace) choose("papers-file", { replaces: replace.dataset.replace });
  else if (thumb?.querySelector("img")) {
    event.preventDefault();
    view(thumb);
  }
});

function view(thumb) {
  shown = thumb.closest("[data-page]").dataset.page;
  const picture = viewer.querySelector("[data-view]");
  picture.src = thumb.href;
  picture.className = `turn-${thumb.dataset.turn}`;
  if (!viewer.open) viewer.showModal();
}

const thumbs = () => [...panel.querySelectorAll("[data-thumb]")];
const pageOf = (id) => document.getElementById(`page-${id}`);

function press(page, what) {
  const button = page?.querySelector(`[data-do="${what}"]`);
  button?.click();
  return Boolean(button);
}

const KEYS = { r: "turn", "[": "back", "]": "on", p: "replace", Delete: "remove", Backspace: "remove" };

// On a page of a paper these keys are its own; in front of the keys of the workbench.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const thumb = viewer.open ? pageOf(shown)?.querySelector("[data-thumb]") : event.target.closest?.("[data-thumb]");
    if (!thumb) return;
    const page = thumb.closest("[data-page]");
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    let done = false;
    if (step) {
      const all = viewer.open ? thumbs().filter((one) => one.matches("a") && one.querySelector("img")) : thumbs();
      const next = all[all.indexOf(thumb) + step];
      if (next && viewer.open) view(next);
      else next?.focus();
      done = true;
    } else if (viewer.open && event.key !== "r") return;
    else if (KEYS[event.key]) done = press(page, KEYS[event.key]);
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  },
  true,
);

// The body is drawn anew after every change: the page that had the focus keeps it, and an open picture its turn.
let focused = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id !== "papers-body") return;
  focused = document.activeElement?.closest?.("[data-page]")?.dataset.page ?? null;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (dragged && event.target.id === "papers-body") event.preventDefault();
});
document.addEventListener("htmx:afterSettle", () => {
  if (focused) pageOf(focused)?.querySelector("[data-thumb]")?.focus();
  focused = null;
  const thumb = shown && viewer.open ? pageOf(shown)?.querySelector("a[data-thumb]") : null;
  if (thumb) viewer.querySelector("[data-view]").className = `turn-${thumb.dataset.turn}`;
  const code = document.querySelector("[data-code-address]");
  const phone = document.getElementById("papers-phone");
  if (code && body().dataset.handover) code.dataset.seen = "1";
  const spent = body().hasAttribute("data-claimed") || (code?.dataset.seen && !body().dataset.handover);
  if (code && spent && phone.open) phone.close();
});

// A code that was taken or ended is not shown again: the dialog asks anew what to photograph.
document.getElementById("papers-phone")?.addEventListener("close", () => {
  if (document.querySelector("[data-code-address]")) {
    window.htmx.ajax("GET", `${home}?code=1`, { target: "#papers-code", swap: "outerHTML" });
  }
});

const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

panel.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-page]");
  dragged?.classList.add("dragged");
  if (dragged) event.dataTransfer.setData("text/plain", dragged.dataset.page);
});
panel.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  for (const one of panel.querySelectorAll(".over, .dropping")) one.classList.remove("over", "dropping");
});
panel.addEventListener("dragover", (event) => {
  const page = event.target.closest("[data-page]");
  const zone = event.target.closest("[data-drop]");
  if (dragged && page && page.parentElement === dragged.parentElement) {
    event.preventDefault();
    for (const one of panel.querySelectorAll(".over")) one.classList.remove("over");
    page.classList.add("over");
  } else if (zone && holdsFiles(event)) {
    event.preventDefault();
    zone.classList.add("dropping");
  }
});
panel.addEventListener("dragleave", (event) => {
  event.target.closest?.("[data-drop]")?.classList.remove("dropping");
});
panel.addEventListener("drop", async (event) => {
  const page = event.target.closest("[data-page]");
  const zone = event.target.closest("[data-drop]");
  if (dragged && page && page.parentElement === dragged.parentElement) {
    event.preventDefault();
    const moved = dragged;
    dragged = null;
    order(moved, page);
  } else if (zone && holdsFiles(event)) {
    event.preventDefault();
    zone.classList.remove("dropping");
    await take([...event.dataTransfer.files], "drag", zone.dataset.paper ? { paper: zone.dataset.paper } : {});
  }
});

function order(moved, before) {
  const list = moved.closest("[data-paper]");
  const ids = [...list.querySelectorAll("[data-page]")].map((one) => one.dataset.page);
  const from = ids.indexOf(moved.dataset.page);
  const to = ids.indexOf(before.dataset.page);
  ids.splice(to, 0, ids.splice(from, 1)[0]);
  window.htmx.ajax("POST", `${home}change/order/`, {
    source: body(),
    target: "#papers-body",
    swap: "outerHTML",
    values: { paper: list.dataset.paper, pages: ids.join(",") },
  });
}

// Outside of a place for files a browser would leave the page and open the file.
for (const kind of ["dragover", "drop"]) {
  window.addEventListener(kind, (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
}
