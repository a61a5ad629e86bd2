import { expect, it } from 'vitest';
import { isNumberedAnew } from '../../../electron/engine/follow/rules';

it.each([
  ['bot.log.1', 'bot.log.2', true],
  ['bot.log.1', 'bot.log.3', true],
  ['bot-1.csv', 'bot-2.csv', true],
  ['bot.log', 'bot.log.1', false],
  ['other.log.1', 'other.log.2', false],
  ['bot.log.1', 'bot.log.old', false],
  ['bot.log.1', 'bot-2.csv', false],
  ['bot.log.20260105', 'bot.log.20260106', false],
])('%s that is %s by now was numbered aside before: %s', (name, at, expected) => {
  expect(isNumberedAnew(name, at, new Set(['bot.log', 'bot.csv']))).toBe(expected);
});
