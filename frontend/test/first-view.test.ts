import { gzipSync } from "node:zlib";
import type { Rollup } from "vite";
import { describe, expect, it } from "vitest";
import { firstViewBytes, firstViewChunks } from "../first-view";

const chunk = (code: string, imports: string[] = [], dynamicImports: string[] = [], facadeModuleId = "/src/x/x.ts") =>
  ({ type: "chunk", code, imports, dynamicImports, facadeModuleId }) as unknown as Rollup.OutputChunk;

const BUNDLE: Rollup.OutputBundle = {
  "start.js": chunk("start", ["shared.js"], ["bar.js", "map.js"]),
  "shared.js": chunk("shared", ["start.js"]),
  "bar.js": chunk("bar", ["shared.js", "words.js"]),
  "words.js": chunk("words"),
  "map.js": chunk("map", ["big.js"], [], "/frontend/src/map/map.ts"),
  "big.js": chunk("big"),
  "explore.css": { type: "asset", source: "a{}" } as unknown as Rollup.OutputAsset,
  "picture.svg": { type: "asset", source: "<svg/>" } as unknown as Rollup.OutputAsset,
};

describe("the first view", () => {
  it("is what the entry imports and the faces that it loads at once, without the map", () => {
    expect([...firstViewChunks(BUNDLE, "start.js")].sort()).toEqual(["bar.js", "shared.js", "start.js", "words.js"]);
  });

  it("weighs each of them once, and the styles", () => {
    const weigh = (texts: string[]) => texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
    expect(firstViewBytes(BUNDLE, "start.js")).toBe(weigh(["start", "shared", "bar", "words", "a{}"]));
  });
});
