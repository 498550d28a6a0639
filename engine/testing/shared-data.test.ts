import { afterAll, expect, it, vi } from 'vitest';

vi.stubEnv('ORDERFLOW_DATA', 'no-such-folder');
vi.stubEnv('CI', '');
const warn = vi.spyOn(console, 'warn').mockReturnValue();
const { describeWithData, readShared } = await import('./shared-data.ts');

let looked = 0;
describeWithData('figures of a day', ['expected/day.json'], () => {
  looked++;
  readShared('expected/day.json');
});
const said = warn.mock.calls.flat();

afterAll(() => {
  vi.unstubAllEnvs();
  warn.mockRestore();
});

it('skips tests whose data is absent without looking into them, and says so', () => {
  expect(looked).toBe(0);
  expect(said).toEqual([
    expect.stringMatching(
      /^skipped: figures of a day: no expected\/day\.json in .*no-such-folder \(set ORDERFLOW_DATA\)$/,
    ),
  ]);
});
