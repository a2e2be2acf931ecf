/** As taskset takes it. */
export const GENERATOR_CORE = '1';

export const IS_QUICK = process.argv.includes('--quick');

/** A figure of the plan, or what stands for it in a quick run, which shows that all runs and measures nothing. */
export function planned(full: number, quick = 1): number {
  return IS_QUICK ? quick : full;
}

export const ROUNDS = planned(3);
