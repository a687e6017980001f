/** Sends a pipeline of ioredis and gives the answers of its calls in their order. */

/** @throws the first error among the answers */
export async function inOneTrip<Answers extends readonly unknown[]>(pipeline: {
  exec(): Promise<[error: Error | null, result: unknown][] | null>;
}): Promise<Answers> {
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, result]) => {
    if (error !== null) throw error;
    return result;
  }) as unknown as Answers;
}
