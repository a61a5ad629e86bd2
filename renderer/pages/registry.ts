import {
  Bird,
  CalendarCheck,
  FileInput,
  GitCompareArrows,
  Info,
  LayoutDashboard,
  type LucideIcon,
  ScrollText,
} from 'lucide-react';
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
  /** Fetches the page's code. */
  readonly load: () => Promise<{ readonly default: ComponentType }>;
  readonly component: ComponentType;
}

function page(entry: Omit<PageEntry, 'component'>): PageEntry {
  return { ...entry, component: lazy(entry.load) };
}

export const pages: readonly PageEntry[] = [
  page({
    id: 'desk',
    title: 'Desk',
    answers: 'Is the strategy in parity, and where does the money go?',
    goKey: 'd',
    icon: LayoutDashboard,
    load: () => import('./desk/DeskPage'),
  }),
  page({
    id: 'parity',
    title: 'Parity',
    answers: 'Does it trade live as its backtest said: by strategy, symbol, day and order?',
    goKey: 'p',
    icon: GitCompareArrows,
    load: () => import('./parity/ParityPage'),
  }),
  page({
    id: 'canary',
    title: 'Canary',
    answers: 'May this version get more capital, and who watches it?',
    goKey: 'c',
    icon: Bird,
    load: () => import('./canary/CanaryPage'),
  }),
  page({
    id: 'reports',
    title: 'Reports',
    answers: 'Which day has which parity status, and how do I take it along?',
    goKey: 'r',
    icon: CalendarCheck,
    load: () => import('./reports/ReportsPage'),
  }),
  page({
    id: 'imports',
    title: 'Imports',
    answers: 'What was read from which file, and what was not?',
    goKey: 'i',
    icon: FileInput,
    load: () => import('./imports/ImportsPage'),
  }),
  page({
    id: 'audit',
    title: 'Audit',
    answers: 'Who decided what and when, and is the record whole?',
    goKey: 'u',
    icon: ScrollText,
    load: () => import('./audit/AuditPage'),
  }),
  page({
    id: 'about',
    title: 'About and help',
    answers: 'Which version is this, where is its data, what do the words mean?',
    goKey: 'a',
    icon: Info,
    load: () => import('./about/AboutPage'),
  }),
];
