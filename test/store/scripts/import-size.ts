/** How much each import of the killed process brings: small enough for many imports a second, in many transactions. */
export const importSize = { days: 4, symbols: 6, rows: 50 } as const;
