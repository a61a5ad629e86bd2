import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allConventions, type Convention, conventionText } from '../../shared/parity/conventions';

const help = readFileSync(join(import.meta.dirname, '../../resources/help/statistics.md'), 'utf8');

const row = ({ title, formula, deviation, annualised, riskFree, sign, empty, source }: Convention) =>
  `| ${[title, formula, deviation, annualised, riskFree, sign, empty, source].join(' | ')} |`;

it('the help has the table the console shows, row by row', () => {
  const [, table = ''] = help.split('\n## Table\n');
  const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| Figure'));
  expect(rows).toEqual(allConventions.map(row));
});

describe.each(allConventions)('$title', (convention) => {
  it('says formula, sign, source and what it is when the data cannot say', () => {
    for (const text of Object.values(convention)) expect(text).not.toBe('');
    expect(convention.empty).not.toBe('—');
    const text = conventionText(convention);
    expect(text).toContain(convention.sign);
    expect(text.endsWith('.')).toBe(true);
  });
});
