import { useEffect, useId, useState } from 'react';
import { Link } from '../components/link.tsx';
import type { EditorFacts } from './completion.ts';
import { type Field, fieldsOf, readField, type WireField, wiresOf } from './field-list.ts';
import { FlowNames, mapOf, pluginIdOf } from './flow-names.ts';
import { LastIo } from './last-io.tsx';
import type { FieldValue, NodeSpan } from './patch.ts';

/** Puts a value at a path, or takes the key away with null. Returns false where the text does not allow it. */
export type WriteField = (path: readonly string[], value: FieldValue | null) => boolean;

/** A value as a field shows it: a list with commas, nothing for what is not written. */
function shown(value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function ChoiceField({
  field,
  id,
  write,
}: {
  readonly field: Field;
  readonly id: string;
  readonly write: (value: FieldValue | null) => void;
}) {
  const words = field.kind === 'boolean' ? ['true', 'false'] : field.words;
  return (
    <select
      id={id}
      value={shown(field.value)}
      onChange={(event) => {
        const { value } = event.currentTarget;
        write(value === '' ? null : readField(field, value));
      }}
    >
      <option value="">
        {field.usual === undefined ? '—' : `${shown(field.usual)} (default)`}
      </option>
      {words.map((word) => (
        <option key={word} value={word}>
          {word}
        </option>
      ))}
    </select>
  );
}

function TypedField({
  field,
  id,
  write,
}: {
  readonly field: Field;
  readonly id: string;
  readonly write: (value: FieldValue | null) => void;
}) {
  const now = shown(field.value);
  const [typed, setTyped] = useState(now);
  useEffect(() => setTyped(now), [now]);
  const isWrong = typed.trim() !== '' && readField(field, typed) === null;
  const commit = (): void => {
    if (typed === now || isWrong) return;
    write(typed.trim() === '' ? null : readField(field, typed));
  };
  return (
    <>
      <input
        id={id}
        value={typed}
        inputMode={field.kind === 'number' ? 'decimal' : 'text'}
        aria-invalid={isWrong}
        placeholder={field.usual === undefined ? '' : `${shown(field.usual)} (default)`}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setTyped(now);
        }}
      />
      {isWrong ? <span className="field-wrong">✖ expected {field.range}</span> : null}
    </>
  );
}

function FieldRow({ field, write }: { readonly field: Field; readonly write: WriteField }) {
  const id = useId();
  const [refused, setRefused] = useState(false);
  const put = (value: FieldValue | null): void => setRefused(!write(field.path, value));
  const isSet = field.value !== undefined;
  const isChoice = field.kind === 'word' || field.kind === 'boolean';
  return (
    <div className={`field${isSet ? ' is-set' : ''}`}>
      <div className="field-head">
        <label htmlFor={id}>{field.label}</label>
        {isSet && field.kind !== 'yaml' ? (
          <button type="button" className="link-button" onClick={() => put(null)}>
            default<span className="hidden-visually"> of {field.label}</span>
          </button>
        ) : null}
      </div>
      {field.kind === 'yaml' ? (
        <output id={id} className="num">
          {shown(field.value) || 'edit in YAML'}
        </output>
      ) : isChoice ? (
        <ChoiceField field={field} id={id} write={put} />
      ) : (
        <TypedField field={field} id={id} write={put} />
      )}
      {refused ? (
        <span className="field-wrong">✖ written in a way only the YAML can change</span>
      ) : null}
      <span className="field-about">
        {field.doc} <span className="faint">{field.range}</span>
      </span>
    </div>
  );
}

function WireRow({ wire, write }: { readonly wire: WireField; readonly write: WriteField }) {
  const id = useId();
  const names = new Set(wire.options.map(({ name }) => name));
  return (
    <div className="field">
      <div className="field-head">
        <label htmlFor={id}>{wire.port}</label>
        <span className="faint meta">{wire.kind}</span>
      </div>
      {wire.isFixed ? (
        <output id={id}>edit in YAML</output>
      ) : (
        <select
          id={id}
          value={wire.value}
          onChange={(event) => write(wire.path, event.currentTarget.value || null)}
        >
          {wire.value === '' || !wire.path.includes('from') ? (
            <option value="">not wired</option>
          ) : null}
          {wire.value !== '' && !names.has(wire.value) ? (
            <option value={wire.value}>{wire.value}</option>
          ) : null}
          {wire.options.map(({ name, contract }) => (
            <option key={name} value={name}>
              {name}
              {contract === wire.contract || wire.kind === 'market' ? '' : ` (${contract})`}
            </option>
          ))}
        </select>
      )}
      <span className="field-about">
        {wire.doc} <span className="faint">{wire.contract}</span>
      </span>
    </div>
  );
}

function ChartNote({ names, id }: { readonly names: FlowNames; readonly id: string }) {
  const states = names.states(id);
  return (
    <p className="muted">
      A statechart of this flow{states.length > 0 ? `: ${states.join(', ')}` : ''}. It is edited in
      the YAML.
    </p>
  );
}

/** The chosen node: what its plugin is, its parameters, its wires. Each edit changes one line of the text. */
export function NodeForm({
  span,
  document,
  facts,
  lock,
  flow,
  isLive,
  write,
}: {
  readonly span: NodeSpan | null;
  /** The text as data; what a form shows is always what the text says. */
  readonly document: unknown;
  readonly facts: EditorFacts;
  /** Why nothing can be changed now; null when it can. */
  readonly lock: string | null;
  /** Name of the flow's file. */
  readonly flow: string;
  /** The flow runs here. */
  readonly isLive: boolean;
  readonly write: WriteField;
}) {
  if (!span)
    return <p className="muted">Choose a node in the graph, or put the cursor into one.</p>;
  const { id, section } = span;
  const names = new FlowNames(document, facts);
  const own = mapOf(mapOf(mapOf(document)[section])[id]);
  const plugin = names.plugin(pluginIdOf(own));
  const fields = fieldsOf(facts, document, section, id);
  const wires = section === 'nodes' ? wiresOf(facts, document, id) : [];
  return (
    <>
      <fieldset className="node-form" disabled={lock !== null}>
        <legend>
          <strong>{id}</strong>{' '}
          {plugin ? (
            <Link to={`/plugins/${plugin.id}`}>
              {plugin.id} {plugin.version}
            </Link>
          ) : null}
        </legend>
        {lock === null ? null : <p className="field-wrong">✖ {lock}</p>}
        {plugin ? <p className="muted">{plugin.summary}</p> : <ChartNote names={names} id={id} />}
        {fields.length > 0 ? <h3>Parameters</h3> : null}
        {fields.map((field) => (
          <FieldRow key={`${id}.${field.label}`} field={field} write={write} />
        ))}
        {wires.length > 0 ? <h3>Wires</h3> : null}
        {wires.map((wire) => (
          <WireRow key={`${id}.${wire.port}`} wire={wire} write={write} />
        ))}
      </fieldset>
      {isLive && section === 'nodes' ? <LastIo key={id} flow={flow} node={id} /> : null}
    </>
  );
}
