import { describe, expect, it } from 'vitest';
import { HostDouble } from './host-double.ts';
import { Progress } from './progress.ts';

describe('a progress bar', () => {
  it('shows share, count, rate and time left on a terminal', () => {
    const host = new HostDouble([], true);
    const bar = new Progress(host, 'replaying');
    host.now = 2_000;
    bar.show(0.5, 3_000_000, 'rows');
    expect(host.errors).toContain(
      'replaying  [████████████············]  50 %  3.00 M rows  1.50 M/s  2.0 s left',
    );
    expect(host.written).toBe('');
  });

  it('is drawn ten times a second at most, and removed at the end', () => {
    const host = new HostDouble([], true);
    const bar = new Progress(host, 'replaying');
    bar.show(0.1, 1, 'rows');
    const first = host.errors;
    host.now = 50;
    bar.show(0.2, 2, 'rows');
    expect(host.errors).toBe(first);
    bar.end();
    expect(host.errors.endsWith('\r\u001B[2K')).toBe(true);
  });

  it('writes nothing into a pipe', () => {
    const host = new HostDouble([]);
    const bar = new Progress(host, 'replaying');
    bar.show(0.5, 10, 'rows');
    bar.end();
    expect(host.errors).toBe('');
  });
});
