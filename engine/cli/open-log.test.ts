import { describe, expect, it } from 'vitest';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { Log } from '../runtime/ports.ts';
import { readArguments } from './arguments.ts';
import { HostDouble } from './host-double.ts';
import { runCommandLine } from './main.ts';
import { isOnKafka, logNameOf, logOption, openLog, openLogBeside } from './open-log.ts';

/** A host that tells which log it was asked for. */
class AskedHost extends HostDouble {
  readonly asked: string[] = [];

  override openLocalLog(): Log {
    this.asked.push('local');
    return new FaultyLog();
  }

  override async openKafkaLog(): Promise<Log> {
    this.asked.push('kafka');
    return new FaultyLog();
  }
}

const words = (...given: string[]) =>
  readArguments({ name: 'x', words: [], options: [logOption] }, given);

describe('the log of a command', () => {
  it('is in the home folder, unless it is asked for on Kafka', async () => {
    const host = new AskedHost([]);
    await openLog(host, words(), 'owner');
    await openLog(host, words('--log', 'local'), 'guest');
    await openLog(host, words('--log', 'kafka'), 'owner');
    expect(host.asked).toEqual(['local', 'local', 'kafka']);
    expect(logNameOf(host, words())).toBe('data/log');
    expect(logNameOf(host, words('--log', 'kafka'))).toBe('Kafka at 127.0.0.1:9092');
    expect(() => isOnKafka(words('--log', 'paper'))).toThrow(/local or kafka, was 'paper'/);
  });

  it('is not made by looking at it', async () => {
    const host = new AskedHost([]);
    expect(await openLogBeside(host, words())).toBe(null);
    expect(host.asked).toEqual([]);
    expect(await openLogBeside(host, words('--log', 'kafka'))).not.toBe(null);
  });

  it('on Kafka is never set aside', async () => {
    const host = new AskedHost(['run', 'a.flow.yaml', '--log', 'kafka', '--fresh']);
    host.files.set('a.flow.yaml', 'flow: a\nversion: 1.0.0\ninstruments: [ES]\nnodes: {}\n');
    expect(await runCommandLine(host)).toBe(2);
    expect(host.errors).toMatch(/another KAFKA_PREFIX begins a new log/);
    expect(host.asked).toEqual([]);
  });
});
