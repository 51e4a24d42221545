// SPDX-License-Identifier: MIT
// Drives the web atlas in headless Chromium, from the disk: atlas.mjs ATLAS_FOLDER [PICTURE]
// ATLAS_FOLDER holds web/ of a run of the demo city, and hostile/ of a city with bad names.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { chromium } from "playwright-core";

const [folder, picture] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});

/// Opens an atlas and notes what must not happen: errors, requests that leave the folder.
async function open(name, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, acceptDownloads: true, ...options });
  const faults = [];
  const place = "file://" + resolve(folder, name) + "/";
  page.on("console", message => { if (["error", "warning"].includes(message.type()) && !/GPU stall|GL Driver|WebGL/.test(message.text())) faults.push(message.text()); });
  page.on("pageerror", error => faults.push(String(error)));
  page.on("dialog", dialog => { faults.push("dialog: " + dialog.message()); dialog.dismiss(); });
  page.on("request", request => {
    const url = request.url();
    if (!url.startsWith(place) && !/^(data|blob):/.test(url)) faults.push("leaves the page: " + url);
  });
  const start = Date.now();
  await page.goto(place + "index.html");
  await page.waitForSelector("body[data-ready=true]");
  return { page, faults, seconds: (Date.now() - start) / 1000 };
}
const text = (page, selector) => page.locator(selector).innerText();
let checks = 0;
async function check(what, body) {
  try {
    await body();
    checks += 1;
  } catch (error) {
    console.error(`FAILED: ${what}`);
    throw error;
  }
}

const { page, faults, seconds } = await open("web");
console.log(`loaded in ${seconds.toFixed(2)} s`);

