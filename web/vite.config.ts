import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { build, type Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * Builds the account's pages beside the console's, apart: nothing of the one is in the
 * other. Then it leaves a brotli and a gzip copy beside each file worth compressing.
 */
function complete(): Plugin {
  const worth = /\.(js|css|html|svg)$/;
  let outDir = "";
  return {
    name: "complete",
    apply: "build",
    configResolved(config) {
      outDir = config.build.outDir;
    },
    async closeBundle() {
      await build({ mode: account, logLevel: "warn", build: { outDir, emptyOutDir: false } });
      const files = await readdir(outDir, { recursive: true });
      for (const name of files.filter((f) => worth.test(f))) {
        const path = join(outDir, name);
        const data = await readFile(path);
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        await writeFile(`${path}.br`, await promisify(brotliCompress)(data, { params }));
        await writeFile(`${path}.gz`, await promisify(gzip)(data, { level: 9 }));
      }
    },
  };
}

/** The mode in which the pages of an account's people are built; all others are the console's. */
const account = "account";

// The host stays the page's own: the server takes no changes from other origins.
const api = { target: process.env.TANDEM_URL ?? "http://127.0.0.1:8080", changeOrigin: false };

export default defineConfig(({ mode }) => ({
  base: mode === account ? "/account/" : "/console/",
  plugins: [react(), mode !== account && complete()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: mode === account ? "account.html" : "index.html",
      // What every page needs is one file; pages come when they are opened.
      output: { codeSplitting: { groups: [{ name: "base", tags: ["$initial"] }] } },
    },
  },
  server: { proxy: { "/v1.0": api, "/docs": api, "^/console/(session|invitation/|password/|sso)": api } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"], testTimeout: 10_000 },
}));
