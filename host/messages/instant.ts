/** Whole seconds since 1970 as ISO 8601 in UTC, to the second; years 1970 to 9999. */
export const instant = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
