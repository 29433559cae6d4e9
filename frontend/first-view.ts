/** A step of the build that fails when what the first view loads grows beyond what was agreed. */
import { gzipSync } from "node:zlib";
import type { Plugin, Rollup } from "vite";

/** Bytes of gzip that a page may load for its first view; the map library comes later, by itself. */
const MOST = 200_000;
const ENTRY = "start";
/** Folders of faces that are loaded when they are about to be seen. */
const LATER = /\/src\/(?:map|table)\//;

/** Return the names of the chunks of the first view: what `entry` imports, and the faces that it loads at once. */
export function firstViewChunks(bundle: Rollup.OutputBundle, entry: string): Set<string> {
  const found = new Set<string>();
  const follow = (name: string): void => {
    const chunk = bundle[name];
    if (chunk?.type !== "chunk" || found.has(name)) return;
    found.add(name);
    chunk.imports.forEach(follow);
    chunk.dynamicImports.filter((one) => !isLater(bundle[one])).forEach(follow);
  };
  follow(entry);
  return found;
}

function isLater(chunk: Rollup.OutputBundle[string] | undefined): boolean {
  return chunk?.type === "chunk" && LATER.test(chunk.facadeModuleId ?? "");
}

/** Return bytes of gzip of the modules of the first view, and of all styles. */
export function firstViewBytes(bundle: Rollup.OutputBundle, entry: string): number {
  const chunks = firstViewChunks(bundle, entry);
  let bytes = 0;
  for (const [name, output] of Object.entries(bundle)) {
    if (output.type === "chunk" && chunks.has(name)) bytes += gzipSync(output.code).length;
    if (output.type === "asset" && name.endsWith(".css")) bytes += gzipSync(output.source).length;
  }
  return bytes;
}

/** Return the plugin; it says the size of the first view, and fails the build where that is too much. */
export function firstView(): Plugin {
  return {
    name: "first-view",
    generateBundle(_options, bundle) {
      const start = Object.values(bundle).find((output) => output.type === "chunk" && output.isEntry && output.name === ENTRY);
      if (!start) this.error(`the build has no entry ${ENTRY}`);
      const bytes = firstViewBytes(bundle, start.fileName);
      if (bytes > MOST) this.error(`the first view has ${bytes} bytes of gzip, ${MOST} are agreed: load a part later`);
      this.info(`the first view has ${bytes} bytes of gzip of ${MOST}`);
    },
  };
}
