import { describe, expect, it, vi } from "vitest";
import { Explorer, type View } from "../src/explorer";
import { answerOf, isRefusal, ServiceError } from "../src/service";
import { DESCRIPTION, tenDays } from "./helpers/sample";

function answers(...given: readonly (Response | Error)[]) {
  const left = [...given];
  const fetched = vi.fn(() => {
    const next = left.shift();
    return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error("no more"));
  });
  vi.stubGlobal("fetch", fetched);
  vi.stubGlobal("document", { documentElement: { lang: "es" } });
  return fetched;
}

const json = (document: unknown, status = 200) => new Response(JSON.stringify(document), { status });

describe("a portal that does not answer", () => {
  it("is missed, and asked for everything again", async () => {
    const fetched = answers(new TypeError("Failed to fetch"), json(tenDays()));
    const explorer = new Explorer(DESCRIPTION, "", false);
    const seen: View[] = [];
    explorer.add({ show: (view) => void seen.push(view) });
    await explorer.start();
    expect(explorer.view).toMatchObject({ state: "failed", lacking: true, cube: null });
    await explorer.again();
    expect(explorer.view).toMatchObject({ state: "there", lacking: false, attempt: 1 });
    expect(seen.map(({ state }) => state)).toEqual(["asked", "asked", "failed", "asked", "there"]);
    explorer.lack(new TypeError("rows"));
    expect(explorer.view).toMatchObject({ state: "there", lacking: true });
    await explorer.again(); // the counts are at hand
    expect(fetched).toHaveBeenCalledTimes(2);
    expect(explorer.view).toMatchObject({ state: "there", lacking: false, attempt: 2 });
  });

  it("is none that refuses: then its words are all there is", async () => {
    answers(json({ error: "team: did you mean Team 1?" }, 400));
    const explorer = new Explorer(DESCRIPTION, "team=7", false);
    await explorer.start();
    expect(explorer.view).toMatchObject({ state: "failed", lacking: false, problem: "team: did you mean Team 1?" });
    explorer.lack(new ServiceError("", 400));
    expect(explorer.view.lacking).toBe(false);
  });

  it.each([
    ["{\"error\": \"team: which?\"}", "team: which?"],
    ["{\"error\": 7}", ""],
    ["<html>", ""],
    ["", ""],
  ])("leaves no connection waiting after %o", async (body, message) => {
    const refused = new Response(body, { status: 404 });
    const fetched = answers(refused);
    await expect(answerOf("/places")).rejects.toMatchObject({ message, status: 404 });
    expect(refused.bodyUsed).toBe(true);
    expect(fetched).toHaveBeenCalledWith("/places", { signal: null, headers: { Accept: "application/json", "Accept-Language": "es" } });
  });

  it.each([
    [new ServiceError("", 400), true],
    [new ServiceError("", 404), true],
    [new ServiceError("", 429), false],
    [new ServiceError("", 503), false],
    [new ServiceError("", 0), false],
    [new TypeError("Failed to fetch"), false],
  ])("%o is a refusal: %s", (error, refused) => {
    expect(isRefusal(error)).toBe(refused);
  });
});
