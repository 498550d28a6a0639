import { useSearchParams } from '@remix-run/react';
import type { WhatIfView } from '../../live/why.ts';
import { Form, Link } from '../components/link.tsx';
import { clockText, grouped } from '../format.ts';
import { EditOffer } from './edit-offer.tsx';
import type { EditView } from './edit-view.server.ts';

const times = (count: number): string => `${grouped(count)}×`;

/** What is not known, said with the number it concerns. */
function limitsOf({ unknown, held, passed }: WhatIfView): readonly string[] {
  const more = passed === 0 ? '' : ' more';
  const unasked =
    held > 0
      ? `${times(unknown)}${more} it would have got past this condition; the ones after it were not asked then, so nobody knows whether it would have passed`
      : `${times(unknown)} it would have got past this condition; the guard never held in this time, so whether other conditions follow is not recorded`;
  return [
    ...(unknown > 0 ? [unasked] : []),
    ...(passed > 1
      ? [
          'after the first pass of a stay the machine would have been elsewhere: later passes of that stay would not have come',
        ]
      : []),
  ];
}

/** The same refusals with one condition easier: recorded inputs, and what follows from a pass is not computed. */
export function WhatIf({
  view,
  node,
  zone,
  offer,
}: {
  readonly view: WhatIfView;
  readonly node: string;
  readonly zone: string;
  /** The change of the flow that does it; null where it was not asked for. */
  readonly offer: EditView | null;
}) {
  const [search] = useSearchParams();
  const { label, condition, slack, unit, passed, passes, stays, still, held } = view;
  const kept = [...search].filter(([name]) => name !== 'slack' && name !== 'instrument');
  const limits = limitsOf(view);
  return (
    <section className="what-if" aria-labelledby="what-if-title">
      <h3 id="what-if-title">What if</h3>
      <p>
        What if <strong>{label}</strong>{' '}
        {condition === null ? (
          <>
            could miss by {slack} {unit}
          </>
        ) : (
          <span className="num">{condition}</span>
        )}
        ? It would have passed <strong className="num">{times(passed)}</strong> in this time
        {stays === 0 ? '' : `, in ${stays} ${stays === 1 ? 'stay' : 'stays'} in its state`}{' '}
        <span className="muted">(recorded inputs, not a backtest)</span>.
      </p>
      {passes.length === 0 ? null : (
        <p className="what-if-passes">
          {passes.map(({ at, seq }) => (
            <Link key={seq} className="num" to={`/machines/${node}?at=${seq}&tab=why`}>
              {clockText(zone, at)}
            </Link>
          ))}
          {passed > passes.length ? <span>and {grouped(passed - passes.length)} more</span> : null}
        </p>
      )}
      <p className="muted">
        As it is: passed {times(held)}; with the easier condition still refused {times(still)}.
        {limits.map((text) => ` ${text[0]?.toUpperCase()}${text.slice(1)}.`)}
      </p>
      {offer ? <EditOffer key={JSON.stringify(view.edit)} view={offer} /> : null}
      <Form className="why-form" preventScrollReset>
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <label>
          may miss by{unit === '' ? '' : `, ${unit}`}
          <input
            className="num"
            type="number"
            name="slack"
            min={0}
            step="any"
            key={slack}
            defaultValue={slack}
          />
        </label>
        <button type="submit">Count again</button>
      </Form>
    </section>
  );
}
