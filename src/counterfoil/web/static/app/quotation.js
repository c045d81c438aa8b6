// The quotation: a chart drawn from the table over the years, a picked customer, one more choice. No figure is made here.
const COLOURS = ["#5b6675", "#1f5f99", "#14612f", "#7a4a00", "#8c1d1d"];
const form = document.getElementById("quotation");
let chart = null;

function series(table) {
  const heads = [...table.tHead.rows[0].cells];
  const years = [...table.tBodies[0].rows].map((row) => row.cells[0].textContent.trim());
  const marked = document.querySelector("[data-chart]").dataset.notGuaranteed;
  const found = [];
  heads.forEach((head, n) => {
    if (!("plot" in head.dataset)) return;
    const data = [...table.tBodies[0].rows].map((row) => {
      const value = row.cells[n].dataset.v;
      return value === undefined ? null : Number(value); // for a height on the screen alone
    });
    if (data.every((one) => one === null)) return;
    const open = "openEnd" in head.dataset;
    found.push({
      name: open ? `${head.dataset.name} (${marked})` : head.dataset.name,
      type: "line", showSymbol: false, data,
      lineStyle: { type: open ? "dashed" : "solid", width: 2 },
    });
  });
  return { years, found };
}

function draw() {
  const place = document.querySelector("[data-chart]");
  const table = document.querySelector("[data-years]");
  if (chart && chart.getDom() !== place) {
    chart.dispose();
    chart = null;
  }
  if (!place || !table || !window.echarts) return;
  const { years, found } = series(table);
  place.hidden = found.length === 0;
  if (place.hidden) return;
  chart ??= window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption({
    animation: false,
    color: COLOURS,
    grid: { left: 84, right: 20, top: 34, bottom: 26 },
    legend: { top: 4, textStyle: { fontSize: 12 } },
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => (value === null ? "—" : value.toLocaleString("en-US", { minimumFractionDigits: 2 })) },
    xAxis: { type: "category", data: years, boundaryGap: false },
    yAxis: { type: "value", axisLabel: { formatter: (value) => value.toLocaleString("en-US") } },
    series: found,
  }, true);
}

function changed(element) {
  element.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("picked", (event) => {
  const into = document.getElementById(event.target.dataset.into ?? "");
  if (!into) return;
  into.value = event.target.querySelector("[data-picked]").value;
  changed(into);
});

document.addEventListener("click", (event) => {
  const clear = event.target.closest("[data-clear]");
  const show = event.target.closest("[data-show]");
  const add = event.target.closest("[data-add-option]");
  if (clear) {
    const known = document.getElementById("f-known");
    if (known) known.value = "";
    const input = document.getElementById(clear.dataset.clear);
    input.value = "";
    changed(input);
  } else if (show) {
    const input = document.getElementById("f-show");
    input.value = show.dataset.show;
    changed(input);
  } else if (add) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = `${add.dataset.addOption}.product`;
    input.value = add.dataset.optionProduct;
    form.append(input);
    window.htmx.ajax("GET", form.action, { source: form, target: form, swap: "innerHTML", values: Object.fromEntries(new FormData(form)) });
  }
});

document.addEventListener("htmx:afterSettle", draw);
window.addEventListener("resize", () => chart?.resize());
if (document.readyState === "complete") draw();
else window.addEventListener("load", draw);
