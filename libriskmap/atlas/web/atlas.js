// SPDX-License-Identifier: MIT
// The page of the web atlas. Data come from data.js and images.js; every text of theirs is shown
// as text.
"use strict";
(function () {
const data = window.ATLAS;
const images = window.ATLAS_IMAGES;

const words = {
  layers: ["图层", "Layers"], charts: ["图表", "Charts"], table: ["列表", "Table"], about: ["说明", "About"],
  themes: ["专题", "Theme"], points: ["点位与界线", "Points and borders"], opacity: ["不透明度", "Opacity"],
  search: ["搜索名称或代码", "Search name or code"], language: ["English", "中文"], print: ["打印", "Print"],
  download: ["下载 CSV", "Download CSV"], before: ["现状", "Today"], after: ["规划", "As planned"],
  people: ["人口", "people"], area: ["面积 km²", "km²"], modelled: ["含模拟数据", "modelled"],
  names: ["地名", "place names"], townships: ["乡镇界", "borders of townships"], counties: ["县界", "borders of counties"],
  close: ["关闭", "Close"], nothing: ["没有找到", "nothing found"], none: ["无数据", "no data"],
  levels: ["各县（区、市）风险等级面积占比", "Share of area by level of risk, by county"],
  moment: ["时点", "Moment"], source: ["资料来源", "Source"], made: ["编制", "Made by"], date: ["日期", "Date"],
  program: ["程序", "Program"], share: ["占比", "share"], map: ["地图", "Map"],
  modelledLayers: ["模拟数据", "Modelled layers"], zone: ["风险区", "Risk zone"], goal: ["目标", "goal"],
  townshipCount: ["乡镇数", "units"],
};
const state = { language: data.language, theme: null, after: true, opacity: 0.85, tab: "layers",
                sort: "code", down: false, chosen: null, shown: {} };

const at = () => (state.language === "zh" ? 0 : 1);
const say = key => words[key][at()];
const both = pair => (pair ? pair[state.language] || pair.zh || pair.en || "" : "");
const byId = id => document.getElementById(id);
const peopleTitle = () => both((data.fields.find(f => f.id === data.people) || {}).title) || say("people");

function make(tag, options = {}, children = []) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(options)) {
    if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}
function drawing(tag, options = {}, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(options)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}
function figure(value, decimals = 0) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return Number(value).toLocaleString("en-US", { minimumFractionDigits: 0, maximumFractionDigits: decimals });
}
function percent(value) {
  return value === null || value === undefined ? "–" : (100 * value).toFixed(1) + " %";
}
function classOf(style, value) {
  return data.styles[style].classes.find(c => c.value === value);
}
function shown(field, value) {
  if (value === null || value === undefined || value === "") return "–";
  if (field.kind === "share") return percent(value);
  if (field.kind === "number") return figure(value, field.decimals);
  if (field.kind === "text") return String(value);
  const found = classOf(field.kind, value);
  return found ? both(found.words) : "–";
}

// Map

const units = data.units.features;
const bounds = new maplibregl.LngLatBounds();
(function extend(node) {
  if (typeof node[0] === "number") bounds.extend(node);
  else node.forEach(extend);
})(data.cities.features.map(f => f.geometry.coordinates));

const map = new maplibregl.Map({
  container: "map", attributionControl: false, fadeDuration: 0,
  style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": "#f4f4f2" } }] },
  bounds, fitBoundsOptions: { padding: 30 }, canvasContextAttributes: { preserveDrawingBuffer: true },
});
map.addControl(new maplibregl.NavigationControl({ visualizePitch: false }), "top-left");
map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-right");
map.dragRotate.disable();
map.touchZoomRotate.disableRotation();

function colours(field, style) {
  const expression = ["match", ["coalesce", ["get", field], -1]];
  for (const c of data.styles[style].classes) expression.push(c.value, c.colour);
  return [...expression, "#c8c8c8"];
}

