/** Tenants are parts of paths, of folders and of blobs alike. */
export function checkTenant(tenant: string): void {
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(tenant)) throw new Error(`"${tenant}" can't be the name of a tenant`);
}
