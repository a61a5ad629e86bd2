import { FileInput, GitCompareArrows, Info, LayoutDashboard, type LucideIcon } from 'lucide-react';
import { type ComponentType, lazy } from 'react';

/**
 * Every page of the console, in the order of the rail (About stands at its foot). A page that is not here does not exist: no link,
 * no shortcut, no command. `id` is the first segment of its address; the page reads the rest with `useAddress`.
 */
export interface PageEntry {
  readonly id: string;
  readonly title: string;
  /** The question the page answers, for the palette and the rail's hover text. */
  readonly answers: string;
  /** Pressed after `g`, goes there. */
  readonly goKey: string;
  readonly icon: LucideIcon;
  readonly component: ComponentType;
}

export const pages: readonly PageEntry[] = [
  {
    id: 'desk',
    title: 'Desk',
    answers: 'Is the strategy in parity, and where does the money go?',
    goKey: 'd',
    icon: LayoutDashboard,
    component: lazy(() => import('./desk/DeskPage')),
  },
  {
    id: 'parity',
    title: 'Parity',
    answers: 'Does it trade live as its backtest said: by strategy, symbol, day and order?',
    goKey: 'p',
    icon: GitCompareArrows,
    component: lazy(() => import('./parity/ParityPage')),
  },
  {
    id: 'imports',
    title: 'Imports',
    answers: 'What was read from which file, and what was not?',
    goKey: 'i',
    icon: FileInput,
    component: lazy(() => import('./imports/ImportsPage')),
  },
  {
    id: 'about',
    title: 'About and help',
    answers: 'Which version is this, where is its data, what do the words mean?',
    goKey: 'a',
    icon: Info,
    component: lazy(() => import('./about/AboutPage')),
  },
];
