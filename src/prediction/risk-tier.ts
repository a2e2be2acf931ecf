export const RISK_TIERS = ['LOW', 'MEDIUM', 'HIGH'] as const;

export type RiskTier = (typeof RISK_TIERS)[number];

/** @param probability unrounded; each threshold is the least probability of its tier */
export function riskTier(probability: number, thresholds: { medium: number; high: number }): RiskTier {
  if (probability >= thresholds.high) {
    return 'HIGH';
  }
  return probability >= thresholds.medium ? 'MEDIUM' : 'LOW';
}

/** The tier of each probability, as its index in RISK_TIERS. Adding takes half the time of branches, which are mispredicted. */
export function riskTierCodes(
  probabilities: Float64Array,
  { medium, high }: { medium: number; high: number },
): Uint8Array {
  const codes = new Uint8Array(probabilities.length);
  for (let row = 0; row < codes.length; row++) {
    const probability = probabilities[row] ?? NaN;
    codes[row] = Number(probability >= medium) + Number(probability >= high);
  }
  return codes;
}
