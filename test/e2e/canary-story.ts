import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { defaultConfiguration } from '../../shared/canary/defaults';
import { expectAccessible } from './access';
import { expect } from './consoles';

/** A version on trial, from its file to its rollback, as an operator goes through it; the control itself differs by console. */

export const killSwitch = (directory: string) => join(directory, 'STOP');

/** Creates the deployment from a file, starts staging, stops and releases the line. */
export async function createAndStart(page: Page, directory: string): Promise<void> {
  const file = join(directory, 'deployment.json');
  const configuration = defaultConfiguration({
    strategy: 'carry',
    version: '2.0.1',
    description: 'A narrower band.',
    totalCapital: 200_000,
    currency: 'USDC',
    playbook: [
      {
        kind: 'kill-switch-file',
        id: 'stop',
        title: 'Write the kill switch',
        effect: 'stop-entries',
        required: true,
        timeoutMs: 5_000,
        attempts: 2,
        backoffMs: 100,
        path: killSwitch(directory),
      },
    ],
  });
  await writeFile(file, JSON.stringify({ ...configuration, stagingPercent: 2 }));
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page.getByRole('heading', { name: 'No version is on trial.' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'New deployment' }).first().click();
  await page.getByRole('main').locator('input[type=file]').setInputFiles(file);
  await expect(page.getByText('1 problem to correct.')).toBeVisible();
  const staging = page.getByLabel('Staging gets, % (at most 1)');
  await expect(staging).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await staging.fill('0.5');
  await expect(page.getByText('Nothing is wrong with it.')).toBeVisible();
  await page.getByRole('button', { name: 'Create the deployment' }).click();
  await expect(page.getByRole('heading', { name: 'carry 2.0.1', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Start staging…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start staging' }).click();
  await expect(page.getByRole('button', { name: 'Promote…' })).toBeVisible();
  await page.getByRole('button', { name: 'Promote…' }).click();
  await expect(page.getByRole('dialog')).toContainText('there is no way around them');
  await expect(page.getByRole('dialog').getByRole('button', { name: /^Promote to/ })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expectAccessible(page);
}

/** In the control: the steps, the version, a reason; a double click does nothing, holding Enter does it. */
export async function confirmRollback(control: Page, directory: string): Promise<void> {
  await expect(control.getByRole('heading', { level: 1 })).toContainText('Roll back carry 2.0.1');
  await expect(control.getByText('Write the kill switch')).toBeVisible();
  const hold = control.getByRole('button', { name: 'Hold to roll back' });
  await expect(hold).toBeDisabled();
  await control.getByLabel('Type the version: 2.0.1').fill('2.0.1');
  await control.getByLabel('Reason, for the audit trail').fill('Rehearsed by hand');
  await expect(hold).toBeEnabled();
  await expectAccessible(control);
  await hold.dblclick();
  await expect(readFile(killSwitch(directory))).rejects.toThrow();
  await hold.focus();
  await control.keyboard.down('Enter');
  await expect(control.getByText('Rolled back', { exact: true }).first()).toBeVisible();
  await control.keyboard.up('Enter');
  await expectAccessible(control);
  expect(String(await readFile(killSwitch(directory)))).not.toBe('');
}