function addLayers() {
  const polygons = (id, geojson) => map.addSource(id, { type: "geojson", data: geojson, promoteId: undefined });
  polygons("units", data.units);
  polygons("counties", data.counties);
  polygons("cities", data.cities);
  polygons("zones", data.zones);
  const dark = "#1a1a1a";
  map.addLayer({ id: "units-fill", type: "fill", source: "units", paint: { "fill-color": "#ffffff", "fill-opacity": 0 } });
  map.addLayer({ id: "zones-fill", type: "fill", source: "zones", layout: { visibility: "none" },
                 paint: { "fill-color": colours("level", "risk"), "fill-outline-color": dark } });
  map.addLayer({ id: "zones-line", type: "line", source: "zones", layout: { visibility: "none" },
                 paint: { "line-color": dark, "line-width": 1.2 } });
  map.addLayer({ id: "townships", type: "line", source: "units", paint: { "line-color": "#6e6e6e", "line-width": 0.6 } });
  map.addLayer({ id: "counties", type: "line", source: "counties", paint: { "line-color": "#333333", "line-width": 1.4 } });
  map.addLayer({ id: "cities", type: "line", source: "cities", paint: { "line-color": dark, "line-width": 2.4 } });
  map.addLayer({ id: "over", type: "line", source: "units", filter: ["==", ["id"], -1], paint: { "line-color": dark, "line-width": 2 } });
  map.addLayer({ id: "chosen", type: "line", source: "units", filter: ["==", ["id"], -1], paint: { "line-color": "#00aaff", "line-width": 3 } });
  for (const points of data.points) {
    map.addSource(points.id, { type: "geojson", data: points.data });
    map.addLayer({ id: "points-" + points.id, type: "circle", source: points.id, layout: { visibility: "none" },
                   paint: { "circle-color": points.colour, "circle-stroke-color": "#ffffff", "circle-stroke-width": 0.8,
                            "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, points.size * 0.9, 12, points.size * 2.2] } });
  }
}

function showRaster(theme) {
  for (const layer of map.getStyle().layers)
    if (layer.id.startsWith("raster-")) { map.removeLayer(layer.id); map.removeSource(layer.id); }
  if (!theme || theme.kind !== "raster") return;
  images[theme.id].forEach((image, i) => {
    const id = "raster-" + i;
    map.addSource(id, { type: "image", url: image.src, coordinates: image.corners });
    map.addLayer({ id, type: "raster", source: id, paint: { "raster-resampling": "nearest", "raster-fade-duration": 0, "raster-opacity": state.opacity } }, "zones-fill");
  });
}
function themeField(theme) {
  return theme.before && !state.after ? theme.before : theme.field;
}
function showTheme() {
  const theme = state.theme;
  showRaster(theme);
  const zones = theme.kind === "zones" ? "visible" : "none";
  map.setLayoutProperty("zones-fill", "visibility", zones);
  map.setLayoutProperty("zones-line", "visibility", zones);
  map.setPaintProperty("units-fill", "fill-color", theme.kind === "units" ? colours(themeField(theme), theme.style) : "#ffffff");
  showOpacity();
  showPoints();
  legend();
}
function showOpacity() {
  map.setPaintProperty("units-fill", "fill-opacity", state.theme.kind === "units" ? state.opacity : 0);
  map.setPaintProperty("zones-fill", "fill-opacity", state.opacity);
  for (const layer of map.getStyle().layers)
    if (layer.id.startsWith("raster-")) map.setPaintProperty(layer.id, "raster-opacity", state.opacity);
}
function showPoints() {
  const hidden = state.after ? [] : state.theme.new_points || [];
  for (const points of data.points)
    map.setLayoutProperty("points-" + points.id, "visibility", state.shown[points.id] && !hidden.includes(points.id) ? "visible" : "none");
  for (const id of ["townships", "counties"]) map.setLayoutProperty(id, "visibility", state.shown[id] ? "visible" : "none");
  places();
}

// Names are put where they do not cover one another.
const labels = [];
function addLabels() {
  const add = (feature, kind) => {
    const { name, place } = feature.properties;
    if (!place) return;
    const element = make("div", { class: "place " + kind, text: name });
    labels.push({ element, kind, marker: new maplibregl.Marker({ element }).setLngLat(place).addTo(map) });
  };
  data.counties.features.forEach(f => add(f, "county"));
  units.forEach(f => add(f, "township"));
}
function places() {
  const taken = [];
  for (const label of labels) {
    label.element.style.display = "";
    const at = map.project(label.marker.getLngLat());
    const size = (label.size ??= { w: label.element.offsetWidth, h: label.element.offsetHeight });
    const box = [at.x - size.w / 2, at.y - size.h / 2, at.x + size.w / 2, at.y + size.h / 2];
    const wanted = state.shown.names && (label.kind === "county" || map.getZoom() > 8.2);
    const free = wanted && taken.every(t => box[2] < t[0] || t[2] < box[0] || box[3] < t[1] || t[3] < box[1]);
    if (free) taken.push(box);
    else label.element.style.display = "none";
  }
}

// Legend

function symbolOf(points) {
  const svg = drawing("svg", { viewBox: "-8 -8 16 16", class: "symbol", "aria-hidden": "true" });
  svg.append(drawing("circle", { r: 5, fill: points.colour, stroke: "#ffffff" }));
  return svg;
}
function sumsOf(theme) {
  if (theme.sums) return theme.sums;
  const sums = {};
  for (const { properties } of theme.kind === "zones" ? data.zones.features : units) {
    const value = properties[themeField(theme)];
    const sum = (sums[value] ??= [0, 0]);
    sum[0] += properties.area_km2 || 0;
    sum[1] += properties[theme.kind === "zones" ? "people" : data.people] || 0;
  }
  if (!data.people) for (const sum of Object.values(sums)) sum[1] = null;
  return sums;
}
function legend() {
  const theme = state.theme;
  const box = byId("legend");
  box.replaceChildren(make("h2", { text: both(theme.title) + (theme.before ? " · " + say(state.after ? "after" : "before") : "") }));
  if (theme.ramp) {
    const stops = theme.ramp.map(([share, colour]) => `${colour} ${100 * share}%`).join(", ");
    const bar = make("div", { class: "ramp" });
    bar.style.background = `linear-gradient(to right, ${stops})`;
    box.append(bar, make("div", { class: "ends" }, [make("span", { text: "0" }), make("span", { text: "≥ " + figure(theme.high, 4) })]));
    return;
  }
  const sums = sumsOf(theme);
  const figures = Object.keys(sums).length > 0;
  const rows = data.styles[theme.style].classes.map(c => {
    const swatch = make("span", { class: "swatch" });
    swatch.style.background = c.colour;
    const sum = sums[c.value] || [0, 0];
    const cells = [make("td", {}, [swatch]), make("td", { text: both(c.words) })];
    if (figures) cells.push(make("td", { text: figure(sum[0]) }), make("td", { text: figure(sum[1]) }));
    return make("tr", {}, cells);
  });
  const head = figures ? [make("tr", {}, ["", "", say("area"), peopleTitle()].map(text => make("th", { text })))] : [];
  box.append(make("table", {}, [...head, ...rows]));
  const on = data.points.filter(p => state.shown[p.id]);
  for (const points of on)
    box.append(make("div", {}, [symbolOf(points), document.createTextNode(` ${both(points.title)} (${points.data.features.length})`)]));
}

// Figures of what is chosen

function tableOf(rows) {
  return make("table", {}, rows.map(([name, value]) => make("tr", {}, [make("th", { text: name, scope: "row" }), make("td", { text: value })])));
}
function info(title, rows) {
  const close = make("button", { type: "button", class: "close", text: "×", "aria-label": say("close"), onclick: () => choose(null) });
  byId("info").replaceChildren(close, make("h2", { text: title }), tableOf(rows));
  byId("info").hidden = false;
}
function unitRows(properties) {
  return data.fields.filter(f => f.id !== "name").map(f => [both(f.title), shown(f, properties[f.id])]);
}
function choose(thing) {
  state.chosen = thing;
  map.setFilter("chosen", ["==", ["id"], thing && thing.kind === "unit" ? thing.feature.id : -1]);
  if (!thing) byId("info").hidden = true;
  else if (thing.kind === "unit") info(thing.feature.properties.name, unitRows(thing.feature.properties));
  else if (thing.kind === "county") info(thing.feature.properties.name, countyRows(thing.feature.properties));
  else info(both(thing.title), Object.entries(thing.properties).map(([key, value]) => [key, typeof value === "number" ? figure(value, 3) : String(value)]));
  byId("table").querySelectorAll("tr").forEach(row => row.classList.toggle("chosen", !!thing && thing.kind === "unit" && row.dataset.id === String(thing.feature.id)));
}
function countyRows({ code, name }) {
  const own = unitsOf(name);
  const sum = field => own.reduce((total, u) => total + (u.properties[field] || 0), 0);
  const rows = [[both({ zh: "代码", en: "code" }), code], [say("townshipCount"), figure(own.length)], [say("area"), figure(sum("area_km2"), 1)],
                [peopleTitle(), figure(sum(data.people))]];
  for (const c of data.styles.risk.classes)
    rows.push([both(data.styles.risk.title) + " " + both(c.words), figure(own.filter(u => u.properties.level === c.value).length)]);
  return rows;
}
const unitsOf = county => units.filter(u => u.properties.county === county || String(u.properties.county).endsWith(" " + county));
function goTo(feature) {
  const box = new maplibregl.LngLatBounds();
  (function extend(node) {
    if (typeof node[0] === "number") box.extend(node);
    else node.forEach(extend);
  })(feature.geometry.coordinates);
  map.fitBounds(box, { padding: 60, maxZoom: 12, duration: 0 });
}

function pointer() {
  const pointLayers = data.points.map(p => "points-" + p.id);
  const under = event => {
    const visible = pointLayers.filter(id => map.getLayoutProperty(id, "visibility") === "visible");
    const [point] = visible.length ? map.queryRenderedFeatures(event.point, { layers: visible }) : [];
    if (point) return { kind: "point", title: data.points.find(p => "points-" + p.id === point.layer.id).title, properties: point.properties };
    const [unit] = map.queryRenderedFeatures(event.point, { layers: ["units-fill"] });
    return unit ? { kind: "unit", feature: units[unit.id - 1] } : null;
  };
  map.on("click", event => choose(under(event)));
  map.on("mousemove", event => {
    const thing = under(event);
    const box = byId("hover");
    map.setFilter("over", ["==", ["id"], thing && thing.kind === "unit" ? thing.feature.id : -1]);
    map.getCanvas().style.cursor = thing ? "pointer" : "";
    box.hidden = !thing;
    if (!thing) return;
    let text = thing.kind === "unit" ? thing.feature.properties.name : both(thing.title) + " " + (thing.properties.id || thing.properties.rank || "");
    const theme = state.theme;
    if (thing.kind === "unit" && theme.kind === "units") {
      const found = classOf(theme.style, thing.feature.properties[themeField(theme)]);
      text += ": " + (found ? both(found.words) : say("none"));
    }
    box.textContent = text;
    const stage = byId("stage");
    box.style.left = Math.min(event.point.x + 14, stage.clientWidth - 180) + "px";
    box.style.top = event.point.y + 14 + "px";
  });
  map.on("mouseout", () => { byId("hover").hidden = true; });
}

// Side: layers, charts, table

function layersTab() {
  byId("themes-title").textContent = say("themes");
  byId("points-title").textContent = say("points");
  byId("opacity-label").firstElementChild.textContent = say("opacity");
  byId("themes").replaceChildren(...data.themes.map(theme => {
    const radio = make("input", { type: "radio", name: "theme", value: theme.id, onchange: () => { state.theme = theme; moment(); showTheme(); } });
    radio.checked = theme === state.theme;
    return make("label", {}, [radio, document.createTextNode(both(theme.title))]);
  }));
  const box = (id, title, symbol) => {
    const check = make("input", { type: "checkbox", value: id, onchange: () => { state.shown[id] = check.checked; showPoints(); legend(); } });
    check.checked = !!state.shown[id];
    return make("label", {}, [check, ...(symbol ? [symbol] : []), document.createTextNode(title)]);
  };
  byId("points").replaceChildren(...data.points.map(p => box(p.id, `${both(p.title)} (${p.data.features.length})`, symbolOf(p))),
    box("names", say("names")), box("townships", say("townships")), box("counties", say("counties")));
  moment();
}
function moment() {
  const group = byId("moment");
  group.hidden = !state.theme.before;
  group.setAttribute("aria-label", say("moment"));
  group.replaceChildren(...[false, true].map(after => make("button", {
    type: "button", role: "radio", "aria-checked": String(state.after === after), text: say(after ? "after" : "before"),
    onclick: () => { state.after = after; moment(); showTheme(); } })));
}

function levelChart() {
  const counties = data.counties.features.map(f => f.properties.name);
  const width = 330, row = 20, left = 96, bar = width - left - 6;
  const svg = drawing("svg", { viewBox: `0 0 ${width} ${counties.length * row + 4}`, role: "img", "aria-label": say("levels") });
  counties.forEach((county, i) => {
    svg.append(drawing("text", { x: left - 6, y: i * row + 14, "text-anchor": "end" }, county.length > 14 ? county.slice(0, 13) + "…" : county));
    const own = unitsOf(county);
    const all = own.reduce((sum, u) => sum + (u.properties.area_km2 || 0), 0);
    let x = left;
    for (const c of data.styles.risk.classes) {
      const part = own.filter(u => u.properties.level === c.value).reduce((sum, u) => sum + u.properties.area_km2, 0);
      if (!part) continue;
      const w = bar * part / all;
      const rect = drawing("rect", { x, y: i * row + 2, width: w, height: row - 4, fill: c.colour, stroke: "#fff", "stroke-width": 0.5 });
      rect.append(drawing("title", {}, `${county} ${both(c.words)}: ${percent(part / all)}`));
      svg.append(rect);
      x += w;
    }
  });
  return make("figure", {}, [make("figcaption", { text: say("levels") }), svg]);
}
function tick(whole) {
  const power = 10 ** Math.floor(Math.log10(whole / 5));
  return [1, 2, 5, 10].map(f => f * power).find(step => whole / step <= 6);
}
function curveChart(curve) {
  const width = 330, height = 190, left = 42, bottom = 34, top = 8, right = 12;
  const mostX = Math.max(1, ...curve.points.map(p => p[0]));
  const mostY = Math.min(1, 1.1 * Math.max(curve.goal || 0, 0.01, ...curve.points.map(p => p[1])));
  const x = v => left + (width - left - right) * v / mostX;
  const y = v => height - bottom - (height - top - bottom) * v / mostY;
  const svg = drawing("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": both(curve.title) });
  for (let v = 0; v <= mostY * 1.0001; v += tick(mostY)) {
    svg.append(drawing("line", { x1: left, x2: width - right, y1: y(v), y2: y(v), stroke: "#ddd" }),
      drawing("text", { x: left - 4, y: y(v) + 4, "text-anchor": "end" }, +(100 * v).toFixed(1) + " %"));
  }
  for (let v = 0; v <= mostX * 1.0001; v += tick(mostX))
    svg.append(drawing("text", { x: x(v), y: height - bottom + 14, "text-anchor": "middle" }, +v.toFixed(2)));
  svg.append(drawing("text", { x: (left + width) / 2, y: height - 4, "text-anchor": "middle" }, both(curve.x)));
  if (curve.goal)
    svg.append(drawing("line", { x1: left, x2: width - right, y1: y(curve.goal), y2: y(curve.goal), stroke: "#de2d26", "stroke-dasharray": "5 4" }));
  svg.append(drawing("path", { d: curve.points.map((p, i) => (i ? "L" : "M") + x(p[0]).toFixed(1) + " " + y(p[1]).toFixed(1)).join(""), fill: "none", stroke: "#006d2c", "stroke-width": 2 }));
  const last = curve.points[curve.points.length - 1];
  svg.append(drawing("text", { x: x(last[0]), y: y(last[1]) - 5, "text-anchor": "end", "font-weight": "bold" }, percent(last[1])));
  return make("figure", {}, [make("figcaption", { text: both(curve.title) }), svg]);
}

function sorted() {
  const field = data.fields.find(f => f.id === state.sort) || data.fields[0];
  const value = u => u.properties[field.id];
  const order = state.down ? -1 : 1;
  return [...units].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === y) return 0;
    if (x === null || x === undefined) return 1; // without data last, either way
    if (y === null || y === undefined) return -1;
    return order * (typeof x === "number" ? x - y : String(x).localeCompare(String(y), "zh"));
  });
}
function tableTab() {
  byId("download").textContent = say("download");
  const head = make("tr", {}, data.fields.map(f => make("th", { scope: "col", "aria-sort": state.sort !== f.id ? "none" : state.down ? "descending" : "ascending" }, [
    make("button", { type: "button", text: both(f.title) + (state.sort === f.id ? (state.down ? " ▼" : " ▲") : ""),
      onclick: () => { state.down = state.sort === f.id ? !state.down : f.kind !== "text"; state.sort = f.id; tableTab(); } })])));
  const rows = sorted().map(u => make("tr", { "data-id": u.id, tabindex: 0, onclick: () => pick(u),
    onkeydown: event => { if (event.key === "Enter") pick(u); } },
    data.fields.map(f => make("td", { class: f.kind === "number" || f.kind === "share" ? "figure" : false, text: shown(f, u.properties[f.id]) }))));
  byId("table").tHead.replaceChildren(head);
  byId("table").tBodies[0].replaceChildren(...rows);
}
function pick(unit) {
  goTo(unit);
  choose({ kind: "unit", feature: unit });
}
// A text that a spreadsheet would run as a formula gets an apostrophe in front.
function cell(value) {
  let text = value === null || value === undefined ? "" : String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = "'" + text;
  return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}
