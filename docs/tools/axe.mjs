// Run axe-core over built pages, and take a picture of each:
//
//     cd docs/tools && npm install && node axe.mjs SHOTS_FOLDER page.html ...
//
// Exit code 1 when a finding is serious or critical. CHROMIUM names the browser.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [shots, ...pages] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(shots, { recursive: true });

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
let serious = 0;
for (const scheme of ["light", "dark"]) {
  for (const path of pages) {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(pathToFileURL(resolve(path)).href, { waitUntil: "load" });
    const name = `${basename(dirname(resolve(path)))}-${basename(path, ".html")}-${scheme}`;
    await page.screenshot({ path: join(shots, `${name}.png`) });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    for (const found of violations) {
      const grave = ["serious", "critical"].includes(found.impact);
      serious += grave ? 1 : 0;
      console.log(`${grave ? "!" : " "} ${name}: ${found.impact} ${found.id} (${found.nodes.length}): ${found.help}`);
      if (grave) console.log(found.nodes.slice(0, 3).map((n) => `    ${n.target}  ${n.html.slice(0, 120)}  ${(n.any[0]?.message ?? "").slice(0, 160)}`).join("\n"));
    }
    if (violations.length === 0) console.log(`  ${name}: nothing found`);
    await page.close();
  }
}
await browser.close();
process.exit(serious ? 1 : 0);
