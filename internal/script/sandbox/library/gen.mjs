// Puts the libraries for scripts beside this file, out of the packages that
// package.json names, with their licences. With --check it only compares.
import { readFileSync, writeFileSync } from "node:fs";

const files = {
  "crypto-js.js": "crypto-js/crypto-js.js",
  "crypto-js.LICENSE": "crypto-js/LICENSE",
  "moment.js": "moment/min/moment.min.js",
  "moment.LICENSE": "moment/LICENSE",
  "moment-timezone.js": "moment-timezone/builds/moment-timezone-with-data.min.js",
  "moment-timezone.LICENSE": "moment-timezone/LICENSE",
};

for (const [name, from] of Object.entries(files)) {
  const to = new URL(name, import.meta.url);
  const text = readFileSync(new URL(`node_modules/${from}`, import.meta.url), "utf8").replaceAll("\r\n", "\n").replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n");
  if (!process.argv.includes("--check")) writeFileSync(to, text);
  else if (readFileSync(to, "utf8") !== text) {
    console.error(`${name} is not that of its package: run make gen`);
    process.exitCode = 1;
  }
}
