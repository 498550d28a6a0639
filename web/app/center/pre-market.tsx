import type { Row } from '../../live/values.ts';
import { useLive, useTable } from '../client/use-live.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel, TableRows } from '../components/panel.tsx';
import { Value } from '../components/value.tsx';
import { grouped, priceText, signed } from '../format.ts';
import { numberOf, rowOf, rowsOf, textOf } from './fields.ts';
import { wordsOf } from './words.ts';

/** Writes a price of this instrument. A table is drawn only once the flow is known, and with it the decimals. */
function usePriceText(): (value: number) => string {
  const decimals = useLive('facts')?.instrument.decimals;
  return (value) => (decimals === undefined ? '—' : priceText(value, decimals));
}

/** Who holds the night's positions, and how the session answered. */
export function Inventory() {
  const table = useTable('overnight-inventory/1');
  const price = usePriceText();
  return (
    <Panel id="inventory" title="Overnight inventory">
      <TableRows table={table} plugin="overnight-inventory" empty="no night has been seen yet">
        {([row]) => (
          <dl className="pairs">
            <dt>net</dt>
            <dd>
              <strong>{wordsOf(textOf(row, 'net') ?? 'unknown')}</strong>{' '}
              <Value
                of={numberOf(row, 'inventory')}
                text={(share) => `${signed(share * 100)} %`}
                reason={textOf(row, 'missing') ?? 'no volume yet'}
              />
            </dd>
            <dt>stage</dt>
            <dd>{wordsOf(textOf(row, 'stage') ?? 'unknown')}</dd>
            <dt>range</dt>
            <dd>
              <Value of={numberOf(row, 'low')} text={price} reason="no trade this night" /> to{' '}
              <Value of={numberOf(row, 'high')} text={price} reason="no trade this night" />
            </dd>
            <dt>above / below</dt>
            <dd>
              <Value of={numberOf(row, 'above')} text={grouped} reason="not known" /> /{' '}
              <Value of={numberOf(row, 'below')} text={grouped} reason="not known" />
            </dd>
          </dl>
        )}
      </TableRows>
    </Panel>
  );
}

function Composite({ row }: { readonly row: Row }) {
  const price = usePriceText();
  return (
    <tr>
      <th scope="row">
        {textOf(row, 'label')} <span className="meta">{textOf(row, 'state')}</span>
      </th>
      {(['val', 'poc', 'vah'] as const).map((field) => (
        <td key={field}>
          <Value of={numberOf(row, field)} text={price} reason="not known" />
        </td>
      ))}
    </tr>
  );
}

/** The composites by overlap, newest first. */
export function CompositeStack() {
  const table = useTable('composite-stack/1');
  return (
    <Panel id="stack" title="CVA stack">
      <TableRows table={table} plugin="composite-value-area" empty="no composite yet">
        {([row]) => (
          <>
            <table>
              <thead>
                <tr>
                  <th scope="col">composite</th>
                  <th scope="col">VAL</th>
                  <th scope="col">POC</th>
                  <th scope="col">VAH</th>
                </tr>
              </thead>
              <tbody>
                {[...rowsOf(row, 'composites')]
                  .reverse()
                  .slice(0, 6)
                  .map((composite) => (
                    <Composite key={textOf(composite, 'label')} row={composite} />
                  ))}
              </tbody>
            </table>
            <p className="muted">
              value migrates: {wordsOf(textOf(row, 'migration') ?? 'unknown')}
            </p>
          </>
        )}
      </TableRows>
    </Panel>
  );
}

/** How the regular session opened. */
export function Opening() {
  const table = useTable('opening-type/1');
  const price = usePriceText();
  return (
    <Panel id="opening" title="Opening">
      <TableRows
        table={table}
        plugin="opening-drive"
        empty="the regular session has to run a while first"
      >
        {([row]) => {
          const type = textOf(row, 'openingType');
          const tested = rowOf(row, 'tested');
          return (
            <dl className="pairs">
              <dt>type</dt>
              <dd>
                {type === null ? (
                  <Missing reason={wordsOf(textOf(row, 'stage') ?? 'unknown')} />
                ) : (
                  wordsOf(type)
                )}
              </dd>
              <dt>open</dt>
              <dd>
                <Value
                  of={numberOf(row, 'open')}
                  text={price}
                  reason="regular hours have not begun"
                />
              </dd>
              <dt>place</dt>
              <dd>{wordsOf(textOf(row, 'location') ?? 'not known')}</dd>
              {tested === undefined ? null : (
                <>
                  <dt>tested</dt>
                  <dd>{wordsOf(textOf(tested, 'kind') ?? '')}</dd>
                </>
              )}
              <dt>of</dt>
              <dd className="num live">{textOf(row, 'tradeDate')}</dd>
            </dl>
          );
        }}
      </TableRows>
    </Panel>
  );
}
