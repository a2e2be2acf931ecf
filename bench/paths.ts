import { join } from 'node:path';

/** The folder of the compiled benchmark. */
export const COMPILED = import.meta.dirname;
/** The root of the repository. */
export const ROOT = join(COMPILED, '../../..');
export const BENCH = join(ROOT, 'bench');
export const PEERS = join(BENCH, 'peers');
