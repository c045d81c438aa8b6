// The timeline's two scrubbers. Arrow keys move a day, with Shift to the next act, Page keys a month, Home and End to the
// ends; a click into the drawing goes there. What is read is asked for as soon as the hand rests.
const DAY = 86400000;
const REST = 160; // milliseconds
const form = document.querySelector("[data-scrub-form]");
let waiting = 0;

const toTime = (text) => Date.parse(`${text}T00:00:00Z`);
const toText = (time) => new Date(time).toISOString().slice(0, 10);
const first = (track) => toTime(track.dataset.first);
const range = (track) => track.querySelector("[data-range]");
const day = (track) => track.querySelector("[data-day]");
const seqOf = (track) => track.querySelector("[data-seq]");

function place(track) {
  const time = toTime(day(track).value);
  if (Number.isNaN(time)) return;
  range(track).value = String(Math.round((time - first(track)) / DAY));
  range(track).setAttribute("aria-valuetext", day(track).value);
}

// Moved by hand: the day stands there at once; the policy follows when the hand rests.
function put(track, offset, { seq = "", step = true } = {}) {
  const held = Math.min(Math.max(offset, 0), Number(range(track).max));
  day(track).value = toText(first(track) + held * DAY);
  if (seqOf(track)) {
    seqOf(track).value = seq;
    seqOf(track).dataset.act = seq;
    track.querySelector("[data-act-said]").textContent = "";
  }
  place(track);
  form.querySelector("[data-moved]").value = step ? "step" : "jump";
  clearTimeout(waiting);
  waiting = setTimeout(ask, REST);
}

function ask() {
  waiting = 0;
  window.htmx.trigger(form, "scrub");
}

// On the axis of record the stops are acts, of which a day may have several; on that of effect they are days.
function toStop(track, way) {
  const stops = track.dataset.stops.split(" ").filter(Boolean).map((one) => one.split(":").map(Number));
  const now = Math.round((toTime(day(track).value) - first(track)) / DAY);
  const seq = Number(seqOf(track)?.value || seqOf(track)?.dataset.act || 0);
  const after = seqOf(track) ? ([, act]) => act - seq : ([at]) => at - now;
  const ahead = way > 0 ? stops.find((one) => after(one) > 0) : stops.findLast((one) => after(one) < 0);
  if (ahead) put(track, ahead[0], { seq: ahead[1] ? String(ahead[1]) : "", step: false });
}

function byMonth(track, way) {
  const time = new Date(toTime(day(track).value));
  const wanted = time.getUTCDate();
  time.setUTCDate(1);
  time.setUTCMonth(time.getUTCMonth() + way);
  const most = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 0)).getUTCDate();
  time.setUTCDate(Math.min(wanted, most));
  put(track, Math.round((time - first(track)) / DAY));
}

function onKey(event) {
  const track = event.target.closest?.("[data-track]");
  if (!track || event.ctrlKey || event.altKey || event.metaKey) return false;
  const onRange = event.target.matches("[data-range]");
  const ways = onRange ? { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 } : { ArrowDown: -1, ArrowUp: 1 };
  const way = ways[event.key];
  if (way && event.shiftKey) toStop(track, way);
  else if (way) put(track, Math.round((toTime(day(track).value) - first(track)) / DAY) + way);
  else if (event.key === "PageUp" || event.key === "PageDown") byMonth(track, event.key === "PageUp" ? 1 : -1);
  else if (event.key === "Escape" && event.target.matches("[data-day]")) event.target.blur();
  else if (onRange && event.key === "Home") put(track, 0, { step: false });
  else if (onRange && event.key === "End") put(track, Number(range(track).max), { step: false });
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || !onKey(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

form.addEventListener("input", (event) => {
  const track = event.target.closest("[data-track]");
  if (track && event.target.matches("[data-range]")) put(track, Number(event.target.value));
  else if (track && event.target.matches("[data-day]") && seqOf(track)) seqOf(track).value = "";
});

form.addEventListener("submit", () => {
  clearTimeout(waiting);
  form.querySelector("[data-moved]").value = "jump";
});

// The drawing: where one clicks beside a mark is the point to read.
document.addEventListener("click", (event) => {
  const drawing = event.target.closest?.("[data-chart]");
  if (!drawing || event.target.closest("a")) return;
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
  const { left, width, days, rows } = drawing.dataset;
  const share = (at.x - Number(left)) / Number(width);
  if (share < 0 || share > 1) return;
  const [effect, record] = form.querySelectorAll("[data-pair]")[0].querySelectorAll("[data-track]");
  const acts = rows.split(" ").map((one) => one.split(":").map(Number)).filter(([y]) => y >= at.y - 4);
  const stop = acts.length ? String(Math.max(...acts.map(([, seq]) => seq))) : "";
  const found = record.dataset.stops.split(" ").map((one) => one.split(":")).find(([, seq]) => seq === stop);
  if (found) put(record, Number(found[0]), { seq: stop, step: false });
  put(effect, Math.round((toTime(drawing.dataset.first) - first(effect)) / DAY + share * Number(days)), { step: false });
});

// The second pair of days comes and goes with "compare"; opened, it begins at the point that is read.
document.querySelector("[data-compare]").addEventListener("toggle", (event) => {
  const then = form.querySelector("[data-then]");
  if (then.hidden !== event.target.open) return;
  then.hidden = then.disabled = !event.target.open;
  if (event.target.open) {
    then.querySelector("[data-day]").focus();
    then.querySelector("[data-day]").select();
  } else form.requestSubmit();
});

// What was answered says where it was read: days typed in other ways, acts, the range.
function follow() {
  const points = document.querySelector("[data-points]");
  if (!points || waiting) return;
  const said = points.dataset;
  const pairs = [["", said.on, said.known, said.seq, said.act]];
  if (said.thenOn) pairs.push(["then_", said.thenOn, said.thenKnown, said.thenSeq, said.thenAct]);
  for (const [begin, on, known, seq, act] of pairs) {
    form.elements[`${begin}on`].value = on;
    form.elements[`${begin}known`].value = known;
    const held = form.elements[`${begin}seq`];
    held.value = seq;
    held.dataset.act = act;
    const told = held.closest("[data-track]").querySelector("[data-act-said]");
    told.textContent = act === "0" ? "" : form.dataset.act.replace("#", act);
  }
  form.querySelector("[data-follow=axis]").value = said.axis;
  form.querySelectorAll("[data-track]").forEach(place);
}

document.addEventListener("htmx:afterSettle", follow);
follow();
