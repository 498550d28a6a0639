import { OrderflowError } from '../errors.ts';
import { contractId } from '../plugin/port.ts';
import type { StoredRecord } from './ports.ts';
import type { Consumer } from './routes.ts';

type Payload = Readonly<Record<string, unknown>>;

/**
 * Reads a record that came from outside the task for an in-port. Inside a task the linter and the emitting node's own
 * contract have seen to that; what another program wrote has been seen by nobody.
 *
 * @param isChecked - False asks for nothing but a JSON object.
 * @throws {OF_INPUT_RECORD} when the value is no JSON object, of another version, or not what the contract says.
 */
export function readInput(
  record: StoredRecord,
  { node, wire }: Consumer,
  isChecked: boolean,
): Payload {
  const payload = payloadOf(record);
  const { plugin } = node.graphNode;
  const spec = plugin.in[wire.port];
  if (!isChecked || !spec || spec.kind === 'market') return payload;
  const wanted = contractId(spec.schema, plugin.id, wire.port);
  if (record.schema !== wanted && nameOf(record.schema) === nameOf(wanted))
    throw refuse(record, wanted, `contract ${record.schema}`);
  const issue = spec.schema.safeParse(payload).error?.issues[0];
  if (issue) throw refuse(record, wanted, `${issue.path.join('.')}: ${issue.message}`);
  return payload;
}

function payloadOf(record: StoredRecord): Payload {
  const { value } = record;
  const wanted = 'a JSON object';
  if (typeof value !== 'string') throw refuse(record, wanted, `${value.length} bytes`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw refuse(record, wanted, JSON.stringify(value.slice(0, 40)));
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw refuse(record, wanted, value.slice(0, 40));
  const { ts: _, ...payload } = parsed as Record<string, unknown>;
  return payload;
}

/** A contract's name without its version. */
function nameOf(contract: string): string {
  return contract.slice(0, contract.lastIndexOf('/'));
}

function refuse({ topic, offset }: StoredRecord, expected: string, was: string): OrderflowError {
  return new OrderflowError('OF_INPUT_RECORD', { topic, offset, expected, was });
}
