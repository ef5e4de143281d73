/** Numbers and rules of key establishment (ZSE annex C.3.1): times, suites, and which status tells which mistake. */
import { KeStatus } from '../clusters/key-exchange.ts';
import type { SuiteNumber } from '../core/curves.ts';

/**
 * Seconds that this side says its ephemeral key and its confirmation take: far more than they do, since a partner may be patient but not
 * more than it was told. The figures are those of stacks in the field.
 */
export const SUITE_TIMES: Readonly<Record<SuiteNumber, { readonly ephemeralTime: number; readonly confirmTime: number }>> = {
  1: { ephemeralTime: 10, confirmTime: 15 },
  2: { ephemeralTime: 20, confirmTime: 25 },
};

/** What a message may take through the air on top of what its sender needs. */
export const TRANSIT_MS = 2_000;
/** How long an Initiate Response may take: nothing was said about it yet. */
export const AWAIT_RESPONSE_MS = 12_000;
/** What a partner is told to wait when there is no room. */
export const BUSY_SECONDS = 30;

/** The suite of a field in which exactly one known bit is set. */
export const suiteOf = (bits: number): SuiteNumber | undefined => (bits === 1 || bits === 2 ? bits : undefined);

/** The status that tells a partner why the core refused. Points and lengths are one kind of mistake to it: no more is told of them. */
export function statusOf(code: string): number {
  switch (code) {
    case 'curve-issuer':
      return KeStatus.UNKNOWN_ISSUER;
    case 'curve-confirm':
      return KeStatus.BAD_KEY_CONFIRM;
    case 'key-no-slot':
      return KeStatus.NO_RESOURCES;
    case 'curve-certificate-format':
    case 'curve-certificate-usage':
    case 'curve-public-key':
      return KeStatus.INVALID_CERTIFICATE;
    default:
      return KeStatus.BAD_MESSAGE;
  }
}
