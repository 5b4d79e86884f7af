/**
 * Pictures for the manual, small enough to be kept beside it: a picture of a
 * screen has few colours, so that one byte for each dot is enough.
 */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32, deflateSync, inflateSync } from "node:zlib";

const images = join(import.meta.dirname, "..", "..", "docs", "images");

/** None is larger, in bytes. */
const limit = 80_000;

/**
 * Takes a picture of the page, or of a part of it: for the manual if
 * TANDEM_DOCS_SHOTS=1, else into TANDEM_SHOTS; none if neither is set.
 */
export async function picture(page, name, clip) {
  const manual = process.env.TANDEM_DOCS_SHOTS === "1";
  const folder = manual ? images : process.env.TANDEM_SHOTS;
  if (!folder) return;
  await page.mouse.move(0, 0); // on nothing that would look chosen
  const small = shrink(await page.screenshot({ clip, caret: "hide", animations: "disabled" }));
  assert.ok(small.length <= limit, `the picture ${name} has ${small.length} bytes: show less`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.png`), small);
}

/** The same picture in at most 256 colours: others become the nearest of those. */
function shrink(png) {
  const { width, height, dots } = decode(png);
  const palette = choose(dots);
  const indexes = new Map(palette.map((colour, i) => [colour, i]));
  const rows = Buffer.alloc((width + 1) * height); // each after a byte for its filter: none
  dots.forEach((dot, i) => {
    if (!indexes.has(dot)) indexes.set(dot, nearest(palette, dot));
    rows[i + Math.floor(i / width) + 1] = indexes.get(dot);
  });
  const head = Buffer.from(png.subarray(16, 29));
  head[8] = 8; // bits
  head[9] = 3; // of an index
  return Buffer.concat([
    png.subarray(0, 8),
    chunk("IHDR", head),
    chunk("PLTE", Buffer.from(palette.flatMap(parts))),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const parts = (dot) => [dot >> 16, (dot >> 8) & 255, dot & 255];

/** The colours that are most frequent; and of the others those that none of these is like, so that a small sign keeps its own. */
function choose(dots) {
  const counts = new Map();
  for (const dot of dots) counts.set(dot, (counts.get(dot) ?? 0) + 1);
  const chosen = [];
  for (const [dot] of [...counts].sort(([, a], [, b]) => b - a)) {
    if (chosen.length === 256) break;
    if (chosen.length < 64 || distance(chosen[nearest(chosen, dot)], dot) > 150) chosen.push(dot);
  }
  return chosen;
}

const distance = (a, b) => parts(a).reduce((sum, part, i) => sum + (part - parts(b)[i]) ** 2, 0);

function nearest(palette, dot) {
  let best = 0;
  for (let i = 1; i < palette.length; i++) if (distance(palette[i], dot) < distance(palette[best], dot)) best = i;
  return best;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** The dots of a PNG as the browser makes them: true colour, eight bits, in one pass. */
function decode(png) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const size = { 2: 3, 6: 4 }[png[25]];
  assert.ok(size && png[24] === 8 && png[28] === 0, "not a PNG as browsers make them");
  const data = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") data.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * size;
  const dots = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    const row = unfilter(raw[start], raw.subarray(start + 1, start + 1 + stride), above, size);
    for (let x = 0; x < width; x++) {
      dots[y * width + x] = (row[x * size] << 16) | (row[x * size + 1] << 8) | row[x * size + 2];
    }
    above = row;
  }
  return { width, height, dots };
}

/** A row as it was before its filter, which tells each byte by those to the left and above. */
function unfilter(filter, coded, above, size) {
  const row = new Uint8Array(coded.length);
  for (let i = 0; i < row.length; i++) {
    const left = i < size ? 0 : row[i - size];
    const corner = i < size ? 0 : above[i - size];
    row[i] = coded[i] + [0, left, above[i], (left + above[i]) >> 1, paeth(left, above[i], corner)][filter];
  }
  return row;
}

function paeth(left, above, corner) {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((x) => Math.abs(guess - x));
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}
