import type { Host } from '#engine/cli/host.ts';
import { OrderflowError } from '#engine/errors.ts';
import { wordsOf } from './peers.ts';
import type { Passwords } from './session.ts';

const leastCharacters = 12;
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** Returns a secret of the environment, or of the file that the environment names. */
function secretOf({ env, readText }: Pick<Host, 'env' | 'readText'>, name: string): string | null {
  const file = env[`${name}_FILE`];
  const secret = ((file ? readText(file) : env[name]) ?? '').trim();
  if (secret !== '') return secret;
  // Whoever names a file wants a password: without it the door must not stand open.
  if (file) throw new OrderflowError('OF_CLI_FILE', { file, was: 'absent, unreadable or empty' });
  return null;
}

function isBehindProxy({ env }: Pick<Host, 'env'>): boolean {
  return ['ORDERFLOW_HOSTS', 'ORDERFLOW_TRUST_PROXY'].some((name) => wordsOf(env[name]).length > 0);
}

/**
 * Returns the passwords of a server that listens on an address: ORDERFLOW_PASSWORD lets operators in,
 * ORDERFLOW_VIEWER_PASSWORD those who only look.
 *
 * @throws {OF_CLI_FILE} when the environment names a file that holds no password.
 * @throws {OF_WEB_PASSWORD} when the server can be reached from elsewhere and operators have none, or a short one.
 */
export function readPasswords(host: Pick<Host, 'env' | 'readText'>, address: string): Passwords {
  const operator = secretOf(host, 'ORDERFLOW_PASSWORD');
  const viewer = secretOf(host, 'ORDERFLOW_VIEWER_PASSWORD');
  // A proxy on this machine brings people from elsewhere to the loopback.
  const isOpen = !loopback.has(address) || isBehindProxy(host);
  const isShort = [operator, viewer].some((text) => text !== null && text.length < leastCharacters);
  if (isShort || (isOpen && operator === null)) {
    const was = isShort ? 'shorter' : 'absent';
    throw new OrderflowError('OF_WEB_PASSWORD', { address, least: leastCharacters, was });
  }
  return { operator, viewer };
}
