/** One leaf of a guard as it was evaluated: both sides, and by how much it held or missed. */
export interface Leaf {
  /** What is compared, in plain words or as written in the flow. */
  readonly text: string;
  /** The `why` label of the flow, if it has one. */
  readonly why?: string;
  readonly ok: boolean;
  readonly left?: number | string | boolean | null;
  readonly op?: string;
  readonly right?: number | string | boolean | null;
  /** Slack in `unit`: >= 0 when it holds, negative by what is missing. Absent where no distance makes sense. */
  readonly margin?: number;
  readonly unit?: string;
  /** Set when the leaf could not be evaluated; an error is never false. */
  readonly error?: string;
}
