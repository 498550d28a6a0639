import { z } from 'zod';
import type { Plugin } from '../../plugin/define-plugin.ts';
import { unwrapSchema } from '../../plugin/schema.ts';

const heading = '## Rules and their source';

/** A number, or a list of numbers. */
function isNumeric(schema: z.ZodType): boolean {
  if (schema instanceof z.ZodArray) return isNumeric(schema.element as z.ZodType);
  return schema instanceof z.ZodNumber;
}

/** Parameters of a schema by their dotted names. */
function parametersOf(schema: z.ZodObject, prefix = ''): [name: string, field: z.ZodType][] {
  return Object.entries(schema.shape).flatMap(([key, field]): [string, z.ZodType][] => {
    const { inner } = unwrapSchema(field as z.ZodType);
    const name = `${prefix}${key}`;
    return inner instanceof z.ZodObject
      ? parametersOf(inner, `${name}.`)
      : [[name, field as z.ZodType]];
  });
}

/** Lines of the tables below the heading, with the number of the heading. */
function rulesOf(readme: string): { at: number; rows: string[] } {
  const lines = readme.split('\n');
  const at = lines.indexOf(heading);
  const rest = at < 0 ? [] : lines.slice(at + 1);
  const end = rest.findIndex((line) => line.startsWith('## '));
  const rows = (end < 0 ? rest : rest.slice(0, end)).filter((line) => line.startsWith('|'));
  return { at: Math.max(at, 0) + 1, rows };
}

/**
 * Returns what a processor's parameters lack, one line each: a number without a unit, a parameter that no row of the
 * README's table of rules names. A source or sink has no rules.
 */
export function parameterProblems(plugin: Plugin, readme: string): readonly string[] {
  if (plugin.kind === 'source' || plugin.kind === 'sink') return [];
  const folder = `plugins/${plugin.id}`;
  const { at, rows } = rulesOf(readme);
  return parametersOf(plugin.config).flatMap(([name, field]) => {
    const { inner, unit } = unwrapSchema(field);
    const problems: string[] = [];
    if (isNumeric(inner) && unit === null)
      problems.push(`${folder}/config.ts:1: '${name}' has no unit; add it to its meta({ … })`);
    if (!rows.some((row) => row.includes(`\`${name}\``)))
      problems.push(
        `${folder}/README.md:${at}: no row names '${name}'; say its rule, source and reading`,
      );
    return problems;
  });
}
