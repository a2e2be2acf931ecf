/** What probes ask. They have no key. */
export const PROBE_PATHS = /^\/health(\/|$)/i;