function download() {
  const lines = [data.fields.map(f => cell(both(f.title))).join(","), ...sorted().map(u => data.fields.map(f =>
    cell(["text", "number", "share"].includes(f.kind) ? u.properties[f.id] : shown(f, u.properties[f.id]))).join(","))];
  const url = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
  const link = make("a", { href: url, download: "townships.csv" });
  link.click();
  URL.revokeObjectURL(url);
}
function aboutTab() {
  const rows = [[say("modelledLayers"), data.modelled], [say("source"), data.source], [say("made"), data.maker], [say("date"), data.date], [say("program"), data.program]];
  byId("tab-about").replaceChildren(make("p", { text: data.notes }), ...rows.filter(r => r[1]).flatMap(([name, value]) => [make("h2", { text: name }), make("p", { text: value })]),
    make("h2", { text: "MapLibre GL JS" }), make("p", {}, [make("a", { href: "maplibre-licence.txt", text: "BSD-3-Clause" })]));
}
function tabs() {
  const names = ["layers", "charts", "table", "about"];
  byId("tabs").replaceChildren(...names.map(name => make("button", { type: "button", role: "tab", id: "to-" + name, "aria-selected": String(state.tab === name),
    "aria-controls": "tab-" + name, tabindex: state.tab === name ? 0 : -1, text: say(name), onclick: () => openTab(name),
    onkeydown: event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      openTab(names[(names.indexOf(name) + step + names.length) % names.length]);
      byId("to-" + state.tab).focus();
    } })));
  for (const name of names) byId("tab-" + name).hidden = state.tab !== name;
}
function openTab(name) {
  state.tab = name;
  tabs();
  fillTab();
}
function fillTab() { // the hidden ones are filled when they are opened
  if (state.tab === "charts") byId("tab-charts").replaceChildren(levelChart(), ...data.curves.map(curveChart));
  if (state.tab === "table") tableTab();
  if (state.tab === "about") aboutTab();
}

