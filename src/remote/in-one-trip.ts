/** Answers of a pipeline or transaction in their order; throws the first of its errors. */
export async function inOneTrip<Answers extends readonly unknown[]>(pipeline: {
  exec(): Promise<[error: Error | null, result: unknown][] | null>;
}): Promise<Answers> {
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, result]) => {
    if (error !== null) throw error;
    return result;
  }) as unknown as Answers;
}
