import type { SaidLeaf } from '#engine/inspect/say-why.ts';

const marks: Readonly<Record<SaidLeaf['verdict'], readonly [glyph: string, word: string]>> = {
  held: ['✔', 'held'],
  missed: ['✖', 'missed'],
  error: ['⚠', 'error'],
};

/** What a guard compared, one line each; the first that did not hold is named as what blocked. */
export function Leaves({
  leaves,
  firstBlocker,
}: {
  readonly leaves: readonly SaidLeaf[];
  /** Place of the comparison that blocked; -1 marks none. */
  readonly firstBlocker: number;
}) {
  return (
    <div className="table-scroll">
      <table className="leaves">
        <thead>
          <tr>
            <th scope="col">condition</th>
            <th scope="col">had</th>
            <th scope="col">needed</th>
            <th scope="col">result</th>
          </tr>
        </thead>
        <tbody>
          {leaves.map((leaf, i) => {
            const [glyph, word] = marks[leaf.verdict];
            return (
              // The same comparison may stand in a guard twice.
              // biome-ignore lint/suspicious/noArrayIndexKey: their order is what tells them apart
              <tr key={`${leaf.label} ${i}`} className={`leaf-${leaf.verdict}`}>
                <th scope="row">
                  {leaf.label}
                  {i === firstBlocker ? <span className="blocker"> ← first blocker</span> : null}
                </th>
                <td className="num">{leaf.had ?? leaf.error ?? '—'}</td>
                <td className="num">{leaf.op === null ? '—' : `${leaf.op} ${leaf.needed}`}</td>
                <td>
                  <span className="leaf-mark" aria-hidden="true">
                    {glyph}
                  </span>{' '}
                  {word}
                  {leaf.by === null ? '' : ` by ${leaf.by}`}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The place of the first comparison that did not hold. */
export function firstMissed(leaves: readonly SaidLeaf[]): number {
  return leaves.findIndex(({ verdict }) => verdict !== 'held');
}
