import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LmdbDocumentTexts } from '../../src/cache/lmdb-document-texts.js';
import { documentTextsContract } from '../contracts/document-texts.contract.js';

describe('LmdbDocumentTexts', () => {
  documentTextsContract(async (bounds) => {
    const folder = await mkdtemp(join(tmpdir(), 'recograph-documents-'));
    const [texts, other] = [0, 1].map(() => new LmdbDocumentTexts({ folder, ...bounds }));
    return {
      texts: texts!,
      other: other!,
      async close() {
        await Promise.all([texts!.close(), other!.close()]);
        await rm(folder, { recursive: true });
      },
    };
  });
});
