/**
 * The story for people: one paragraph a step, a progress bar where a terminal can redraw a line and plain lines where it cannot.
 */
import { restsOn } from '../compose/requirement-texts.ts';
import type { StoryEvent } from '../compose/story.ts';
import { never } from '../model/fault.ts';
import type { Io } from './io.ts';

const BAR = 30;
/** Without a terminal, progress is told at each tenth. */
const PLAIN_STEP = 10;

/** The stage under whose heading progress is told. */
const TRANSFER = 'offered';

type Progress = Extract<StoryEvent, { event: 'progress' }>;

/** Renders events as text on `io`. */
export class StoryText {
  readonly #io: Io;
  #step = 0;
  #bar = false;
  #told = -1;
  /** Progress of a transfer whose heading is not told yet: the two come by different connections, in either order. Undefined behind it. */
  #held: Progress[] | undefined = [];

  constructor(io: Io) {
    this.#io = io;
  }

  /** Tells one event. */
  tell(event: StoryEvent): void {
    if (event.event === 'progress') return this.#progress(event);
    if (this.#bar) this.#redraw('\n');
    this.#bar = false;
    for (const line of this.#lines(event)) this.#io.out(line);
    if (event.event === 'stage' && event.stage === TRANSFER) this.#release();
  }

  #lines(event: Exclude<StoryEvent, Progress>): readonly string[] {
    const { paint } = this.#io;
    switch (event.event) {
      case 'start':
        return [
          paint('strong', 'Hearthgate demonstration'),
          `  broker   ${event.broker}`,
          `  gateway  ${event.gateway} (${event.environment}, air: ${event.air})`,
          ...event.devices.map((device) => `  ${device.type.toUpperCase().padEnd(8)} ${device.eui}`),
        ];
      case 'joined':
        return [`  ${event.type.toUpperCase()} ${event.device} joined by its install code and has a link key by certificate`];
      case 'panel':
        return [
          ...this.#title(`The PPMID's panel, drawn by its firmware ${version(event.version)}`),
          ...event.lines.map((line) => `    ${line}`),
        ];
      case 'request':
        return [
          ...this.#title(`${event.user} signs ${event.service}; ${event.countersigned.join(', ')} countersigns and publishes it`),
          `  request  ${event.requestId}`,
          `  image    ${event.image.length} bytes, SHA-256 ${event.image.sha256}`,
          `  version  ${version(event.firmwareVersion)}`,
        ];
      case 'decision':
        return [
          ...this.#title(`The gateway's decision: ${event.verdict === 'allow' ? paint('good', 'Allowed') : paint('bad', 'Refused')}`),
          ...(event.verdict === 'refuse' ? [`  ${event.code}: ${event.detail}`] : event.facts.map((fact) => `  ${fact}`)),
          paint('faint', `  rests on ${restsOn(event.requirements)}`),
        ];
      case 'image':
        return [
          ...this.#title(`The image, verified as received over MQTT before its first block is on the air: ${event.verdict}`),
          ...event.checks.map((check) => `  ${mark(check.result, paint)} ${check.name.padEnd(16)} ${check.found}`),
        ];
      case 'stage':
        return stageLines(event.stage).flatMap((line) => this.#title(line));
      case 'report':
        return [
          ...this.#title(`Report ${event.sequence} of the gateway, its signature checked by the S1SP side: ${event.stage}`),
          `  version read back over the HAN: ${event.firmwareVersion === undefined ? 'none' : version(event.firmwareVersion)}`,
        ];
      case 'refusal':
        return [
          ...(event.case === 'gas-supplier' ? this.#title('Requests that must be refused, and are') : []),
          `  ${paint('bad', 'refused')} ${event.case.padEnd(18)} ${event.reason}: ${event.detail} ${paint('faint', `[${restsOn(event.requirements)}]`)}`,
        ];
      case 'keys':
        return [];
      case 'failure':
        return [paint('bad', `  FAILED ${event.step}: ${event.detail}`)];
      case 'end':
        return [
          '',
          event.ok
            ? paint('good', `Done. The PPMID runs ${version(event.ppmid.version)}.`)
            : paint('bad', 'The story did not come out as told.'),
        ];
      default:
        return never(event);
    }
  }

  #title(text: string): readonly string[] {
    this.#step++;
    return ['', `${this.#io.paint('strong', `${this.#step}. `)}${text}`];
  }

  /** Tells what was held back; from now on progress is told as it comes. */
  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const each of held) this.#progress(each);
  }

  #progress(event: Progress): void {
    if (this.#held !== undefined) return void this.#held.push(event);
    const left = event.secondsLeft === undefined ? 'time left unknown' : `${event.secondsLeft} s left`;
    const figures = `${event.percent.toFixed(0).padStart(3)} %  ${event.bytes}/${event.total} B  ${event.bytesPerSecond} B/s  ${left}`;
    if (this.#io.terminal) {
      const full = Math.round((event.percent * BAR) / 100);
      this.#redraw(`\r  [${'█'.repeat(full)}${'·'.repeat(BAR - full)}] ${figures}\u001b[K`);
      this.#bar = true;
      return;
    }
    const tenth = Math.floor(event.percent / PLAIN_STEP);
    if (tenth === this.#told) return;
    this.#told = tenth;
    this.#io.out(`  ${figures}`);
  }

  #redraw(text: string): void {
    void this.#io.write(new TextEncoder().encode(text));
  }
}

const version = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

function mark(result: string, paint: Io['paint']): string {
  if (result === 'passed') return paint('good', 'passed     ');
  return result === 'failed' ? paint('bad', 'failed     ') : paint('faint', 'not present');
}

function stageLines(stage: string): readonly string[] {
  if (stage === TRANSFER) return ['The transfer over the OTA cluster'];
  if (stage === 'activating') return ['The PPMID has the whole image; authority is asked once more, then it activates'];
  return [];
}
