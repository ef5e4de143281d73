/** Which page a signed report is printed as. */
import { Fault } from '../model/fault.ts';
import { benchPage } from './bench-page.ts';
import type { BenchReport } from './bench-report.ts';
import { ppcPage } from './ppc-page.ts';
import type { PpcReport } from './ppc-report.ts';
import type { OpenedReport } from './signed-report.ts';

/**
 * The page of an opened report; `name` is that of its file. What was signed is taken to be what its kind says: this program writes no other.
 * Throws Fault `input` for a report of a kind that is not known.
 */
export function pageOf({ report, signer }: OpenedReport, name: string): string {
  if (report['kind'] === 'bench-flash') return benchPage(report as unknown as BenchReport, signer, name);
  if (report['kind'] === 'bench-ppc') return ppcPage(report as unknown as PpcReport, signer, name);
  throw new Fault('input', `${name}: a report of the kind ${String(report['kind'])}, which has no page`);
}
