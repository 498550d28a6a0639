// `npm run check`: every check of the house, two at a time, one line each, problems below it.
import { availableParallelism } from 'node:os';
import { type Check, checks } from './checks.ts';

/** Problems shown of one check; the rest is counted. */
const shown = 40;

interface Outcome {
  readonly seconds: string;
  readonly problems: readonly string[];
}

async function outcomeOf(check: Check, root: string): Promise<Outcome> {
  const begun = performance.now();
  const problems = await check.run(root).catch((error: unknown) => [String(error)]);
  return { seconds: ((performance.now() - begun) / 1000).toFixed(1), problems };
}

function print({ name, todo }: Check, { seconds, problems }: Outcome): void {
  const verdict = problems.length === 0 ? 'ok' : `${problems.length} to mend: ${todo}`;
  console.log(`${name.padEnd(10)} ${seconds.padStart(5)} s  ${verdict}`);
  for (const problem of problems.slice(0, shown)) console.log(`  ${problem}`);
  if (problems.length > shown) console.log(`  … and ${problems.length - shown} more`);
}

const root = process.cwd();
const begun = performance.now();
const waiting = [...checks];
const outcomes = new Map<Check, Outcome>();
const work = async (): Promise<void> => {
  for (let check = waiting.shift(); check; check = waiting.shift())
    outcomes.set(check, await outcomeOf(check, root));
};
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
for (const check of checks) print(check, outcomes.get(check)!);
const red = checks.filter((check) => outcomes.get(check)!.problems.length > 0);
const verdict =
  red.length === 0 ? 'all green' : `red: ${red.map((check) => check.name).join(', ')}`;
console.log(
  `check      ${((performance.now() - begun) / 1000).toFixed(1).padStart(5)} s  ${verdict}`,
);
process.exitCode = red.length === 0 ? 0 : 1;
