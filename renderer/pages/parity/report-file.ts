/** Takes text out of the console: to the clipboard, or to a file of the user's choosing. */

/** False when the clipboard is out of reach (permission, no focus). */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has taken hold of the blob once the click is handled.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
