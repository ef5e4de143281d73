/** `bench flash`: an image to devices of its manufacturer and type, one after another, on the lab bench. */
import type { BenchUnit } from '../compose/bench-device.ts';
import type { FlashEvent } from '../compose/bench.ts';
import { readInstallCode } from '../core/install-code.ts';
import { Fault } from '../model/fault.ts';
import { eui64, parseEui64, type Eui64 } from '../model/ids.ts';
import type { UnitRecord } from '../lab/bench-report.ts';
import { reportKey, REPORT_OPTIONS, writeReport } from './bench-report.ts';
import { RADIO, radioChoice, radioOptions } from './bench-radio.ts';
import { gather } from './image-trust.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { number, text } from './option.ts';
import type { Options, Program } from './program.ts';
import { readSource } from './source.ts';
import { StoryText } from './story-text.ts';

/** The first of the virtual devices; each further one has the next EUI-64. */
const FIRST_DEVICE = 0x0200_0000_0000_0202n;
const MOST = 1000;

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'bench flash <image>',
    summary: 'Verifies a ZigBee OTA image, transfers it to one device after another, reads it back and writes a signed report.',
    examples: [
      'hearthgate bench flash firmware.ota --radio air',
      'hearthgate bench flash firmware.ota --radio air --loss 5 --repeat 10 --report flash.json',
      'hearthgate bench flash firmware.ota --radio serial:///dev/ttyUSB0 --device 02-00-00-00-00-00-02-02 --install-codes codes.yaml \\',
      '    --certificate suite-2.cert --ca maker.pub --report flash.json --key bench.key',
    ],
    codes: [
      'Lab keys are made on the spot; no image goes out without an allowed decision. A virtual device is read back bit for bit, a real one by',
      'its own check of the file and the version that it answers afterwards.',
      'Code 0: every device has the image. Code 1: one has not. Code 3: the radio cannot be opened; what was flashed before is in the report.',
    ],
    options: (command) => {
      command.requiredOption(...RADIO);
      radioOptions(command);
      command.option<readonly string[]>('--device <eui64>', 'device to be flashed; may be repeated', gather, []);
      command.option<readonly string[]>('--install-code <code>', 'its install code, in the order of --device', gather, []);
      command.option('--repeat <times>', 'flash each device so often; on the air each time a new one', '1');
      command.option('--allow-downgrade', "order the image even if its version is below the device's", false);
      command.option('--data <folder>', "keep the gateway's store here, for one device; a folder with production trust is refused");
      for (const [flags, what] of REPORT_OPTIONS) command.option(flags, what);
    },
    action: bench,
  });
}

async function bench(io: Io, options: Options, name = ''): Promise<ExitCode> {
  const [{ flash }, key, { installCodes, ...choice }] = await Promise.all([
    import('../compose/bench.ts'),
    reportKey(options),
    radioChoice(options),
  ]);
  const units = unitsOf(options, installCodes, choice.radio.kind === 'air');
  const data = text(options, 'data');
  if (data !== undefined && units.length > 1) throw new Fault('config', '--data keeps the store of one gateway: it goes with one device');
  let story = new StoryText(io);
  const report = await flash({
    ...choice,
    image: await readSource(io, name),
    name,
    units,
    allowDowngrade: options['allowDowngrade'] === true,
    data,
    stop: io.interrupted,
    tell(event) {
      if (options.json) return io.out(JSON.stringify(event));
      if (event.event === 'unit') story = new StoryText(io);
      tellText(io, story, event);
    },
  });
  await writeReport(io, options, report, key);
  if (io.interrupted.aborted) return EXIT.interrupted;
  if (report.stopped !== undefined) throw new Fault(report.stopped.code, report.stopped.detail);
  return report.complete && report.failed === 0 ? EXIT.done : EXIT.refused;
}

/** The devices in the order in which they have their turn. Throws Fault `config`. */
function unitsOf(options: Options, filed: ReadonlyMap<Eui64, Uint8Array>, virtual: boolean): readonly BenchUnit[] {
  const given = (options['device'] as readonly string[]).map(deviceOf);
  const typed = options['installCode'] as readonly string[];
  const times = number(options, 'repeat', 1, MOST) ?? 1;
  if (given.length === 0 && !virtual) throw new Fault('config', '--device is missing: a real device is known by its EUI-64');
  if (typed.length > 0 && typed.length !== given.length)
    throw new Fault('config', `--install-code belongs to a --device: ${typed.length} codes for ${given.length} devices`);
  if (given.length === 0) return Array.from({ length: times }, (_, i) => ({ eui: nth(i), installCode: filed.get(nth(i)) }));
  const once = given.map((eui, i) => ({ eui, installCode: typed[i] === undefined ? filed.get(eui) : codeOf(typed[i]) }));
  return Array.from({ length: times }, () => once).flat();
}

const nth = (index: number): Eui64 => eui64((FIRST_DEVICE + BigInt(index) * 0x10n).toString(16).padStart(16, '0'));

function deviceOf(value: string): Eui64 {
  const id = parseEui64(value);
  if (id === undefined) throw new Fault('config', `--device ${value} is not an EUI-64`);
  return id;
}

function codeOf(value: string): Uint8Array {
  const code = readInstallCode(new TextEncoder().encode(value));
  if (!code.ok) throw new Fault('config', `--install-code: ${code.detail}`);
  return code.value;
}

function tellText(io: Io, story: StoryText, event: FlashEvent): void {
  if (event.event === 'unit') return io.out(`\n${io.paint('strong', `Device ${event.number} of ${event.of}: ${event.device}`)}`);
  if (event.event === 'summary') return summary(io, event.units);
  if (event.event !== 'end') return story.tell(event);
  const { file, device, ok } = event;
  io.out('');
  io.out(`  file    ${file.sha256} (${file.length} bytes)`);
  if (device.length !== undefined) io.out(`  device  ${device.sha256 ?? 'nothing'} (${device.length} bytes)`);
  io.out(`  version ${versionText(device.version)}`);
  const [yes, no] =
    device.length === undefined
      ? ['The device took the image and answers its version.', 'The device does not run the image.']
      : ['The device holds the image bit for bit.', 'The device does not hold the image.'];
  io.out(io.paint(ok ? 'good' : 'bad', ok ? yes : no));
}

/** One line a device. */
function summary(io: Io, units: readonly UnitRecord[]): void {
  const row = (...cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd([4, 17, 8, 12, 9, 10][i] ?? 0))
      .join(' ')
      .trimEnd();
  io.out(`\n${row('No.', 'device', 'outcome', 'version', 'seconds', 'B/s', 'reason')}`);
  for (const { number: at, device, outcome, versionAfter, started, ended, transfer, reason } of units) {
    const time = ((ended - started) / 1000).toFixed(1);
    const why = reason === undefined ? '' : `${reason.code}: ${reason.detail}`;
    io.out(row(`${at}`, device, outcome, versionText(versionAfter), time, `${transfer?.bytesPerSecond ?? ''}`, why));
  }
  const passed = units.filter(({ outcome }) => outcome === 'passed').length;
  io.out(io.paint(passed === units.length ? 'good' : 'bad', `${passed} passed, ${units.length - passed} failed`));
}

const versionText = (version: number | undefined): string =>
  version === undefined ? 'not read' : `0x${version.toString(16).padStart(8, '0')}`;
