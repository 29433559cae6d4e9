/** What came of a question to a service, where that is no answer. */

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
