// How a day is filled in, of people who agreed that it be kept: the class of device, how often the day was changed, and the seconds on each
// step. Nothing else is gathered, and without the consent nothing at all.

/// The steps that are told apart, as the server names them.
export type Step = "racconto" | "dettagli";

/// What goes to the server for one step.
export interface Report {
  dispositivo: "phone" | "tablet" | "desktop";
  modifiche: string;
  passo: Step;
  secondi: string;
}

/// Whoever does nothing for so long has gone away; the time until then does not count, in milliseconds.
const AWAY = 120_000;

export class Trace {
  readonly #now: () => number;
  #last: number;
  #spent: Record<Step, { edits: number; milliseconds: number }> = { racconto: { edits: 0, milliseconds: 0 }, dettagli: { edits: 0, milliseconds: 0 } };

  constructor(now: () => number = () => performance.now()) {
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

  /// What there is to report, which begins anew then.
  take(width: number, isTouched: boolean): Report[] {
    const dispositivo = !isTouched ? "desktop" : width < 600 ? "phone" : "tablet";
    const reports = (Object.keys(this.#spent) as Step[]).flatMap((passo): Report[] => {
      const { edits, milliseconds } = this.#spent[passo];
      this.#spent[passo] = { edits: 0, milliseconds: 0 };
      return edits === 0 ? [] : [{ dispositivo, modifiche: String(edits), passo, secondi: String(Math.round(milliseconds / 1000)) }];
    });
    return reports;
  }
}
