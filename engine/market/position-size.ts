/** What a position is sized from. */
export interface SizingRule {
  /** Account value and the share of it that may be lost on one trade. */
  readonly equityUsd: number;
  readonly riskShare: number;
  readonly stopTicks: number;
  readonly slipTicks: number;
  readonly tickValueUsd: number;
  /** Commission and fees of a round turn, one contract. */
  readonly roundTurnUsd: number;
}

/** Returns how many contracts the risk allows, rounded down, and what one of them risks; 0 contracts: no trade. */
export function positionSize(rule: SizingRule): { contracts: number; riskPerContractUsd: number } {
  const { equityUsd, riskShare, stopTicks, slipTicks, tickValueUsd, roundTurnUsd } = rule;
  const riskPerContractUsd = (stopTicks + slipTicks) * tickValueUsd + roundTurnUsd;
  return {
    contracts: Math.floor((equityUsd * riskShare) / riskPerContractUsd),
    riskPerContractUsd,
  };
}
