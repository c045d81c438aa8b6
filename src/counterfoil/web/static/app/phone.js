// A customer's telephone: sends what was photographed, one after the other, and says what happened.
const main = document.querySelector("[data-phone]");

async function send(file, type) {
  if (file.size > Number(main.dataset.most)) return { said: [main.dataset.large] };
  try {
    const answer = await fetch(`/phone/add/?type=${encodeURIComponent(type)}`, {
      method: "POST",
      body: file,
      headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": main.dataset.csrf },
    });
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) return await answer.json();
  } catch {
    // the network failed: said below
  }
  return { said: [main.dataset.failed] };
}

main.addEventListener("change", async (event) => {
  const input = event.target.closest("input[type=file]");
  if (!input) return;
  const paper = input.closest("[data-type]");
  const said = paper.querySelector("[data-said]");
  const count = paper.querySelector("[data-count]");
  const lines = [];
  for (const file of [...input.files]) {
    said.classList.remove("wrong");
    said.textContent = [...lines, main.dataset.sending].join("\n");
    const answer = await send(file, paper.dataset.type);
    if (answer.said) {
      lines.push(...answer.said);
      said.classList.add("wrong");
    } else {
      const before = count.dataset.count;
      count.dataset.count = String(Number(before) + 1);
      count.textContent = count.textContent.replace(before, count.dataset.count);
      lines.push([`✓ ${main.dataset.got}`, ...answer.hints].join(" · "));
    }
    said.textContent = lines.join("\n");
  }
  input.value = "";
});
