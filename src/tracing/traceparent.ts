/** The request of a caller that this one is part of. */
export interface TraceParent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** Of the caller's span: 16 hex digits. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

const HEADER =
  /^(?!ff)(?<version>[\da-f]{2})-(?<traceId>(?!0{32})[\da-f]{32})-(?<spanId>(?!0{16})[\da-f]{16})-(?<flags>[\da-f]{2})(?<rest>-.*)?$/;
const SAMPLED = 1;

/**
 * Reads the header of W3C Trace Context, level 1. Later versions begin like the present one, and may go on.
 *
 * @returns undefined if it is absent or invalid
 */
export function parseTraceparent(header: string | undefined): TraceParent | undefined {
  const groups = header === undefined ? undefined : HEADER.exec(header)?.groups;
  if (groups === undefined || (groups['version'] === '00' && groups['rest'] !== undefined)) {
    return undefined;
  }
  const { traceId = '', spanId = '', flags = '' } = groups;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}
