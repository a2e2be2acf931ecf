/** A worker tells the supervisor that it is alive. */
export const HEARTBEAT = 'heartbeat';

/** The supervisor tells a worker that another serves in its place, so that it should finish and end. */
export const RETIRE = 'retire';

/** Heartbeats in STALL_TIMEOUT_MS. */
export const HEARTBEATS_PER_STALL = 4;
