/** What is asked of a file before anything is made of it. */
import { access, constants, stat } from 'node:fs/promises';
import { ImportError } from './import-error.js';

/** @throws ImportError FILE_NOT_FOUND, UNREADABLE_FILE */
export async function mustBeReadable(file: string): Promise<void> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    if (missing) throw new ImportError('FILE_NOT_FOUND', `there is no file ${file}`, { cause });
    throw unreadable(file, cause);
  });
  if (!found.isFile()) throw new ImportError('FILE_NOT_FOUND', `${file} is not a file`);
  if (found.size === 0) throw new ImportError('UNREADABLE_FILE', `${file} is empty`);
  await access(file, constants.R_OK).catch((cause: Error) => {
    throw unreadable(file, cause);
  });
}

function unreadable(file: string, cause: Error): ImportError {
  return new ImportError('UNREADABLE_FILE', `${file} cannot be read: ${cause.message}`, { cause });
}
