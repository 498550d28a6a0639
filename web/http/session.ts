import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a person may do: look, or also command. */
export type Role = 'viewer' | 'operator';

/** A browser that has been let in. */
export interface Session {
  readonly id: string;
  readonly role: Role;
  /** Goes back with every command, so that another page cannot give one. */
  readonly csrf: string;
}

/** Passwords by role; without any, everyone on this machine is an operator. */
export interface Passwords {
  readonly operator: string | null;
  readonly viewer: string | null;
}

const mostSessions = 500;
/** A session that nobody used for so long is over: no request, and no window that is open. */
const longestIdleMs = 3_600_000;
/** However much it is used, one logs in once a day. */
const longestMs = 86_400_000;

interface KeptSession extends Session {
  readonly begun: number;
  used: number;
}

function isSameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Returns one cookie of a request. */
function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name && value !== undefined) return value;
  }
  return null;
}

/** The sessions of a server. They live as long as it does, and no longer than a day. */
export class Sessions {
  private readonly passwords: Passwords;
  private readonly cookie: string;
  private readonly now: () => number;
  private readonly sessions = new Map<string, KeptSession>();

  /** @param port - Two servers on one machine share their cookies: the name tells them apart. */
  constructor(passwords: Passwords, port: number, now: () => number) {
    this.passwords = passwords;
    this.cookie = `orderflow_${port}`;
    this.now = now;
  }

  /** Whether one has to log in. */
  get needsPassword(): boolean {
    return this.passwords.operator !== null || this.passwords.viewer !== null;
  }

  /** Returns the session of a request's cookies, which is used by that; null when it has none, or it is over. */
  of(cookies: string | undefined): Session | null {
    const id = cookieOf(cookies, this.cookie);
    const session = id === null ? undefined : this.sessions.get(id);
    if (!session) return null;
    const now = this.now();
    if (now - session.used >= longestIdleMs || now - session.begun >= longestMs) {
      this.close(session);
      return null;
    }
    session.used = now;
    return session;
  }

  /** Lets a browser in without a password; null when one is needed. */
  open(): Session | null {
    return this.needsPassword ? null : this.create('operator');
  }

  /** Lets a browser in; null when the password fits no role. */
  logIn(password: string): Session | null {
    for (const role of ['operator', 'viewer'] as const) {
      const wanted = this.passwords[role];
      if (wanted !== null && isSameText(password, wanted)) return this.create(role);
    }
    return null;
  }

  /** Ends a session. */
  close({ id }: Session): void {
    this.sessions.delete(id);
  }

  /** The header that gives the browser its session; over TLS it is never sent without. */
  setCookie({ id }: Session, isSecure: boolean): string {
    return `${this.cookie}=${id}; ${this.marks(isSecure)}`;
  }

  /** The header that takes it away. */
  clearCookie(isSecure: boolean): string {
    return `${this.cookie}=; Max-Age=0; ${this.marks(isSecure)}`;
  }

  private marks(isSecure: boolean): string {
    return `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  }

  private create(role: Role): Session {
    const now = this.now();
    const session = {
      id: randomBytes(24).toString('base64url'),
      role,
      csrf: randomBytes(24).toString('base64url'),
      begun: now,
      used: now,
    };
    this.sessions.set(session.id, session);
    if (this.sessions.size > mostSessions) {
      const [oldest] = this.sessions.keys();
      if (oldest !== undefined) this.sessions.delete(oldest);
    }
    return session;
  }
}

/** Whether a token is the session's own. */
export function isCsrfToken(session: Session, token: string | undefined): boolean {
  return token !== undefined && isSameText(token, session.csrf);
}
