/** Types of files.mjs for its test. */

/** SHA-256 over names and contents of files and folders, relative to the root. */
export function digestOf(sources: readonly string[], outputs: readonly string[]): string;
