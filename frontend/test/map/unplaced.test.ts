import { expect, it } from "vitest";
import { asksFor } from "../../src/map/unplaced";

it("offers rows without a place but to who asks for them already", () => {
  expect(asksFor({ kept: [["longitude__empty", "yes"]] }, "longitude")).toBe(true);
  expect(asksFor({ kept: [["longitude__empty", "no"], ["team__empty", "yes"]] }, "longitude")).toBe(false);
});
