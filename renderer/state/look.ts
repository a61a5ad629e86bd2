import { create } from 'zustand';

/** Dark or light, as chosen or as the system says; kept on this workstation. */
const lookChoices = ['dark', 'light', 'system'] as const;
export type LookChoice = (typeof lookChoices)[number];
export type Theme = 'dark' | 'light';

const storageKey = 'lockstep.look';

function isChoice(text: string | null): text is LookChoice {
  return lookChoices.some((choice) => choice === text);
}

function stored(): LookChoice {
  try {
    const text = window.localStorage.getItem(storageKey);
    return isChoice(text) ? text : 'dark';
  } catch {
    return 'dark'; // storage is switched off: the choice lasts as long as the page
  }
}

function systemTheme(): Theme {
  return window.matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

function themeOf(choice: LookChoice): Theme {
  return choice === 'system' ? systemTheme() : choice;
}

interface Look {
  readonly choice: LookChoice;
  /** What is drawn; charts read it to know when to take the tokens anew. */
  readonly theme: Theme;
  readonly choose: (choice: LookChoice) => void;
}

export const useLook = create<Look>()((set) => ({
  choice: 'dark',
  theme: 'dark',
  choose(choice) {
    const theme = themeOf(choice);
    document.documentElement.setAttribute('data-theme', theme);
    try {
      window.localStorage.setItem(storageKey, choice);
    } catch {
      // as above
    }
    set({ choice, theme });
  },
}));

/** Draws the page in the stored look and follows the system where that was chosen. Called once, before the first render. */
export function startLook(): void {
  const { choose } = useLook.getState();
  choose(stored());
  window.matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => {
    if (useLook.getState().choice === 'system') choose('system');
  });
}
