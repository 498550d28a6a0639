/** Moments that two files must share row by row before they are taken for the same prints: equal prints do happen. */
const mostSharedMoments = 8;

/** The rows of one file at one time. */
export interface Moment {
  readonly at: number;
  /** Where the span begins that the rows sum up; null for single prints. */
  readonly from: number | null;
  /** Equal for equal rows. */
  readonly rows: string;
  /** Nothing else of the file is written before the others have their turn. */
  readonly isAlone: boolean;
}

/** Tells when two files hold the same part of the market: its volume would count double. */
export class OverlapWatch {
  readonly #lastAt = new Map<string, number>();
  #last: { readonly file: string; readonly moment: Moment } | null = null;
  #shared = 0;

  /** Notes the rows written next; returns the other file when both hold the same. */
  twin(file: string, moment: Moment): string | null {
    this.#lastAt.set(file, moment.at);
    return moment.from === null ? this.#printedBy(file, moment) : this.#inside(file, moment.from);
  }

  /** A bar or footprint minute sums up all its time; rows of another file inside it say the same again. */
  #inside(file: string, from: number): string | null {
    for (const [other, at] of this.#lastAt) if (other !== file && at > from) return other;
    return null;
  }

  #printedBy(file: string, moment: Moment): string | null {
    const last = this.#last;
    if (last === null || last.file === file || last.moment.at !== moment.at) {
      if (last !== null || !moment.isAlone) this.#shared = 0;
      this.#last = { file, moment };
      return null;
    }
    const isSame = last.moment.isAlone && moment.isAlone && last.moment.rows === moment.rows;
    this.#shared = isSame ? this.#shared + 1 : 0;
    this.#last = null;
    return this.#shared >= mostSharedMoments ? last.file : null;
  }
}
