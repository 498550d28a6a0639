import type { Output } from './host.ts';

const escape = '\u001B[';

/** Draws lines over the ones it drew before, on a terminal. What was drawn last stays when it ends. */
export class Screen {
  private readonly output: Output;
  private readonly isColoured: boolean;
  private drawn = 0;

  constructor(output: Output, isColoured: boolean) {
    this.output = output;
    this.isColoured = isColoured;
  }

  /** Draws; lines that begin in the first column are headings. */
  draw(lines: readonly string[]): void {
    const start = this.drawn === 0 ? `${escape}?25l` : `${escape}${this.drawn}A\r`;
    const text = lines.map((line) => `${this.paint(line)}${escape}K\n`).join('');
    this.output.write(`${start}${text}${escape}J`);
    this.drawn = lines.length;
  }

  /** Gives the cursor back. */
  end(): void {
    if (this.drawn > 0) this.output.write(`${escape}?25h`);
    this.drawn = 0;
  }

  private paint(line: string): string {
    return this.isColoured && !line.startsWith(' ') ? `${escape}1m${line}${escape}0m` : line;
  }
}
