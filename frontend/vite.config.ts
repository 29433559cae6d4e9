/** Builds the entries of src/ into modules that browsers load as they are: no inline script, no maps of the source. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { firstView } from "./first-view";

/** MapLibre is left as it comes, in vendor/: its worker is a file beside it. */
const LIBRARY = "maplibre-gl";
const entry = (name: string): string => fileURLToPath(new URL(`src/${name}.ts`, import.meta.url));

export default defineConfig({
  // Chunks lie beside their entry, wherever the portal is mounted.
  base: "./",
  publicDir: false,
  plugins: [firstView()],
  build: {
    target: "es2022",
    emptyOutDir: true,
    sourcemap: false,
    // Styles come with the page: nothing moves when the script is there.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: [entry("start"), entry("maps")],
      external: [LIBRARY],
      output: {
        paths: { [LIBRARY]: `../vendor/${LIBRARY}/${LIBRARY}.mjs` },
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        // The style of all modules is one file; that of maps comes with them.
        assetFileNames: ({ names }) => (names.includes("map.css") ? "map[extname]" : "explore[extname]"),
      },
    },
  },
});
