// Charts of a report: bars drawn from the table below each. No figure is made here.
const COLOURS = ["#1f5f99", "#c98a1b", "#5b6675", "#14612f"];

function draw(place) {
  const table = document.getElementById(place.dataset.bars);
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const names = rows.map((row) => row.cells[0].textContent.trim());
  const series = heads.flatMap((head, n) => ("plot" in head.dataset
    ? [{ name: head.textContent.trim(), type: "bar", barMaxWidth: 22, data: rows.map((row) => Number(row.cells[n].textContent)) }]
    : []));
  const across = "across" in place.dataset;
  const codes = { type: "category", data: names, inverse: across, axisLabel: { width: across ? 130 : undefined, overflow: "truncate" } };
  const counts = { type: "value", minInterval: 1 };
  window.echarts.init(place, null, { renderer: "canvas" }).setOption({
    animation: false,
    color: COLOURS,
    grid: { left: across ? 144 : 44, right: 16, top: series.length > 1 ? 28 : 10, bottom: 24 },
    legend: series.length > 1 ? { top: 2, textStyle: { fontSize: 12 } } : undefined,
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: across ? counts : codes,
    yAxis: across ? codes : counts,
    series,
  });
}

// echarts is deferred and comes before this module
for (const place of document.querySelectorAll("[data-bars]")) draw(place);
