/**
 * Version of everything in `shared/parity` that decides a figure. It changes with every change that can change a report, so that
 * stored reports say what made them and are made again.
 */
export const methodVersion = 'parity-1';
