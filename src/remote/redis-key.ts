/** Key of a store: all with the same tenant and store lie on one node of a cluster. */
export function redisKey(tenant: string, store: string, ...parts: readonly (string | number)[]): string {
  return [`recograph:{${tenant}:${store}}`, ...parts].join(':');
}
