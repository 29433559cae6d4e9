/** Builds the entries of src/ into modules that browsers load as they are: no inline script, no maps of the source. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { firstView } from "./first-view";

/** MapLibre is left as it comes, in a folder of its version in vendor/: its worker is a file beside it. */
const LIBRARY = "maplibre-gl";
const { version } = JSON.parse(readFileSync(new URL(`node_modules/${LIBRARY}/package.json`, import.meta.url), "utf8")) as { version: string };
const VENDOR = `../vendor/${LIBRARY}/${version}`;
const entry = (name: string): string => fileURLToPath(new URL(`src/${name}.ts`, import.meta.url));

export default defineConfig({
  // Chunks lie beside their entry, wherever the portal is mounted.
  base: "./",
  publicDir: false,
  define: { MAPLIBRE: JSON.stringify(VENDOR) },
  plugins: [firstView()],
  build: {
    target: "es2022",
    emptyOutDir: true,
    // Pages find the names of their entries here (ckanext/cpdi/static.py).
    manifest: "manifest.json",
    sourcemap: false,
    // Styles come with the page: nothing moves when the script is there.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: [entry("start"), entry("maps")],
      external: [LIBRARY],
      output: {
        paths: { [LIBRARY]: `${VENDOR}/${LIBRARY}.mjs` },
        // Each name has a hash of the content, so that browsers keep the file for good.
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        // The style of all modules is one file; that of maps comes with them.
        assetFileNames: ({ names }) => (names.includes("map.css") ? "map-[hash][extname]" : "explore-[hash][extname]"),
      },
    },
  },
});
