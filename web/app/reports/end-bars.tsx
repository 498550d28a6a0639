import { Bar, BarChart, CartesianGrid, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { DayEnds } from '../../inspect/reports.ts';
import type { EndKind } from './end-kinds.ts';

const height = 180;
/** Of a pattern; also the length of its square. */
const step = 6;

/** Fillings that differ without colour: full, stripes, dots, and an outline. */
function Fillings({ id }: { readonly id: string }) {
  const square = { width: step, height: step, patternUnits: 'userSpaceOnUse' } as const;
  return (
    <defs>
      <pattern id={`${id}-failed`} {...square} patternTransform="rotate(45)">
        <rect className="end-fill-failed" width={step / 2} height={step} />
      </pattern>
      <pattern id={`${id}-expired`} {...square}>
        <circle className="end-fill-expired" cx={step / 2} cy={step / 2} r={step / 4} />
      </pattern>
    </defs>
  );
}

/** Bars of a trade day each, stacked by how things ended. Loaded only by the page that shows it. */
export function EndBars({
  id,
  days,
  kinds,
}: {
  readonly id: string;
  readonly days: readonly DayEnds[];
  readonly kinds: readonly EndKind[];
}) {
  return (
    <ResponsiveContainer width="100%" height={height}>
      {/* What a reader hears is the table beside it. */}
      <BarChart data={[...days]} accessibilityLayer={false} margin={{ left: 0, right: 8, top: 8 }}>
        <Fillings id={id} />
        <CartesianGrid vertical={false} />
        <XAxis dataKey={(day: DayEnds) => day.tradeDate.slice(5)} tickLine={false} minTickGap={8} />
        <YAxis allowDecimals={false} width={32} tickLine={false} />
        {kinds.map(({ kind }) => (
          <Bar
            key={kind}
            dataKey={kind}
            stackId="ends"
            className={`end-bar end-bar-${kind}`}
            fill={kind === 'failed' || kind === 'expired' ? `url(#${id}-${kind})` : 'none'}
            maxBarSize={28}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
