import { expect, test } from 'vitest';
import { amount, decimals, signed } from '../../shared/parity/verdict';

test.each([
  [27.44, '27.4', '+27.4', '27.44'],
  [-0.0612, '-0.061', '-0.061', '-0.061'],
  [0, '0.0', '0.0', '0.00'],
  // What is left of zero after adding up a day is not a figure.
  [-1.4e-12, '0.0', '0.0', '0.00'],
  [3e-9, '0.0', '0.0', '0.00'],
])('%d reads %s, signed %s, as money %s', (value, plain, withSign, money) => {
  expect([decimals(value), signed(value), amount(value)]).toEqual([plain, withSign, money]);
});
