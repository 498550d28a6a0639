import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { parseUtc } from '#engine';
import { bookLine, fileFolder, headers, type ReplayRun, runReplay } from './replay-fixture.ts';

const folder = fileFolder();
afterAll(() => folder.remove());

const open = parseUtc('2025-11-19T14:30:00Z');
type Format = keyof typeof headers;

/**
 * Returns rows of a format from drawn numbers; a step of time may be negative. Bars and footprints of one file lie after
 * those of the files before, for a minute is told once.
 */
function fileText(
  format: Format,
  rows: readonly (readonly [step: number, tick: number, size: number])[],
  order = 0,
): string {
  let ts = format === 'trades' || format === 'book' ? open : open + (order + 1) * 60_000_000_000;
  const lines = rows.map(([step, tick, size], i) => {
    if (format === 'trades' || format === 'book') ts += step * 1_000;
    else if (format === 'bars' || step > 0) ts += 60_000_000;
    if (format === 'book') {
      const side = (way: number): [number, number][] =>
        Array.from({ length: size % 11 }, (_, level) => [
          (tick + way * (level + (size % 2))) / 4,
          1 + ((size * (level + 1)) % 7),
        ]);
      return bookLine(`${ts}000`, side(-1), side(1));
    }
    const price = ((format === 'footprint' ? tick + (i % 2) * 10 : tick) / 4).toFixed(2);
    if (format === 'bars') return `${ts}000,${price},${price},${price},${price},${size},,,,,`;
    if (format === 'footprint') return `${ts}000,${price},${size + 2},${size % 3},${size % 2},0`;
    const quote = size % 3 === 0 ? `${(tick - 1) / 4},${price}` : ',';
    return `${ts}000,${price},${size},${'BSN'[size % 3]},${quote}`;
  });
  return `${[headers[format], ...lines].join('\n')}\n`;
}

const rows = fc.array(
  fc.tuple(
    fc.integer({ min: -2, max: 9 }),
    fc.integer({ min: 400, max: 403 }),
    fc.integer({ min: 1, max: 50 }),
  ),
  {
    minLength: 2,
    maxLength: 900,
  },
);
const files = fc.array(
  fc.record({
    format: fc.constantFrom<Format>('trades', 'trades', 'book', 'bars', 'footprint'),
    rows,
    gzip: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

it('goes on exactly where it was stopped, nothing lost and nothing doubled', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      files,
      fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 6 }),
      async (made, stops) => {
        run += 1;
        const paths = made.map(({ format, rows: drawn, gzip }, i) => {
          const text = fileText(format, drawn, i);
          return folder.file(`${run}-${i}.csv`, gzip ? gzipSync(text) : text);
        });
        const config = { files: paths, barSeconds: 60 };
        const whole = await runReplay(config);
        expect(whole.error).toBeNull();
        const parts: ReplayRun[] = [];
        let resume: string | null = null;
        for (const stopAfter of [...stops, undefined]) {
          const part: ReplayRun = await runReplay(config, {
            resume,
            ...(stopAfter === undefined ? {} : { stopAfter }),
          });
          expect(part.error).toBeNull();
          parts.push(part);
          resume = part.resumes.at(-1) ?? resume;
        }
        expect(parts.flatMap((part) => part.rows)).toEqual(whole.rows);
        expect(resume).toEqual(whole.resumes.at(-1));
        expect((await runReplay(config, { resume })).rows).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

it('writes each row once, in the order of time and of files, however many files there are', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 4 }), async (made) => {
      run += 1;
      const paths = made.map((drawn, i) =>
        folder.file(`merge-${run}-${i}.csv`, fileText('trades', drawn)),
      );
      const merged = await runReplay({ files: paths }, { epoch: open });
      // The slow way: sort all rows by (latest time so far in their file, file, row).
      const places = made.flatMap((drawn, file) => {
        let ts = 0;
        let latest = 0;
        return drawn.map(([step, tick, size], row) => {
          ts += step * 1_000;
          latest = row === 0 ? ts : Math.max(latest, ts);
          return { latest, file, row, text: `trade ${ts} ${tick} ${size}` };
        });
      });
      places.sort((a, b) => a.latest - b.latest || a.file - b.file || a.row - b.row);
      const trades = merged.rows.filter((text) => text.startsWith('trade'));
      expect(trades.map((text) => text.split(' ').slice(0, 4).join(' '))).toEqual(
        places.map(({ text }) => text),
      );
    }),
    { numRuns: 40 },
  );
});
