import { describe, expect, it } from 'vitest';
import { isOrderflowError } from '../errors.ts';
import { type CommandWords, readArguments } from './arguments.ts';

const command: CommandWords = {
  name: 'replay',
  words: ['FLOW'],
  options: [
    { name: 'data', value: 'FILE', list: true, summary: 'files' },
    { name: 'instrument', value: 'SYMBOL', summary: 'instrument' },
    { name: 'param', value: 'NAME=VALUE', repeated: true, summary: 'parameter' },
    { name: 'json', summary: 'JSON' },
  ],
};

function codeOf(words: readonly string[]): string {
  try {
    readArguments(command, words);
  } catch (error) {
    return isOrderflowError(error) ? error.message : 'no code';
  }
  return 'accepted';
}

describe('the words of a command', () => {
  it('are values of a list option until the next option', () => {
    const args = readArguments(command, [
      'a.flow.yaml',
      '--data',
      '1.csv',
      '2.csv',
      '--instrument',
      'ES',
      '--json',
    ]);
    expect(args.words).toEqual(['a.flow.yaml']);
    expect(args.all('data')).toEqual(['1.csv', '2.csv']);
    expect(args.text('instrument')).toBe('ES');
    expect(args.has('json')).toBe(true);
  });

  it('are no values of an option when they are options themselves', () => {
    expect(codeOf(['f', '--data', '--json'])).toMatch(
      /^OF_CLI_VALUE '--data' expected FILE, was '--json'/,
    );
  });

  it('leave a flow after the data files to the command', () => {
    const args = readArguments(command, ['--data', '1.csv', '2.csv', 'a.flow.yaml']);
    expect(args.words).toEqual(['a.flow.yaml']);
    expect(args.all('data')).toEqual(['1.csv', '2.csv']);
  });

  it('may repeat an option that says so, and no other', () => {
    expect(readArguments(command, ['f', '--param', 'a=1', '--param', 'b=2']).all('param')).toEqual([
      'a=1',
      'b=2',
    ]);
    expect(codeOf(['f', '--instrument', 'ES', '--instrument', 'NQ'])).toMatch(
      /^OF_CLI_VALUE '--instrument' expected one value/,
    );
  });

  it('name the nearest option when one is mistyped', () => {
    expect(codeOf(['f', '--instrumnt', 'ES'])).toMatch(
      /^OF_CLI_OPTION 'replay' has no option '--instrumnt'; nearest: '--instrument'/,
    );
  });

  it('are refused when there are too few or too many', () => {
    expect(codeOf([])).toMatch(/^OF_CLI_ARGUMENTS 'replay' expected FLOW, was nothing/);
    expect(codeOf(['a', 'b'])).toMatch(/^OF_CLI_ARGUMENTS/);
    expect(codeOf(['--help'])).toBe('accepted');
  });

  it('are refused when a value is absent, or one too many', () => {
    expect(codeOf(['f', '--instrument'])).toMatch(
      /^OF_CLI_VALUE '--instrument' expected SYMBOL, was 'nothing'/,
    );
    expect(codeOf(['f', '--json=yes'])).toMatch(/^OF_CLI_VALUE '--json' expected no value/);
  });

  it('are read as numbers and choices', () => {
    const args = readArguments(command, ['f', '--instrument', 'abc']);
    expect(() => args.number('instrument', 0)).toThrow(
      /expected a number of at least 0, was 'abc'/,
    );
    expect(() => args.choice('instrument', ['ES', 'NQ'])).toThrow(/expected ES or NQ/);
    expect(args.choice('param', ['first', 'second'])).toBe('first');
    expect(args.number('param', 0)).toBeNull();
  });
});
