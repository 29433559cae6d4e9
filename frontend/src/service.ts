/** Asks services, and says what came of a question where that is no answer. */

/** A service answered with an error: `message` is for people, or empty where it says nothing that is meant for them. */
export class ServiceError extends Error {
  readonly status: number;

  /** `status` is 0 where the service could not be reached. */
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Whether a service refused a question, so that it is no use to ask it again; else it was busy, or away. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ServiceError && error.status >= 400 && error.status < 500 && error.status !== 429;
}

/**
 * Return the answer of a service, its body unread. Throws ServiceError with the words of a refusal: they are read here,
 * since a browser keeps the connection of a body that nobody reads, and has six of them for a portal. They are in the
 * language of the page.
 */
export async function answerOf(address: string, signal: AbortSignal | null = null, accept = "application/json"): Promise<Response> {
  // eslint-disable-next-line no-restricted-globals -- the only one
  const answer = await fetch(address, { signal, headers: { Accept: accept, "Accept-Language": document.documentElement.lang } });
  if (!answer.ok) throw new ServiceError(wordsOf(await answer.text().catch(() => "")), answer.status);
  return answer;
}

/** What a refusal says; empty where it says nothing that is meant for people. */
function wordsOf(body: string): string {
  try {
    const said: unknown = JSON.parse(body);
    const text = said && typeof said === "object" && "error" in said ? said.error : "";
    return typeof text === "string" ? text : "";
  } catch {
    return "";
  }
}
