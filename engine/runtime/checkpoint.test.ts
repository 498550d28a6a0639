import { expect, it } from 'vitest';
import { readTaskState } from './checkpoint.ts';

it.each(['garbage', '', '{}', '{"flowHash":1}'])('refuses the state %j by name', (text) => {
  expect(() => readTaskState(text)).toThrow(/OF_SNAPSHOT_DAMAGED state '@task' of the log/);
});
