/**
 * Runs the journeys, two files at a time, or those whose files are named. What fails beside another is
 * run again by itself, on a stage of its own: then it has the machine that its patience is meant for.
 * What fails twice is broken.
 */
import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";

const here = import.meta.dirname;
const asked = process.argv.slice(2).map((name) => basename(name));
const files = asked.length ? asked : (await readdir(here)).filter((name) => name.endsWith(".test.mjs")).sort();

/** Runs one file, and shows what it said when it is over; whether it passed. */
function passes(file) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--test", "--test-reporter=spec", join(here, file)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said = [];
    child.stdout.on("data", (part) => said.push(part));
    child.on("error", reject);
    child.on("close", (code) => {
      process.stdout.write(`\n${file}\n${Buffer.concat(said)}`);
      resolve(code === 0);
    });
  });
}

async function run(queue, atOnce) {
  const failed = [];
  const left = [...queue];
  const work = async () => {
    for (let file = left.shift(); file; file = left.shift()) if (!(await passes(file))) failed.push(file);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed;
}

const failed = await run(files, 2);
const broken = await run(failed, 1);
const shaky = failed.filter((file) => !broken.includes(file));
if (shaky.length) console.log(`Passed only when run again by themselves: ${shaky.join(", ")}`);
if (broken.length) console.error(`Failed: ${broken.join(", ")}`);
process.exitCode = broken.length ? 1 : 0;
