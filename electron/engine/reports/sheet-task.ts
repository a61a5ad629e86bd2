import type { TaskFunction } from '../worker/protocol';
import { type SheetInput, sheetOf } from './sheet';
import { sheetHtml } from './sheet-html';
import type { Paper } from './sheet-pdf';

/** Prints one report, off the main thread: fitting a font into a PDF takes tens of milliseconds. */
export interface SheetTask {
  readonly args: { readonly input: SheetInput; readonly format: 'html' } | PdfArgs;
  readonly result: Uint8Array;
  readonly progress: never;
  readonly host: Record<string, never>;
}

interface PdfArgs {
  readonly input: SheetInput;
  readonly format: 'pdf';
  readonly paper: Paper;
  /** What the file says it was made at. */
  readonly madeAtUs: number;
}

export const sheetTask: TaskFunction<SheetTask> = async (args) => {
  const sheet = sheetOf(args.input);
  if (args.format === 'html') return new TextEncoder().encode(sheetHtml(sheet));
  // Loaded with its fonts when the first PDF is wanted.
  const { sheetPdf } = await import('./sheet-pdf');
  return sheetPdf(sheet, args.paper, args.madeAtUs);
};
