import { useNavigation } from '@remix-run/react';
import type { Choice } from '../../live/why.ts';
import { wordsOf } from '../center/words.ts';
import { Form } from '../components/link.tsx';

/** A question as it stands in the form. */
export interface Asked {
  readonly node: string | null;
  readonly transition: string | null;
  readonly from: string;
  readonly to: string;
}

function choiceText({ source, target, event, why }: Choice): string {
  const where = source === '(root)' ? 'any state' : wordsOf(source);
  const condition = why === null || why === 'expr' ? '' : ` [${why}]`;
  return `${where}: ${event}${condition} → ${target === null ? 'stays' : wordsOf(target)}`;
}

/** Choosing another machine asks at once, for its transitions. */
function MachineChoice({
  node,
  machines,
}: {
  readonly node: string | null;
  readonly machines: readonly string[];
}) {
  return (
    <label>
      machine
      <select
        name="node"
        defaultValue={node ?? ''}
        onChange={(event) => {
          const { form } = event.currentTarget;
          const list = form?.elements.namedItem('transition');
          if (list instanceof HTMLSelectElement) list.value = '';
          form?.requestSubmit();
        }}
      >
        <option value="">all machines</option>
        {machines.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function TransitionChoice({
  transition,
  choices,
}: {
  readonly transition: string | null;
  readonly choices: readonly Choice[];
}) {
  return (
    <label className="why-transition">
      transition
      <select name="transition" defaultValue={transition ?? ''}>
        <option value="">none: show counts and near misses</option>
        {choices.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {choiceText(choice)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Bound({
  name,
  value,
  placeholder,
}: {
  readonly name: 'from' | 'to';
  readonly value: string;
  readonly placeholder: string;
}) {
  return (
    <label>
      {name}
      <input
        className="num"
        name={name}
        defaultValue={value}
        placeholder={placeholder}
        size={17}
        autoComplete="off"
      />
    </label>
  );
}

/** Asks about a machine, a transition of it and a range of time. */
export function WhyForm({
  asked,
  machines,
  choices,
  action,
  hidden = {},
  isPast = false,
}: {
  readonly asked: Asked;
  /** Machines to choose from; null where the page is of one. */
  readonly machines: readonly string[] | null;
  readonly choices: readonly Choice[];
  readonly action: string;
  readonly hidden?: Readonly<Record<string, string>>;
  /** The page is of a past moment, at which the range ends when nobody says otherwise. */
  readonly isPast?: boolean;
}) {
  const { node, transition, from, to } = asked;
  const isAsking = useNavigation().state !== 'idle';
  return (
    <Form
      className="why-form"
      action={action}
      key={`${node} ${transition} ${from} ${to}`}
      preventScrollReset
    >
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {machines ? <MachineChoice node={node} machines={machines} /> : null}
      {node === null ? null : <TransitionChoice transition={transition} choices={choices} />}
      <Bound name="from" value={from} placeholder="open of the day" />
      <Bound name="to" value={to} placeholder={isPast ? 'this moment' : 'now'} />
      <button type="submit" aria-disabled={isAsking}>
        {isAsking ? 'Asking …' : 'Ask'}
      </button>
    </Form>
  );
}