await check("the title and the mark of modelled data stand there", async () => {
  assert.match(await text(page, "#title"), /绍兴/);
  assert.equal(await text(page, "#modelled"), "含模拟数据");
});
await check("all townships, sites and rasters are there", async () => {
  const counts = await page.evaluate(() => ({
    units: window.riskmapAtlas.units.length, points: window.ATLAS.points.reduce((n, p) => n + p.data.features.length, 0),
    images: Object.keys(window.ATLAS_IMAGES).length }));
  assert.equal(counts.units, 103);
  assert.ok(counts.points > 2400, `${counts.points} points`);
  assert.ok(counts.images >= 9, `${counts.images} rasters`);
});
await check("a raster lies where its corners are", async () => {
  // The colour of the picture at a place on the map is that of the level of the style.
  const seen = await page.evaluate(async () => {
    const { map } = window.riskmapAtlas;
    const whole = map.getBounds();
    map.jumpTo({ center: [120.6, 30], zoom: 12 }); // a pixel of the picture is several of the screen
    const borders = ["townships", "counties", "cities"];
    for (const id of borders) map.setLayoutProperty(id, "visibility", "none");
    document.getElementById("opacity").value = 100;
    document.getElementById("opacity").dispatchEvent(new Event("input"));
    await new Promise(done => { map.once("idle", done); map.triggerRepaint(); });
    const image = window.ATLAS_IMAGES.risk_level[0];
    const [[west, north], , [east, south]] = image.corners;
    const picture = new Image();
    picture.src = image.src;
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(picture, 0, 0);
    const mercator = lat => Math.log(Math.tan(Math.PI / 4 + lat * Math.PI / 360));
    const gl = map.getCanvas().getContext("webgl2") || map.getCanvas().getContext("webgl");
    const scale = map.getCanvas().width / map.getCanvas().clientWidth;
    let same = 0, all = 0;
    for (let x = 20; x < map.getCanvas().clientWidth; x += 23) for (let y = 20; y < map.getCanvas().clientHeight; y += 23) {
      const at = map.unproject([x, y]);
      const px = Math.floor((at.lng - west) / (east - west) * picture.width);
      const py = Math.floor((mercator(north) - mercator(at.lat)) / (mercator(north) - mercator(south)) * picture.height);
      const near = [-1, 0, 1].flatMap(dx => [-1, 0, 1].map(dy => [...context.getImageData(px + dx, py + dy, 1, 1).data].join()));
      if (new Set(near).size > 1 || near[0].endsWith(",0")) continue; // at an edge, or nothing there
      const pixel = new Uint8Array(4);
      gl.readPixels(Math.round(x * scale), Math.round(map.getCanvas().height - y * scale), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      const wanted = near[0].split(",").map(Number);
      all += 1;
      if ([0, 1, 2].every(c => Math.abs(pixel[c] - wanted[c]) <= 3)) same += 1;
    }
    map.fitBounds(whole, { duration: 0 });
    for (const id of borders) map.setLayoutProperty(id, "visibility", "visible");
    return { same, all };
  });
  assert.ok(seen.all > 100, `${seen.all} places`);
  assert.ok(seen.same / seen.all > 0.98, `${seen.same} of ${seen.all}`);
});
await check("the legend tells area and people of every level", async () => {
  const legend = await text(page, "#legend");
  for (const word of ["高", "中高", "中低", "低", "km²", "人口"]) assert.ok(legend.includes(word), legend);
});
await check("a click on a township tells its figures", async () => {
  const at = await page.evaluate(() => {
    const { map, units } = window.riskmapAtlas;
    const point = map.project(units.find(u => u.properties.code === "330681001").properties.place);
    const box = map.getCanvas().getBoundingClientRect();
    return { x: box.x + point.x, y: box.y + point.y };
  });
  await page.mouse.move(at.x, at.y);
  assert.ok((await text(page, "#hover")).length > 0);
  await page.mouse.click(at.x, at.y);
  const info = await text(page, "#info");
  const unit = await page.evaluate(() => window.riskmapAtlas.state.chosen.feature.properties);
  assert.ok(info.includes(unit.name) && info.includes(unit.code), info);
  assert.ok(info.includes(Math.round(unit.people).toLocaleString("en-US")), info);
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#info").isHidden());
});
await check("search finds a county, by keyboard", async () => {
  await page.locator("#query").fill("诸暨");
  assert.match(await page.locator("#found li").first().innerText(), /诸暨市 ?330681/);
  await page.keyboard.press("Enter");
  assert.match(await text(page, "#info"), /诸暨市/);
  await page.locator("#query").fill("330624");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator("#found li[aria-selected=true]").count(), 1);
  await page.keyboard.press("Escape");
  await page.locator("#query").fill("nowhere");
  assert.match(await text(page, "#found"), /没有找到/);
  await page.locator("#query").fill("");
});
await check("the language changes everywhere and back", async () => {
  await page.click("#language");
  assert.match(await text(page, "#title"), /Natural-disaster risk of/);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  assert.match(await text(page, "#themes"), /composite risk index/);
  assert.match(await text(page, "#legend"), /upper middle/);
  await page.click("#language");
  assert.match(await text(page, "#themes"), /综合风险指数/);
});
await check("a plan is shown before and after", async () => {
  await page.check("input[value=people_served]");
  const after = await text(page, "#legend");
  await page.locator("#moment button").first().click();
  const before = await text(page, "#legend");
  assert.notEqual(before, after);
  assert.match(before, /现状/);
  await page.locator("#moment button").last().click();
});
await check("every theme draws without a fault", async () => {
  for (const radio of await page.locator("#themes input").all()) {
    await radio.check();
    await page.waitForTimeout(30);
  }
  await page.check("input[value=risk_level]");
});
await check("points are drawn and answer", async () => {
  await page.check("#points input[value=shelters_new]");
  await page.evaluate(() => new Promise(done => { window.riskmapAtlas.map.once("idle", done); window.riskmapAtlas.map.triggerRepaint(); }));
  assert.match(await text(page, "#legend"), /150/);
  await page.locator("#query").fill("C0641");
  await page.keyboard.press("Enter");
  assert.match(await text(page, "#info"), /C0641/);
  await page.keyboard.press("Escape");
  await page.locator("#query").fill("");
});
await check("tabs go by arrow keys; charts show every county and curve", async () => {
  await page.focus("#to-layers");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator("#tab-charts figure").count(), 4);
  const chart = await page.locator("#tab-charts figure:first-child svg").textContent();
  for (const county of ["越城区", "柯桥区", "上虞区", "新昌县", "诸暨市", "嵊州市"]) assert.ok(chart.includes(county), chart);
  assert.ok(await page.locator("#tab-charts figure:first-child rect").count() >= 12);
});
await check("the table sorts and is downloaded", async () => {
  await page.click("#to-table");
  assert.equal(await page.locator("#table tbody tr").count(), 103);
  const column = page.locator("#table thead button", { hasText: "人口" }).first();
  await column.click();
  const index = await page.evaluate(() => window.ATLAS.fields.findIndex(f => f.id === "people"));
  const people = await page.evaluate(i => [...document.querySelectorAll("#table tbody tr")].map(row => Number(row.cells[i].textContent.replaceAll(",", ""))), index);
  assert.ok(people.every((n, i) => i === 0 || people[i - 1] >= n), "falls");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
  const csv = readFileSync(await download.path(), "utf8");
  assert.equal(csv.trim().split("\n").length, 104);
  assert.ok(csv.includes("诸暨市"));
  await page.locator("#table tbody tr").first().focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator("#info").isVisible());
  await page.keyboard.press("Escape");
  await page.click("#to-layers");
});
await check("it prints the map and its legend alone", async () => {
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator("#side").isHidden());
  assert.ok(await page.locator("#legend").isVisible());
  await page.emulateMedia({ media: "screen" });
});
if (picture) {
  await page.evaluate(() => new Promise(done => {
    const { map, state } = window.riskmapAtlas;
    state.shown.names = state.shown.townships = true;
    for (const id of ["townships", "counties"]) map.setLayoutProperty(id, "visibility", "visible");
    map.fitBounds(map.getBounds(), { duration: 0 });
    map.once("idle", done); map.triggerRepaint();
  }));
  await page.reload();
  await page.waitForSelector("body[data-ready=true]");
  await page.screenshot({ path: picture });
}
await check("nothing failed and nothing left the page", () => assert.deepEqual(faults, []));

const phone = await open("web", { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
await check("it fits a phone", async () => {
  const width = await phone.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `${width} px wide`);
  const box = await phone.page.locator("#stage").boundingBox();
  assert.ok(box.height > 250, `${box.height} px of map`);
  await phone.page.locator("#stage").tap({ position: { x: 195, y: 150 } });
  assert.deepEqual(phone.faults, []);
});

if (existsSync(resolve(folder, "hostile"))) {
  const { page: bad, faults: badFaults } = await open("hostile");
  await check("names are text, whatever they hold", async () => {
    for (const tab of ["charts", "table", "about", "layers"]) await bad.click("#to-" + tab);
    await bad.locator("#query").fill("script");
    await bad.keyboard.press("Enter");
    assert.match(await text(bad, "#info"), /<script>/);
    assert.equal(await bad.evaluate(() => window.hacked), undefined);
    assert.equal(await bad.locator("img").count(), 0);
    assert.deepEqual(badFaults, []);
  });
}
await browser.close();
console.log(`${checks} checks passed`);
