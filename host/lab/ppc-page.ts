/** The report of a pending combination's tests as a page to print. */
import { version } from '../policy/wording.ts';
import { imageOf, instant } from './bench-page.ts';
import { facts, html, page, table, type Html } from './html.ts';
import type { PpcReport } from './ppc-report.ts';
import type { ReportSigner } from './signed-report.ts';

const RESULTS: Readonly<Record<PpcReport['result'], string>> = {
  passed: 'passed: the combination may move to the eligible list',
  failed: 'failed: the combination stays pending',
  'modification-required': 'modification required: testing ends, the combination stays pending',
};

/** The page of a report; `name` is that of the signed file it was made from. */
export function ppcPage(report: PpcReport, signer: ReportSigner, name: string): string {
  const { combination, items, image } = report;
  return page('Test of a pending product combination', [
    facts([
      ['Result', html`<span class="${report.result === 'passed' ? 'passed' : 'failed'}">${RESULTS[report.result]}</span>`],
      ['Findings', report.findings],
      ['Requester', `${report.requester}, ${report.requesterIsParty ? 'a party of the Code' : 'no party of the Code'}`],
      ['Reason', report.reason],
      ['Against the nearest eligible', lines(report.delta)],
      ['Release', `${report.release}, ${report.approach}`],
      ['Obligations acknowledged', report.acknowledged.join(', ')],
      ['Retest after', report.after],
      ['Warnings', report.warnings.length === 0 ? undefined : lines(report.warnings)],
      ['Mode', `${report.mode}; ${report.radio} (${report.clock})`],
      ['Begun', instant(report.started)],
      ['Ended', instant(report.ended)],
      ['Signed by', `${signer.name}, ${signer.role} ${signer.party}, key ${signer.kid}`],
      ['Signature in', name],
    ]),
    html`<h2>Combination</h2>`,
    table(
      ['Type', 'Manufacturer', 'Model', 'Hardware', 'Firmware'],
      combination.map((each) => [
        each.type,
        `0x${each.manufacturer.toString(16).padStart(4, '0')}`,
        each.model,
        each.hardwareVersion,
        version(each.firmwareVersion),
      ]),
    ),
    html`<h2>Test list</h2>`,
    table(
      ['Item', 'Of', 'Verdict', 'Detail', 'Took', 'Requirements'],
      items.map((item) => [
        item.name,
        item.kind,
        html`<span class="${item.verdict}">${item.verdict}</span>`,
        item.detail,
        `${(item.milliseconds / 1000).toFixed(1)} s`,
        item.requirements.join(', '),
      ]),
    ),
    ...imageOf(image),
  ]);
}

const lines = (texts: readonly string[]): Html | undefined =>
  texts.length === 0 ? undefined : html`${texts.map((each) => html`${each}<br />`)}`;
