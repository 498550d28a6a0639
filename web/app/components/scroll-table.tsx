import type { ReactNode } from 'react';

/** A table that scrolls sideways in its own box where the window is narrow. */
export function ScrollTable({
  label,
  head,
  children,
}: {
  readonly label: string;
  readonly head: readonly string[];
  /** Rows. */
  readonly children: ReactNode;
}) {
  return (
    // A scrolling area has to be reachable by keys.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <div className="table-box" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
