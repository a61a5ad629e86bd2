import { describe, expect, it } from 'vitest';
import { dataDirectory } from '../../electron/engine/data-directory';
import { isOwnAddress, mayOpenOutside } from '../../electron/main/origin';
import { suggestedName } from '../../electron/main/suggested-name';
import { placeWindow } from '../../electron/main/window-state';
import { locatePageFile } from '../../electron/server/page-files';

/** The shell's rules that need no Electron to be checked. */

describe('which addresses are the console’s own', () => {
  it.each(['app://lockstep/', 'app://lockstep/index.html', 'app://lockstep/#/desk', 'APP://lockstep/'])(
    '%s is',
    (address) => {
      expect(isOwnAddress(address)).toBe(true);
    },
  );

  it.each([
    '',
    'lockstep',
    'app:lockstep',
    'app://',
    'app://lockstep.example/',
    'app://evil/lockstep',
    'app://lockstep@evil/',
    'app://user@lockstep/',
    'app://user:word@lockstep/',
    'app://lockstep:81/',
    'https://lockstep/',
    'file:///lockstep/',
    'https://evil.example/app://lockstep/',
    'blob:app://lockstep/x',
    'about:blank',
    'javascript:alert(1)',
  ])('%s is not', (address) => {
    expect(isOwnAddress(address)).toBe(false);
  });
});

describe('which addresses may be opened outside', () => {
  it('https on a listed host', () => {
    expect(mayOpenOutside('https://www.freqtrade.io/en/stable/backtesting/')).toBe(true);
  });

  it.each([
    'http://www.freqtrade.io/',
    'https://www.freqtrade.io:8443/',
    'https://www.freqtrade.io.evil.example/',
    'https://evil.example/www.freqtrade.io',
    'https://www.freqtrade.io@evil.example/',
    'https://user@www.freqtrade.io/',
    'file:///etc/passwd',
    'smb://www.freqtrade.io/share',
    'ms-settings:',
    'javascript:alert(1)',
    'not an address',
  ])('%s is refused', (address) => {
    expect(mayOpenOutside(address)).toBe(false);
  });
});

describe('where the window opens', () => {
  const left = { x: 0, y: 0, width: 1920, height: 1040 };
  const right = { x: 1920, y: -200, width: 2560, height: 1400 };

  it.each([
    ['never opened before: the middle of the first screen', null, { x: 240, y: 70, width: 1440, height: 900 }],
    ['where it was', { x: 100, y: 50, width: 1000, height: 700 }, { x: 100, y: 50, width: 1000, height: 700 }],
    [
      'on the other screen',
      { x: 2000, y: -150, width: 1000, height: 700 },
      { x: 2000, y: -150, width: 1000, height: 700 },
    ],
    [
      'across both screens',
      { x: 1700, y: 100, width: 1000, height: 700 },
      { x: 1700, y: 100, width: 1000, height: 700 },
    ],
    [
      'a screen that is gone',
      { x: 5000, y: 0, width: 1000, height: 700 },
      { x: 460, y: 170, width: 1000, height: 700 },
    ],
    [
      'too far right to grab',
      { x: 4400, y: 0, width: 1000, height: 700 },
      { x: 460, y: 170, width: 1000, height: 700 },
    ],
    [
      'its title bar above the screen',
      { x: 100, y: -300, width: 1000, height: 700 },
      { x: 460, y: 170, width: 1000, height: 700 },
    ],
    ['below the screen', { x: 100, y: 1035, width: 1000, height: 700 }, { x: 460, y: 170, width: 1000, height: 700 }],
    ['larger than the screen', { x: 0, y: 0, width: 9000, height: 9000 }, { x: 0, y: 0, width: 1920, height: 1040 }],
  ])('%s', (_case, stored, expected) => {
    expect(placeWindow(stored, [left, right])).toEqual(expected);
  });

  it('a small first screen makes it smaller', () => {
    expect(placeWindow(null, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({
      x: 0,
      y: 0,
      width: 1280,
      height: 720,
    });
  });
});

describe('where desks live', () => {
  it.each([
    ['linux', {}, '/home/a/.local/share/lockstep'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/lockstep'],
    ['darwin', {}, '/home/a/Library/Application Support/Lockstep'],
    ['linux', { LOCKSTEP_DATA_DIR: '/desks', XDG_DATA_HOME: '/data' }, '/desks'],
    ['linux', { LOCKSTEP_DATA_DIR: '' }, '/home/a/.local/share/lockstep'],
  ] as const)('on %s with %j: %s', (platform, environment, expected) => {
    expect(dataDirectory({ platform, environment, home: '/home/a' })).toBe(expected);
  });

  it('on Windows beside other local data, which does not roam', () => {
    const environment = { LOCALAPPDATA: 'C:/Users/a/AppData/Local' };
    expect(dataDirectory({ platform: 'win32', environment, home: 'C:/Users/a' })).toMatch(/AppData.Local.Lockstep$/);
  });
});

describe('which file a path of the page names', () => {
  it.each([
    ['/', '/root/index.html'],
    ['/index.html', '/root/index.html'],
    ['/assets/a-b_1.js', '/root/assets/a-b_1.js'],
    ['/assets/%61.js', '/root/assets/a.js'],
    ['/assets/../index.html', '/root/index.html'],
  ])('%s: %s', (path, expected) => {
    expect(locatePageFile('/root', path)).toBe(expected);
  });

  it.each([
    '/../root-other/a.js',
    '/..%2froot-other%2fa.js',
    '/../a.js',
    '/%2e%2e/a.js',
    '/a',
    '/a.txt',
    '/a.js%00.html',
    '/%E0%A4%A',
    '/..\\a.js',
    '',
  ])('%s: none', (path) => {
    expect(locatePageFile('/root', path)).toBe(null);
  });
});

describe('the name suggested for a file to save', () => {
  it.each([
    ['alpha_BTC-USDT_2026-01-02.pdf', 'alpha_BTC-USDT_2026-01-02.pdf'],
    ['Café µ.csv', 'Café µ.csv'],
    ['../../etc/passwd', '--..-etc-passwd'],
    ['C:\\Windows\\system32\\x.dll', 'C-Windows-system32-x.dll'],
    ['.bashrc', '-bashrc'],
    ['a\u0000b\u202ecod.exe', 'a-b-cod.exe'],
    ['', 'lockstep'],
  ])('%s becomes %s', (name, suggested) => {
    expect(suggestedName(name)).toBe(suggested);
  });

  it('keeps the end of a long name, which says what it is', () => {
    expect(suggestedName(`${'long'.repeat(100)}.zip`)).toBe(`${'long'.repeat(29)}.zip`);
  });
});
