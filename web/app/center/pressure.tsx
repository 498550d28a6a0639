import { useEffect, useRef } from 'react';
import type { Row } from '../../live/values.ts';
import { useIsOld, useTable } from '../client/use-live.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel, TableRows } from '../components/panel.tsx';
import { grouped, signed } from '../format.ts';
import { directionOf, glyphOf, numberOf, textOf } from './fields.ts';

/** To whole percent, as it is written: what rounds to none has no side. */
const wholePercent = (share: number | null): number | null =>
  share === null ? null : Math.round(share * 100) / 100;

const percent = (share: number): string => `${signed(share * 100)} %`;

/** A bar from the middle: sellers to the left, buyers to the right. */
function PressureBar({ share }: { readonly share: number }) {
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    // A style attribute would be refused by the content policy; a single property is not.
    if (bar.current) bar.current.style.transform = `scaleX(${share.toFixed(3)})`;
  }, [share]);
  return (
    <span className="pressure-bar" aria-hidden="true">
      <span ref={bar} className={share < 0 ? 'pressure-sell' : 'pressure-buy'} />
    </span>
  );
}

function PressureLine({
  name,
  share,
  reason,
}: {
  readonly name: string;
  readonly share: number | null;
  readonly reason: string;
}) {
  const isOld = useIsOld();
  return (
    <div className="pressure-line">
      <span className="muted meta">{name}</span>
      {share === null ? (
        <Missing reason={reason} />
      ) : (
        <>
          {isOld ? <span className="needle-unknown">?</span> : <PressureBar share={share} />}
          <span className={`num live ${directionOf(share)}`}>
            {glyphOf(share)} {percent(share)}
          </span>
        </>
      )}
    </div>
  );
}

/** Who is aggressive: buying minus selling over all, on one scale with the middle as zero. */
export function Pressure() {
  const table = useTable('tape-state/1');
  return (
    <Panel id="pressure" title="Pressure">
      <TableRows table={table} plugin="tape" empty="no trade today yet">
        {([row]) => <PressureRows row={row} />}
      </TableRows>
    </Panel>
  );
}

function PressureRows({ row }: { readonly row: Row | undefined }) {
  const volume = numberOf(row, 'volume60');
  const speed = textOf(row, 'speed');
  return (
    <>
      <div className="pressure-ends meta muted" aria-hidden="true">
        <span>◄ sell</span>
        <span>buy ►</span>
      </div>
      <PressureLine
        name="60 s"
        share={wholePercent(numberOf(row, 'pressure60'))}
        reason="too few contracts in 60 s"
      />
      <PressureLine
        name="5 min"
        share={wholePercent(numberOf(row, 'pressure300'))}
        reason="too few contracts in 5 min"
      />
      <p className="meta muted">
        {volume === null ? null : <span className="num live">{grouped(volume)} in 60 s</span>}
        {speed === null ? null : ` · tape ${speed === 'unknown' ? 'speed not known yet' : speed}`}
      </p>
    </>
  );
}
