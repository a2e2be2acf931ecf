export const RISK_TIERS = ['LOW', 'MEDIUM', 'HIGH'] as const;

export type RiskTier = (typeof RISK_TIERS)[number];

/** @param probability unrounded; each threshold is the least probability of its tier */
export function riskTier(probability: number, thresholds: { medium: number; high: number }): RiskTier {
  if (probability >= thresholds.high) {
    return 'HIGH';
  }
  return probability >= thresholds.medium ? 'MEDIUM' : 'LOW';
}
