// How a day is filled in, of people who agreed that it be kept: the class of device, how often the day was changed, and the seconds on each
// step. Nothing else is gathered, and without the consent nothing leaves. It goes with the ordinary save, and what has arrived is forgotten.

/// The steps that are told apart, as the server names them.
export type Step = "racconto" | "dettagli";

/// What goes to the server for one step.
export interface Report {
  dispositivo: "phone" | "tablet" | "desktop";
  modifiche: number;
  passo: Step;
  secondi: number;
}

/// Whoever does nothing for so long has gone away; the time until then does not count, in milliseconds.
const AWAY = 120_000;

/// The server keeps tens of seconds: what is less stays here until it is as much.
const PRECISION = 10;

export class Trace {
  readonly #device: Report["dispositivo"];
  readonly #now: () => number;
  #last: number;
  readonly #spent = { racconto: { edits: 0, milliseconds: 0 }, dettagli: { edits: 0, milliseconds: 0 } };

  constructor(width: number, isTouched: boolean, now: () => number = () => performance.now()) {
    this.#device = !isTouched ? "desktop" : width < 600 ? "phone" : "tablet";
    this.#now = now;
    this.#last = now();
  }

  /// The person changed the day in this step; the time since their last change went into it.
  edit(step: Step): void {
    const [now, spent] = [this.#now(), this.#spent[step]];
    spent.edits += 1;
    if (now - this.#last < AWAY) spent.milliseconds += now - this.#last;
    this.#last = now;
  }

  /// What there is to report.
  reports(): Report[] {
    return (["racconto", "dettagli"] as const).flatMap((passo): Report[] => {
      const { edits, milliseconds } = this.#spent[passo];
      const secondi = Math.floor(milliseconds / 1000 / PRECISION) * PRECISION;
      return edits === 0 ? [] : [{ dispositivo: this.#device, modifiche: edits, passo, secondi }];
    });
  }

  /// What was reported has arrived; what came since stays.
  arrived(reports: Report[]): void {
    for (const { passo, modifiche, secondi } of reports) {
      this.#spent[passo].edits -= modifiche;
      this.#spent[passo].milliseconds -= secondi * 1000;
    }
  }
}
