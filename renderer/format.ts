/** How numbers and times read on screen is how they read everywhere. */
export * from '../shared/base/format';