// Search

const things = [
  ...data.counties.features.map(feature => ({ name: feature.properties.name, code: feature.properties.code, go: () => { goTo(feature); choose({ kind: "county", feature }); } })),
  ...units.map(feature => ({ name: feature.properties.name, code: String(feature.properties.code || ""), go: () => pick(feature) })),
  ...data.points.flatMap(points => points.data.features.filter(f => f.properties.id).map(feature => ({
    name: String(feature.properties.id), code: "", title: points.title, go: () => {
      state.shown[points.id] = true; layersTab(); showPoints();
      map.jumpTo({ center: feature.geometry.coordinates, zoom: 12 });
      choose({ kind: "point", title: points.title, properties: feature.properties });
    } }))),
];
let found = [];
let marked = 0;
function search() {
  const text = byId("query").value.trim().toLowerCase();
  const rank = thing => {
    const name = thing.name.toLowerCase();
    if (name === text || thing.code === text) return 0;
    if (name.startsWith(text) || thing.code.startsWith(text)) return 1;
    return name.includes(text) || thing.code.includes(text) ? 2 : 9;
  };
  found = text ? things.map(thing => [rank(thing), thing]).filter(([r]) => r < 9).sort((a, b) => a[0] - b[0]).slice(0, 30).map(([, thing]) => thing) : [];
  marked = 0;
  const list = byId("found");
  list.replaceChildren(...(text && !found.length ? [make("li", { text: say("nothing") })] : found.map((thing, i) =>
    make("li", { role: "option", id: "found-" + i, "aria-selected": String(i === 0), onmousedown: event => { event.preventDefault(); take(i); } },
      [document.createTextNode(thing.name + " "), make("small", { text: thing.title ? both(thing.title) : thing.code })]))));
  list.hidden = !text;
  byId("query").setAttribute("aria-expanded", String(!list.hidden));
}
function take(i) {
  if (!found[i]) return;
  byId("found").hidden = true;
  byId("query").setAttribute("aria-expanded", "false");
  found[i].go();
}
function searchKeys(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) {
    event.preventDefault();
    marked = (marked + step + found.length) % found.length;
    [...byId("found").children].forEach((item, i) => {
      item.setAttribute("aria-selected", String(i === marked));
      if (i === marked) item.scrollIntoView({ block: "nearest" });
    });
    byId("query").setAttribute("aria-activedescendant", "found-" + marked);
  } else if (event.key === "Enter") {
    event.preventDefault();
    take(marked);
  } else if (event.key === "Escape") {
    byId("found").hidden = true;
  }
}

