/**
 * Texts of GraphQL documents that clients registered, by their SHA-256 in hex: so many and so many bytes, oldest out first. A text that
 * is not there makes its client send it again, so a store that is away has none and takes none.
 */
export interface DocumentTexts {
  /** Null where the text was never registered, has been dropped since, or can't be read now. */
  get(hash: string): Promise<string | null>;
  put(hash: string, text: string): Promise<void>;
  close(): Promise<void>;
}

export interface DocumentTextsBounds {
  /** Texts. */
  readonly capacity: number;
  /** Of all texts, as UTF-8. One that is larger alone is not taken. */
  readonly bytes: number;
}
