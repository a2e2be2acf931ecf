import { Counter, type Registry } from 'prom-client';

export interface TotalCounterOptions {
  readonly name: string;
  readonly help: string;
  readonly total: () => number;
}

/** A counter whose total is kept elsewhere. */
export function totalCounter(registry: Registry, { name, help, total }: TotalCounterOptions): void {
  let counted = 0;
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      const now = total();
      this.inc(now - counted);
      counted = now;
    },
  });
}
