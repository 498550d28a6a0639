import { useEffect } from 'react';
import type { AlertKind } from '../../live/alerts.ts';
import { kindWords } from '../alerts/alert-table.tsx';
import { Link } from '../components/link.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';

interface KindHelp {
  readonly kind: AlertKind;
  readonly means: string;
  readonly todo: string;
}

const kinds: readonly KindHelp[] = [
  {
    kind: 'node-out',
    means:
      'A node threw, or sent what its contract forbids, and was taken out of the flow: it hears nothing any more.',
    todo: 'Read the code and the moment in the inspector; mend the node and deploy. Health lists who is out.',
  },
  {
    kind: 'dead-letter',
    means: 'A record could not be taken and was left out; the node goes on with the next.',
    todo: 'Read the code. `orderflow dead-letters` lists the records and how to run them again.',
  },
  {
    kind: 'feed',
    means:
      'A market feed failed, ended, was paused, went on, or was silent for longer than is usual in this phase of the trade day. Only a failure and a silence are to be acknowledged.',
    todo: 'Health says how old each instrument’s last quote and last trade are.',
  },
  {
    kind: 'refused',
    means:
      'A command to the market, or a save or deployment of a flow, was refused; the reason stands beside it.',
    todo: 'Nothing was changed. What was done and refused stands in the audit, too: `orderflow query`.',
  },
  {
    kind: 'deployed',
    means: 'Another text of the flow took over for an instrument.',
    todo: 'Nothing; the versions of the flow lead back.',
  },
  {
    kind: 'engine',
    means:
      'The engine was started again, or its run failed. To be acknowledged when the run before did not end in order.',
    todo: 'The log goes on where it was; look at what happened before the time that is shown.',
  },
];

/** What each kind of alert means and what to do about it. */
export function AlertKinds() {
  useEffect(() => {
    const { hash } = window.location;
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView();
  }, []);
  return (
    <Panel id="alert-kinds" title="Kinds of alerts" to="/alerts" toText="all alerts">
      <ScrollTable label="Kinds of alerts" head={['kind', 'means', 'what to do']}>
        {kinds.map(({ kind, means, todo }) => (
          <tr key={kind} id={kind}>
            <th scope="row">{kindWords[kind]}</th>
            <td>{means}</td>
            <td>{todo}</td>
          </tr>
        ))}
      </ScrollTable>
      <p className="muted">
        Alarms stay in the line on top of every window until an operator acknowledges them, with{' '}
        <kbd>A</kbd> or on the <Link to="/alerts">page of all alerts</Link>; then they are for every
        window. A window is told of signals and dead letters of the other instruments, too.
      </p>
    </Panel>
  );
}
