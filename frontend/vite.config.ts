/** Builds src/start.ts into modules that browsers load as they are: no inline script, no maps of the source. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { firstView } from "./first-view";

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
      input: fileURLToPath(new URL("src/start.ts", import.meta.url)),
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "explore[extname]",
      },
    },
  },
});
