// A live part of the hall is not swapped away under somebody's hands: while a field in it is being filled the answer waits.
function filling(part) {
  const field = document.activeElement;
  if (!part.contains(field) || !field.matches("input, select, textarea")) return false;
  return field.matches("select") || field.value !== field.defaultValue || field.matches("input[name=note]");
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.target.closest?.("[data-live]");
  if (part && filling(part)) event.detail.shouldSwap = false;
});
