/** A draft as a browser keeps it. */
export interface StoredDraft {
  readonly text: string;
  /** sha256 of the file it began with. */
  readonly base: string;
  /** When it was changed last: milliseconds since 1970. */
  readonly at: number;
}

/** A draft of the same flow that another window wrote, or one that is closed. */
export interface OtherDraft extends StoredDraft {
  readonly key: string;
}

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const windowItem = 'orderflow.window';

function newName(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(36)).join('');
}

function readDraft(text: string | null): StoredDraft | null {
  try {
    const draft = JSON.parse(text ?? 'null') as Partial<StoredDraft> | null;
    if (typeof draft?.text !== 'string' || typeof draft.base !== 'string') return null;
    return { text: draft.text, base: draft.base, at: draft.at ?? 0 };
  } catch {
    return null;
  }
}

/**
 * Keeps the drafts of one flow, each window its own: two windows never write over each other. A draft whose window was
 * closed is taken up by the next that is opened.
 */
export class DraftStore {
  private readonly shared: Shelf;
  private readonly own: Shelf;
  private readonly prefix: string;

  /**
   * @param shared - What all windows see.
   * @param own - What this window alone sees, and a reload of it.
   */
  constructor(flow: string, shared: Shelf, own: Shelf) {
    this.shared = shared;
    this.own = own;
    this.prefix = `orderflow.draft.${flow}`;
  }

  /** Returns the draft of this window, else the newest one there is, which is then this window's; null without any. */
  takeUp(): StoredDraft | null {
    try {
      const kept = readDraft(this.shared.getItem(this.key));
      if (kept) return kept;
      const [newest] = this.others();
      if (!newest) return null;
      this.keep(newest);
      // A window that is still open is told of it, and keeps its own again.
      this.remove(newest.key);
      return newest;
    } catch {
      return null;
    }
  }

  /** Keeps a draft through closing and loading of the page; null when there is none any more. */
  keep(draft: Omit<StoredDraft, 'at'> | null): void {
    try {
      if (!draft) this.shared.removeItem(this.key);
      else {
        const { text, base } = draft;
        const known = readDraft(this.shared.getItem(this.key));
        if (known?.text === text && known.base === base) return;
        this.shared.setItem(this.key, JSON.stringify({ text, base, at: Date.now() }));
      }
    } catch {
      // A browser without room for it: the draft lives as long as the page.
    }
  }

  /** Drafts of other windows, newest first. */
  others(): readonly OtherDraft[] {
    const found: OtherDraft[] = [];
    for (let i = 0; i < this.shared.length; i += 1) {
      const key = this.shared.key(i) ?? '';
      if (key === this.key || !this.isOfFlow(key)) continue;
      const draft = readDraft(this.shared.getItem(key));
      if (draft) found.push({ ...draft, key });
    }
    return found.sort((a, b) => b.at - a.at);
  }

  /** Removes the draft of another window; one that is open keeps its own again. */
  remove(key: string): void {
    this.shared.removeItem(key);
  }

  /** Whether a key holds a draft of this flow. */
  isOfFlow(key: string): boolean {
    return key === this.prefix || key.startsWith(`${this.prefix}/`);
  }

  /**
   * Notes that another window changed a key. One that writes under the name of this window is its copy, made by the
   * browser: this one goes by another name from then on.
   */
  changed(key: string, value: string | null): void {
    if (key === this.key && value !== null) this.own.setItem(windowItem, newName());
  }

  private get key(): string {
    const known = this.own.getItem(windowItem);
    const name = known ?? newName();
    if (known === null) this.own.setItem(windowItem, name);
    return `${this.prefix}/${name}`;
  }
}
