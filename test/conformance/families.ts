/** Families of fields that are compared with tshark, each for itself. A field of no family is not compared. */

/** The families, from the air upwards. */
export const FAMILIES = ['link', 'mac', 'beacon', 'nwk', 'gp', 'security', 'aps', 'zdp', 'zcl', 'cluster'] as const;

/** Name of a family. */
export type Family = (typeof FAMILIES)[number];

const PREFIXES: readonly (readonly [RegExp, Family])[] = [
  [/^(zep|wpan-tap)\./, 'link'],
  [/^wpan\./, 'mac'],
  [/^(zbee|zbip)_beacon\./, 'beacon'],
  [/^zbee_nwk\./, 'nwk'],
  [/^zbee_nwk_gp\./, 'gp'],
  [/^zbee[._]sec\./, 'security'],
  [/^zbee_ap[sf]\./, 'aps'],
  [/^zbee_zdp\./, 'zdp'],
  [/^zbee_zcl\./, 'zcl'],
  [/^zbee_zcl_/, 'cluster'],
];

/** The family of a field, or undefined. */
export const familyOf = (name: string): Family | undefined => PREFIXES.find(([pattern]) => pattern.test(name))?.[1];

/** Families whose fields Wireshark's tree gives out of wire order: they are compared in the order of their positions. */
export const BY_POSITION: ReadonlySet<Family> = new Set(['zcl', 'cluster']);
