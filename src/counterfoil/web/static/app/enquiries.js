// "Use this" puts a passage, word for word and with its source, where the answer is being written.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-use]");
  const answer = document.getElementById("f-answer");
  if (!button || !answer) return;
  const passage = `${button.dataset.use}（${button.dataset.source}）`;
  const before = answer.value.replace(/\s+$/, "");
  answer.value = before ? `${before}\n${passage}` : passage;
  answer.dispatchEvent(new Event("input", { bubbles: true }));
  answer.focus();
  answer.setSelectionRange(answer.value.length, answer.value.length);
  answer.scrollTop = answer.scrollHeight;
});

// From the search down to the first passage; arrow keys go on from there (keys.js).
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" || event.isComposing || !event.target.closest(".knowledge-ask")) return;
  document.querySelector("#knowledge-found [data-row]")?.focus();
  event.preventDefault();
});

// Enter in the search asks at once and does not leave the page.
document.addEventListener("submit", (event) => {
  if (!event.target.matches(".knowledge-ask")) return;
  event.preventDefault();
  document.querySelector("#knowledge-found [data-row]")?.focus();
});
