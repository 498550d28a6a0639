import { z } from 'zod';
import { describeSchema } from '../../flow/schema-text.ts';
import { unwrapSchema } from '../../plugin/schema.ts';
import { markdownTable } from './markdown-table.ts';

interface Described {
  readonly description?: string;
  readonly tune?: boolean;
  readonly properties?: Readonly<Record<string, Described>>;
}

function defaultOf(schema: z.ZodType): string {
  const absent = schema.safeParse(undefined);
  if (!absent.success) return 'required';
  return absent.data === undefined ? 'none' : `\`${JSON.stringify(absent.data)}\``;
}

function meaningOf({ description = '', tune }: Described): string {
  return tune === true ? `${description} (worth tuning)` : description;
}

function rowsOf(schema: z.ZodObject, described: Described, prefix: string): string[][] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const about = described.properties?.[name] ?? {};
    const { inner } = unwrapSchema(field as z.ZodType);
    const path = `${prefix}${name}`;
    if (inner instanceof z.ZodObject) return rowsOf(inner, about, `${path}.`);
    return [
      [
        `\`${path}\``,
        describeSchema(field as z.ZodType),
        defaultOf(field as z.ZodType),
        meaningOf(about),
      ],
    ];
  });
}

/** Writes the table of a plugin's parameters: what each may be, its default, and what it means. */
export function parameterTable(config: z.ZodObject): string {
  const described = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }) as Described;
  const rows = rowsOf(config, described, '');
  if (rows.length === 0) return 'This plugin has no parameters.';
  return markdownTable(['parameter', 'value', 'default', 'meaning'], rows);
}
