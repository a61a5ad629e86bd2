import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { pageAddress } from './scheme';
import type { Windows } from './windows';

/** The application menu: the pages with their keys, and what every desktop program has. */

const pages = [
  { label: 'Desk', hash: '#/desk' },
  { label: 'Parity', hash: '#/parity' },
  { label: 'Imports', hash: '#/imports' },
] as const;

export function setupMenu(windows: Windows): void {
  // Only the part after # changes, so the page moves on without being loaded again.
  const open = (hash: string) => void windows.showMain().webContents.loadURL(`${pageAddress}${hash}`);
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Import files…', accelerator: 'CmdOrCtrl+O', click: () => open('#/imports') },
        { type: 'separator' },
        process.platform === 'darwin' ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...pages.map(({ label, hash }, index) => ({
          label,
          accelerator: `CmdOrCtrl+${index + 1}`,
          click: () => open(hash),
        })),
        { type: 'separator' },
        { role: 'reload' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ label: 'About Lockstep', click: () => open('#/about') }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
