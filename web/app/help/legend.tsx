import { type LinkState, linkLimits } from '../../live/link-state.ts';
import { Chip, type ChipTone } from '../components/chip.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';

const seconds = (ms: number): string => `${ms / 1_000} s`;

const links: readonly (readonly [LinkState, ChipTone, string])[] = [
  ['LOADING', 'plain', 'The page is connecting; nothing is claimed yet.'],
  ['LIVE', 'ok', `The engine's pulse comes every second and the market moves.`],
  [
    'QUIET',
    'ok',
    `The pulse is fine and nothing traded for ${seconds(linkLimits.quiet)}: no alarm. With a half dot it lasts longer than is usual at this time of the trade day.`,
  ],
  ['CLOSED', 'plain', 'The calendar of the instrument says closed, or halted.'],
  [
    'LAGGING',
    'caution',
    `No pulse for ${seconds(linkLimits.lagging)}, the engine is ${linkLimits.engine} ms behind its feed, or earlier days are being caught up.`,
  ],
  [
    'STALE',
    'alarm',
    `No pulse for ${seconds(linkLimits.stale)}, or something was missed: panels turn grey and hatched, signs become a question mark.`,
  ],
  [
    'DOWN',
    'alarm',
    `Nothing for ${seconds(linkLimits.down)}; the page connects again by itself. FAILED: the engine answers, its market feed has failed.`,
  ],
  [
    'REPLAY',
    'replay',
    'A recording runs. A moment of the past that is looked at has the purple frame and the word in the title; the line on top goes on with now.',
  ],
];

const tones: readonly (readonly [ChipTone, string, string])[] = [
  ['ok', 'as it should be', 'a filled dot'],
  ['caution', 'worth a look; nothing has to be done at once', 'a half dot'],
  ['alarm', 'something is wrong or old: act', 'a square'],
  ['plain', 'says something and judges nothing', 'an empty ring'],
  ['replay', 'not now: a recording or the past', 'a clock'],
];

const cockpit: readonly (readonly [string, string])[] = [
  ['Race', 'the layout for the session: everything'],
  ['Qualifying', 'the layout before the open: plan, value areas, overnight'],
  ['Pit wall', 'the layout for a phone: states alone'],
  ['Shift lights', 'which conditions of its next step hold, of the strategy that is nearest to it'],
  ['Gear', 'the position; N is flat, and this program never has one'],
  ['Left flag', 'whether the feed is alive'],
  ['Right flag', 'what is permitted: in OBSERVE nothing is ordered'],
];

/** The words that are taken from racing, and what they stand for. */
function Cockpit() {
  return (
    <Panel id="cockpit" title="Words of the cockpit">
      <ScrollTable label="Words of the cockpit" head={['word', 'means']}>
        {cockpit.map(([word, text]) => (
          <tr key={word}>
            <th scope="row">{word}</th>
            <td>{text}</td>
          </tr>
        ))}
      </ScrollTable>
    </Panel>
  );
}

/** What the signs of the pages mean, drawn with the parts the pages are made of. */
export function Legend() {
  return (
    <div className="page-grid">
      <Panel id="links" title="State of the link, top right on every page">
        <ScrollTable label="States of the link" head={['state', 'when']}>
          {links.map(([state, tone, text]) => (
            <tr key={state}>
              <td>
                <Chip tone={tone}>{state}</Chip>
              </td>
              <td>{text}</td>
            </tr>
          ))}
        </ScrollTable>
      </Panel>
      <Panel id="tones" title="Shapes: colour never stands alone">
        <ScrollTable label="Shapes" head={['sign', 'means', 'shape']}>
          {tones.map(([tone, text, shape]) => (
            <tr key={tone}>
              <td>
                <Chip tone={tone}>{tone}</Chip>
              </td>
              <td>{text}</td>
              <td>{shape}</td>
            </tr>
          ))}
        </ScrollTable>
      </Panel>
      <Panel id="direction" title="Direction and levels">
        <ScrollTable label="Direction and levels" head={['sign', 'means']}>
          <tr>
            <td className="buy num">▲ B</td>
            <td>buyers were the aggressors, or up; blue, to the right</td>
          </tr>
          <tr>
            <td className="sell num">▼ S</td>
            <td>sellers were the aggressors, or down; orange, to the left</td>
          </tr>
          <tr>
            <td className="level-cva num">━━ CVA</td>
            <td>value of the last sessions together; solid, thick</td>
          </tr>
          <tr>
            <td className="level-dva num">── DVA</td>
            <td>value of today so far; solid, thin</td>
          </tr>
          <tr>
            <td className="level-vwap num">╌╌ VWAP</td>
            <td>average price by volume; dashed, its bands dotted</td>
          </tr>
        </ScrollTable>
      </Panel>
      <Cockpit />
      <Panel id="missing" title="What is not known">
        <div className="prose">
          <Missing reason="no trade yet" />
          <p>
            A dash with its reason stands wherever a number is not known. No page has a number by
            default: what is shown was read from the log of this run.
          </p>
          <p>
            <strong>OBSERVE</strong> at the top left: no code path leads to an order.{' '}
            <strong>SIMULATED</strong>: the market is made by the bundled simulator.
          </p>
        </div>
      </Panel>
    </div>
  );
}
