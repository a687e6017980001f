import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointFile } from '../../src/state/checkpoint.js';
import { FilesCheckpointStore } from '../../src/state/files-checkpoint-store.js';
import { checkpointStoreContract } from '../contracts/checkpoint-store.contract.js';
import { withFolder } from '../support/server.js';

describe('checkpoints in files', () => {
  checkpointStoreContract((run) =>
    withFolder((folder) =>
      run({
        store: new FilesCheckpointStore(folder),
        other: new FilesCheckpointStore(folder),
        async rewrite(position, change) {
          const path = join(folder, checkpointFile(position));
          await writeFile(path, change(await readFile(path)));
        },
      }),
    ),
  );
});
