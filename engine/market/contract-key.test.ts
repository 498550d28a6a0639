import { expect, it } from 'vitest';
import { contractKey, isOtherContract } from './contract-key.ts';

it('tells contracts apart, as far as both are known', () => {
  expect(isOtherContract(contractKey('ESZ25'), contractKey('ESH26'))).toBe(true);
  expect(isOtherContract(contractKey('ESZ25'), contractKey('MESZ25'))).toBe(true);
  expect(isOtherContract(contractKey('ESZ25'), contractKey('ESZ25'))).toBe(false);
  expect(isOtherContract(contractKey(null), contractKey('ESZ25'))).toBe(false);
  expect(isOtherContract(contractKey('ESZ25'), contractKey(undefined))).toBe(false);
  expect(contractKey('')).toBe(0);
  expect(contractKey('A-1')).not.toBe(contractKey('A1'));
});
