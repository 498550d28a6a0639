import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';

/** Tells a process from every other one, also of another machine, another container or an earlier start. */
export interface ProcessIdentity {
  /** Machine, boot and namespace of processes: only within one place does the number of a process mean anything. */
  readonly place: string;
  readonly host: string;
  readonly pid: number;
  /** Its start in clock ticks since the boot; null where the system does not tell. */
  readonly startedAt: number | null;
}

/** What is known of a process: `unknown` where it cannot be seen from here. */
export type ProcessFate = 'runs' | 'gone' | 'unknown';

/** Reads what Linux tells of processes; empty elsewhere. */
function told(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** Names the place of this process. Containers of one machine have one boot, so that the namespace tells them apart. */
function placeOf(): string {
  const boot = told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const namespace = told(() => readlinkSync('/proc/self/ns/pid'));
  return [hostname(), boot, namespace].join(' ');
}

/** Returns the start of a process; null where the system does not tell, or shows one that has ended already. */
function startOf(pid: number): number | null {
  const stat = told(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name in brackets, with anything in it. State is the third, start the 22nd.
  const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startedAt = Number(fields[18] ?? Number.NaN);
  return 'ZX'.includes(state) || !Number.isFinite(startedAt) ? null : startedAt;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Returns the identity of a process of this place. */
export function identityOf(pid: number): ProcessIdentity {
  return { place: placeOf(), host: hostname(), pid, startedAt: startOf(pid) };
}

/** Returns whether a process is one of this place. */
export function isOfThisPlace({ place }: ProcessIdentity): boolean {
  return place === placeOf();
}

/** Returns whether a process still runs; the number may be that of a later one by now. */
export function fateOf(identity: ProcessIdentity): ProcessFate {
  if (!isOfThisPlace(identity)) return 'unknown';
  if (!isThere(identity.pid)) return 'gone';
  const startedAt = startOf(identity.pid);
  if (identity.startedAt === null || startedAt === null) return 'unknown';
  return startedAt === identity.startedAt ? 'runs' : 'gone';
}
