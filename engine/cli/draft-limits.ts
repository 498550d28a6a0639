import { dirname, relative, resolve } from 'node:path';
import type { CompiledFlow } from '../flow/flow-input.ts';
import { withoutValues } from '../flow/process-variables.ts';
import type { Host } from './host.ts';

/** Variables whose names say that they are meant for flows. */
const flowPrefix = 'ORDERFLOW_FLOW_';
const reference = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)/g;

/** The variables of the process that a text names. */
function namesIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(reference)].map(([, name]) => name ?? ''));
}

/**
 * What a text from the editor may read. Whoever reaches the pages is not whoever started the process: a draft gets no
 * variable and no file that the flow on disk could not have had for what stands there already.
 */
export class DraftLimits {
  private readonly host: Host;
  private readonly file: string;
  private readonly known: ReadonlySet<string>;
  private readonly asked = new Set<string>();
  private readonly wrong = new Set<string>();

  /**
   * @param file - The flow's file.
   * @param onDisk - What that holds now.
   */
  constructor(host: Host, file: string, onDisk: string) {
    this.host = host;
    this.file = file;
    const listed = (host.env['ORDERFLOW_ENV_ALLOW'] ?? '').split(/[\s,]+/).filter(Boolean);
    this.known = new Set([...namesIn(onDisk), ...listed]);
  }

  /** Tells limits apart: with the same, a text gives the same. */
  get key(): string {
    return [...this.known].sort().join();
  }

  /** Whether the text may read a variable; files beside it that are on disk may read what they name. */
  mayRead(name: string, from: string): boolean {
    const may = from !== this.file || this.isOpen(name);
    (may ? this.asked : this.wrong).add(name);
    return may;
  }

  /** Whether the text may name a file as its fragment: YAML of the flow's own folder, and of those in it. */
  mayOpen(path: string): boolean {
    const folder = resolve(this.host.cwd, dirname(this.file));
    const inside = relative(folder, resolve(this.host.cwd, path));
    return /\.ya?ml$/.test(inside) && !inside.startsWith('..');
  }

  /** Variables the text names and must not read, once it was compiled; ascending. */
  refused(text: string): readonly string[] {
    const named = [...namesIn(text)].filter((name) => !this.isOpen(name));
    return [...new Set([...named, ...this.wrong])].sort();
  }

  /** What was found of the text, without values of the process. */
  hide({ graph, lints }: CompiledFlow): CompiledFlow {
    const { env } = this.host;
    const used = Object.fromEntries([...this.asked].map((name) => [name, env[name] ?? '']));
    return {
      graph,
      lints: lints.map((lint) => ({
        ...lint,
        message: withoutValues(lint.message, used),
        ...(lint.fix === undefined ? {} : { fix: withoutValues(lint.fix, used) }),
      })),
    };
  }

  private isOpen(name: string): boolean {
    return name.startsWith(flowPrefix) || this.known.has(name);
  }
}
