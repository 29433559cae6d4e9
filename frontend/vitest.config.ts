/** Unit tests: what needs no browser. Pages are tested in chromium by tests/browser. */
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["test/**/*.test.ts"], environment: "node" } });
