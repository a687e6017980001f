/** Fields of one well-formed CSV record, and a record written so that every reader takes it the same way. */
export function parseFields(record: string, delimiter: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const quotedField = record[at] === '"';
    const end = quotedField ? closingQuote(record, at) + 1 : endOfPlain(record, at, delimiter);
    fields.push(quotedField ? record.slice(at + 1, end - 1).replaceAll('""', '"') : record.slice(at, end));
    if (end >= record.length) return fields;
    at = end + 1;
  }
}

export function formatFields(fields: readonly string[], delimiter: string): string {
  return fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(delimiter);
}

function endOfPlain(record: string, at: number, delimiter: string): number {
  const end = record.indexOf(delimiter, at);
  return end < 0 ? record.length : end;
}

function closingQuote(record: string, open: number): number {
  let at = record.indexOf('"', open + 1);
  while (record[at + 1] === '"') at = record.indexOf('"', at + 2);
  return at;
}
