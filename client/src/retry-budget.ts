const RETRIES_PER_CALL = 0.1;
const MOST_SAVED = 10;

/**
 * Allows one retry for every ten calls, and ten at the start. Without it, callers that retry would multiply the load of a service
 * that has too much already.
 */
export class RetryBudget {
  private saved = MOST_SAVED;

  /** Saves up for a call. */
  earn(): void {
    this.saved = Math.min(MOST_SAVED, this.saved + RETRIES_PER_CALL);
  }

  /** Pays for a retry. @returns whether there was enough */
  spend(): boolean {
    const isAllowed = this.saved >= 1;
    this.saved -= isAllowed ? 1 : 0;
    return isAllowed;
  }
}
