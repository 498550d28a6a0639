import type { Command } from './command.ts';
import { examine, type Finding } from './doctor-checks.ts';
import { homeOption } from './home.ts';
import { flowOptions } from './load-flow.ts';
import { machineFacts } from './machine-facts.ts';
import { wrapWords } from './text-table.ts';

const levelWidth = 9;
const nameWidth = 13;

function linesOf({ level, name, text, todo }: Finding, columns: number): string[] {
  const indent = levelWidth + nameWidth;
  const lines = wrapWords(
    todo === null ? text : `${text}; ${todo}`,
    Math.max(30, columns - indent),
  );
  return lines.map(
    (line, i) =>
      `${i === 0 ? level.padEnd(levelWidth) + name.padEnd(nameWidth) : ' '.repeat(indent)}${line}`,
  );
}

function countText(findings: readonly Finding[]): string {
  const of = (level: Finding['level'], word: string): string => {
    const count = findings.filter((finding) => finding.level === level).length;
    return `${count} ${word}${count === 1 ? '' : 's'}`;
  };
  return `${of('problem', 'problem')}, ${of('warn', 'warning')}`;
}

/** `orderflow doctor`: looks whether everything is there that a flow needs to run. */
export const command: Command = {
  name: 'doctor',
  summary:
    'Look whether everything is there that a flow needs: runtime, packages, folder, log, plugins, flows',
  words: ['[FLOW]'],
  options: [homeOption, ...flowOptions, { name: 'json', summary: 'Print one JSON object' }],
  examples: [
    ['orderflow doctor', 'looks at everything and changes nothing; each line says what to do'],
    [
      'orderflow doctor flows/my.flow.yaml --home ~/runs/1',
      'looks at one flow and the log of another home folder',
    ],
  ],
  async run(host, args) {
    const findings = await examine({ host, args, facts: machineFacts() });
    const isWell = findings.every(({ level }) => level !== 'problem');
    if (args.has('json'))
      host.stdout.write(`${JSON.stringify({ ok: isWell, findings }, null, 2)}\n`);
    else {
      const lines = findings.flatMap((finding) => linesOf(finding, host.stdout.columns));
      host.stdout.write(`${[...lines, '', countText(findings)].join('\n')}\n`);
    }
    return isWell ? 0 : 1;
  },
};
