/** A bench's report as a page to print: what was flashed, what became of each device, every check and every change of state. */
import type { BenchReport, ReportedImage, UnitCheck, UnitRecord } from './bench-report.ts';
import { facts, html, page, table, type Html } from './html.ts';
import type { ReportSigner } from './signed-report.ts';

/** The page of a report; `name` is that of the signed file it was made from. */
export function benchPage(report: BenchReport, signer: ReportSigner, name: string): string {
  const { image, units, passed, failed, complete, stopped } = report;
  const early = complete ? '' : stopped === undefined ? ', interrupted' : `, stopped: ${stopped.code}: ${stopped.detail}`;
  return page(`Bench report: ${image.name}`, [
    facts([
      ['Outcome', html`${word(failed === 0 && complete)}: ${passed} passed, ${failed} failed${early}`],
      ['Environment', report.environment],
      ['Software', `Hearthgate ${report.software}`],
      ['Radio', `${report.radio} (${report.clock})`],
      ['Begun', instant(report.started)],
      ['Ended', instant(report.ended)],
      ['Signed by', `${signer.name}, ${signer.role} ${signer.party}, key ${signer.kid}`],
      ['Signature in', name],
    ]),
    ...imageOf(image),
    html`<h2>Devices</h2>`,
    summaryTable(units),
    ...units.flatMap(unitOf),
  ]);
}

/** One row a unit. */
export const summaryTable = (units: readonly UnitRecord[]): Html =>
  table(
    ['No.', 'Device', 'Outcome', 'Version', 'Time', 'Rate', 'Restarts', 'Reason'],
    units.map((unit) => [
      unit.number,
      unit.device,
      word(unit.outcome === 'passed'),
      `${version(unit.versionBefore)} → ${version(unit.versionAfter)}`,
      duration(unit.ended - unit.started),
      unit.transfer === undefined ? '' : `${unit.transfer.bytesPerSecond} B/s`,
      unit.transfer?.restarts,
      unit.reason === undefined ? '' : `${unit.reason.code}: ${unit.reason.detail}`,
    ]),
  );

/** The image and what the verifier says of every check. */
export function imageOf({
  name,
  sha256,
  length,
  header,
  elements,
  elementsSeen,
  verdict,
  code,
  checks,
  signature,
}: ReportedImage): readonly Html[] {
  return [
    html`<h2>Image</h2>`,
    facts([
      ['File', name],
      ['SHA-256', sha256],
      ['Length', `${length} bytes`],
      ['Manufacturer', header === undefined ? undefined : digits(header.manufacturer, 4)],
      ['Image type', header === undefined ? undefined : digits(header.imageType, 4)],
      ['File version', header === undefined ? undefined : version(header.fileVersion)],
      ['Text', header?.text],
      ['Elements', elements && elementText(elements, elementsSeen)],
      ['Signed by', signature === undefined ? undefined : `${signature.signer}, under ${signature.authority ?? 'no known authority'}`],
      ['Verdict', code === undefined ? verdict : `${verdict}: ${code}`],
    ]),
    checkTable(checks),
  ];
}

/** Elements that a page shows; the signed report has them all. */
const SHOWN = 16;

function elementText(elements: NonNullable<ReportedImage['elements']>, seen = elements.length): string {
  const shown = elements.slice(0, SHOWN).map(({ tag, length }) => `${digits(tag, 4)} (${length} bytes)`);
  return [...shown, ...(seen > shown.length ? [`and ${seen - shown.length} more`] : [])].join(', ') || 'none';
}

const checkTable = (checks: readonly UnitCheck[]): Html =>
  table(
    ['Check', 'Result', 'Expected', 'Found', 'Bytes', 'Requirements'],
    checks.map(({ name, result, expected, found, range, requirements }) => [
      name,
      html`<span class="${result}">${result}</span>`,
      expected,
      found,
      range === undefined ? undefined : `${range[0]}-${range[1]}`,
      requirements?.join(', '),
    ]),
  );

function unitOf(unit: UnitRecord): readonly Html[] {
  const { decision, image } = unit;
  return [
    html`<h2>No. ${unit.number}: ${unit.device}</h2>`,
    facts([
      ['Parties', unit.parties.map(({ role, name, kid }) => html`${name} (${role}, key ${kid})<br />`)],
      ['Joined', unit.joined === undefined ? 'no' : instant(unit.joined)],
      ['Decision', decision === undefined ? 'none' : decided(decision)],
      [
        'Image at the gateway',
        image === undefined ? 'not verified' : image.code === undefined ? image.verdict : `${image.verdict}: ${image.code}`,
      ],
      ['Device holds', unit.received === undefined ? undefined : `${unit.received.sha256 ?? 'nothing'} (${unit.received.length} bytes)`],
    ]),
    ...(image === undefined || image.code === undefined ? [] : [checkTable(image.checks.filter(({ result }) => result === 'failed'))]),
    ...(unit.authority.length === 0 ? [] : [authorityTable(unit)]),
    table(
      ['State', 'At', 'After'],
      unit.stages.map(({ stage, time }) => [stage, instant(time), duration(time - unit.started)]),
    ),
  ];
}

const authorityTable = ({ authority, started }: UnitRecord): Html =>
  table(
    ['Authority asked', 'Answer', 'After', 'Requirements'],
    authority.map(({ moment, verdict, code, detail, time, requirements }) => [
      moment,
      code === undefined ? verdict : `${verdict}: ${code}: ${detail}`,
      duration(time - started),
      requirements.join(', '),
    ]),
  );

function decided({ verdict, code, detail, facts: rests, requirements }: NonNullable<UnitRecord['decision']>): Html {
  const head = code === undefined ? verdict : `${verdict}: ${code}: ${detail}`;
  return html`${head} [${requirements.join(', ')}]${rests.map((fact) => html`<br />${fact}`)}`;
}

const word = (passed: boolean): Html => html`<span class="${passed ? 'passed' : 'failed'}">${passed ? 'passed' : 'failed'}</span>`;
/** An instant of milliseconds since 1970, as pages show it. */
export const instant = (time: number): string => new Date(time).toISOString();
const digits = (value: number, count: number): string => `0x${value.toString(16).padStart(count, '0')}`;
const version = (value: number | undefined): string => (value === undefined ? 'not read' : digits(value, 8));
const duration = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
