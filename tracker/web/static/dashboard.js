// Draws the charts in the page's colours.  The tables beside them say the same: without a script nothing is lost.
(function () {
  "use strict";
  var CONFIG = {
    displayModeBar: false, displaylogo: false, responsive: true,
    modeBarButtonsToRemove: ["sendChartToCloud"]
  };
  var PRINTED_WIDTH = 900;
  var charts = [];

  function find() {
    charts = Array.from(document.querySelectorAll("[data-figure]")).map(function (holder) {
      var figure = JSON.parse(holder.dataset.figure);
      // Before the big script is here, so that nothing jumps; a figure without a height is as high as its place.
      if (figure.layout.height) holder.style.height = figure.layout.height + "px";
      return { holder: holder, figure: figure };
    });
  }

  function colour(name) {
    return window.getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  }

  // A bar with a pattern is hatched in its colour on the ground; one without is filled.
  function paint(figure) {
    figure.data.forEach(function (bar) {
      var own = colour("bar-" + bar.meta.colour), hatched = bar.marker.pattern.shape !== "";
      bar.marker.color = own;
      bar.marker.line = { color: own, width: hatched ? 1 : 0 };
      bar.marker.pattern.bgcolor = hatched ? colour("ground") : own;
      bar.marker.pattern.fgcolor = own;
      bar.marker.pattern.size = 6;
    });
    var layout = figure.layout;
    layout.font = { family: window.getComputedStyle(document.body).fontFamily, size: 13, color: colour("ink") };
    layout.paper_bgcolor = layout.plot_bgcolor = colour("ground");
    [layout.xaxis, layout.yaxis].forEach(function (axis) {
      axis.gridcolor = axis.zerolinecolor = colour("line");
    });
    layout.hoverlabel = { bgcolor: colour("ground-2"), bordercolor: colour("line"), font: { color: colour("ink") } };
  }

  function draw() {
    charts.forEach(function (chart) {
      paint(chart.figure);
      window.Plotly.react(chart.holder, chart.figure.data, chart.figure.layout, CONFIG);
      var still = chart.holder.closest("[data-chart]");
      if (still) still.classList.add("drawn");
    });
  }

  function listen(chart) {
    chart.holder.on("plotly_hover", function () { chart.holder.classList.add("on-bar"); });
    chart.holder.on("plotly_unhover", function () { chart.holder.classList.remove("on-bar"); });
    chart.holder.on("plotly_click", function (event) {
      window.location.href = event.points[0].customdata;
    });
  }

  function begin() {
    if (!window.Plotly) return;
    draw();
    charts.forEach(listen);
  }

  // A chart that fills its place has a still one for paper.
  function setWidth(width) {
    charts.forEach(function (chart) {
      if (!chart.figure.layout.height || !window.Plotly) return;
      window.Plotly.relayout(chart.holder, width ? { width: width } : { width: null, autosize: true });
    });
  }

  document.documentElement.classList.add("has-script");
  find();
  // The big script comes after this one; both have run when the document is ready.
  document.addEventListener("DOMContentLoaded", function () {
    begin();
    new MutationObserver(function () { if (window.Plotly) draw(); })
      .observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
    window.addEventListener("beforeprint", function () { setWidth(PRINTED_WIDTH); });
    window.addEventListener("afterprint", function () { setWidth(null); });
  });
  document.addEventListener("figures", function () { find(); begin(); }); // the wall has fetched new ones
})();
