import { describe, expect, it, vi } from "vitest";
import { Explorer } from "../src/explorer";
import { DESCRIPTION } from "./helpers/sample";

describe("the faces of a page", () => {
  it("follow a change where one of them fails, and the browser is told", () => {
    const told = vi.fn();
    vi.stubGlobal("reportError", told);
    const explorer = new Explorer(DESCRIPTION, "", false);
    const failing = { show: vi.fn() };
    const other = { show: vi.fn() };
    explorer.add(failing);
    explorer.add(other);
    failing.show.mockImplementation(() => {
      throw new RangeError("no such day");
    });
    explorer.brush({ first: 1, end: 2 });
    expect(other.show).toHaveBeenCalledTimes(2);
    expect(told).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });

  it("have work with a change after the question is on its way", async () => {
    const order: string[] = [];
    vi.stubGlobal("document", { documentElement: { lang: "en" } });
    vi.stubGlobal("fetch", () => {
      order.push("asked");
      return Promise.reject(new TypeError("away"));
    });
    const explorer = new Explorer(DESCRIPTION, "", false);
    explorer.add({ show: () => order.push("shown") });
    order.length = 0;
    await explorer.set({ words: "king" });
    expect(order).toEqual(["asked", "shown", "shown"]);
    vi.unstubAllGlobals();
  });
});
