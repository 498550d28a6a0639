import { z } from 'zod';
import { frameRates } from './frame-rate.ts';
import type { ClientMessage } from './wire.ts';

const mostKeys = 100;
const keys = z.array(z.string().max(200)).max(mostKeys);
const hz = z.literal(frameRates);

const schema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('hello'),
    run: z.string().max(100).nullable(),
    lastSeq: z.number().int().min(0),
    keys,
    hidden: z.boolean(),
    hz,
  }),
  z.object({ kind: z.literal('want'), keys }),
  z.object({ kind: z.literal('ack'), n: z.number().int().min(0) }),
  z.object({ kind: z.literal('tab'), hidden: z.boolean(), hz }),
]);

/** Reads what a window sent; null when it is nothing a window says. */
export function readClientMessage(text: string): ClientMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const read = schema.safeParse(value);
  return read.success ? read.data : null;
}
