/** Texts in front of a store that is further away: what is asked for often costs no round trip, also while the store is away. */
import { type DocumentTexts } from './document-texts.js';

export class CachedDocumentTexts implements DocumentTexts {
  /** In the order of their last use, oldest first. */
  private readonly texts = new Map<string, string>();
  private characters = 0;

  /** @param most characters of all texts that are held */
  constructor(
    private readonly store: DocumentTexts,
    private readonly most: number,
  ) {}

  async get(hash: string): Promise<string | null> {
    const held = this.texts.get(hash);
    const text = held ?? (await this.store.get(hash));
    if (text !== null) this.hold(hash, text);
    return text;
  }

  put(hash: string, text: string): Promise<void> {
    this.hold(hash, text);
    return this.store.put(hash, text);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private hold(hash: string, text: string): void {
    this.drop(hash);
    this.texts.set(hash, text);
    this.characters += text.length;
    for (const oldest of this.texts.keys()) {
      if (this.characters <= this.most) break;
      this.drop(oldest);
    }
  }

  private drop(hash: string): void {
    this.characters -= this.texts.get(hash)?.length ?? 0;
    this.texts.delete(hash);
  }
}
