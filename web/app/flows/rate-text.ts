/** Writes how many records a second some ports write together: `12/s`, a dash while none comes or nothing is measured. */
export function rateText(
  rates: Readonly<Record<string, number>> | undefined,
  ports: readonly string[],
): string {
  const sum = ports.reduce((all, port) => all + (rates?.[port] ?? 0), 0);
  if (sum === 0) return '–';
  return `${sum < 10 ? sum.toFixed(1) : Math.round(sum)}/s`;
}
