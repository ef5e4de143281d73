/** Types of prepare.mjs for its test. */

/** The part of a lockfile that is looked at. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}

/** Why the installed packages are not those of the lockfile, or undefined when they are. */
export function dependenciesDiffer(locked: Lockfile | undefined, installed: Lockfile | undefined): string | undefined;
