import { hostname } from 'node:os';

/**
 * What the name of a file tells: `predictions-20261126T150000123Z-pod-7-41.ndjson` was begun at that time by process 41 of the
 * host pod-7. Closed and compressed it ends in `.ndjson.gz`, and while it is compressed in `.ndjson.gz.part`.
 */
export interface RecordFileName {
  /** Without the owner and the ending. */
  readonly base: string;
  readonly beganAt: string;
  readonly host: string;
  /** The process that writes or compresses it. */
  readonly ownerPid: number;
  readonly kind: 'plain' | 'compressed' | 'partial';
}

const NAME =
  /^(?<base>predictions-(?<beganAt>\d{8}T\d{9}Z)-(?<host>.+?)-(?<pid>\d+))(?:\.by-(?<owner>\d+))?\.ndjson(?<ending>|\.gz|\.gz\.part)$/;

const KINDS = { '': 'plain', '.gz': 'compressed', '.gz.part': 'partial' } as const;

/** Of this machine, or pod. */
export const HOST = hostname().replace(/[^\w.-]/g, '_');

/** The time of day, by which the names and the file system go. */
export function timeOfDayMs(): number {
  return new Date().getTime();
}

let latestMs = 0;

/** @returns a name that this process has not used before */
export function newRecordFileName(): string {
  latestMs = Math.max(timeOfDayMs(), latestMs + 1);
  const beganAt = new Date(latestMs).toISOString().replace(/[-:.]/g, '');
  return `predictions-${beganAt}-${HOST}-${process.pid}.ndjson`;
}

/** @returns undefined if the file is none of the log */
export function parseRecordFileName(name: string): RecordFileName | undefined {
  const { base, beganAt, host, pid, owner = pid, ending } = NAME.exec(name)?.groups ?? {};
  if (base === undefined || beganAt === undefined || host === undefined) {
    return undefined;
  }
  return {
    base,
    beganAt,
    host,
    ownerPid: Number(owner),
    kind: KINDS[(ending ?? '') as keyof typeof KINDS],
  };
}

/** Names of the same file in its later life. `plain` is that of a file whose owner has changed. */
export function laterNames(
  { base }: RecordFileName,
  ownerPid: number,
): { plain: string; partial: string; compressed: string } {
  const plain = `${base}.by-${ownerPid}.ndjson`;
  return { plain, partial: `${plain}.gz.part`, compressed: `${base}.ndjson.gz` };
}
