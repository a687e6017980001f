/** Texts of GraphQL documents that clients registered, by hash. */
export interface DocumentTexts {
  /** Null where the text was never registered, or has been dropped since. */
  get(hash: string): string | null;
  put(hash: string, text: string): void;
  close(): Promise<void>;
}