function speak() { // all words, in the language chosen
  document.documentElement.lang = state.language;
  document.title = both(data.title);
  byId("title").textContent = both(data.title);
  byId("subtitle").textContent = [data.date, data.maker].filter(Boolean).join(" · ");
  byId("secrecy").textContent = data.secrecy;
  byId("secrecy").hidden = !data.secrecy;
  byId("modelled").textContent = say("modelled");
  byId("modelled").title = data.modelled;
  byId("modelled").hidden = !data.modelled;
  byId("query").placeholder = say("search");
  byId("query").setAttribute("aria-label", say("search"));
  byId("language").textContent = say("language");
  byId("print").textContent = say("print");
  byId("map").setAttribute("aria-label", say("map"));
  tabs();
  layersTab();
  fillTab();
}

state.theme = data.themes[0];
Object.assign(state.shown, { names: true, townships: true, counties: true });
speak();
byId("language").addEventListener("click", () => {
  state.language = state.language === "zh" ? "en" : "zh";
  speak();
  legend();
  if (state.chosen) choose(state.chosen);
});
byId("print").addEventListener("click", () => window.print());
byId("download").addEventListener("click", download);
byId("opacity").addEventListener("input", event => { state.opacity = event.target.value / 100; showOpacity(); });
byId("query").addEventListener("input", search);
byId("query").addEventListener("keydown", searchKeys);
byId("query").addEventListener("blur", () => { byId("found").hidden = true; });
byId("search").addEventListener("submit", event => event.preventDefault());
document.addEventListener("keydown", event => { if (event.key === "Escape" && state.chosen) choose(null); });
map.on("load", () => {
  addLayers();
  addLabels();
  pointer();
  showTheme();
  map.on("moveend", places);
  map.on("resize", places);
  map.once("idle", () => { document.body.dataset.ready = "true"; });
});
window.riskmapAtlas = { map, state, units, choose };
})();
