import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

/** A ZIP archive that is written as its members come. The same members make the same bytes. */
export class ZipFile {
  private readonly stream: WriteStream;
  private readonly zip: Zip;
  private readonly opened: Promise<unknown>;
  private failed: Error | null = null;

  constructor(path: string) {
    this.stream = createWriteStream(path);
    this.opened = once(this.stream, 'open');
    this.opened.catch(() => undefined); // `close` hears of it
    this.stream.on('error', (error) => {
      this.failed = error;
    });
    this.zip = new Zip((error, chunk) => {
      if (error) this.failed = error;
      else this.stream.write(chunk);
    });
  }

  add(name: string, content: Uint8Array): void {
    // A PDF's streams are packed already.
    const member = name.endsWith('.pdf') ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    // The oldest instant a ZIP can say: the reports inside say when they were made.
    member.mtime = new Date(1980, 0, 1, 12);
    this.zip.add(member);
    member.push(content, true);
  }

  async close(): Promise<void> {
    await this.opened;
    this.zip.end();
    await new Promise<void>((resolve, reject) =>
      this.stream.end((error?: Error | null) => (error ? reject(error) : resolve())),
    );
    if (this.failed) throw this.failed;
  }
}
