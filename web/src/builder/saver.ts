import { ApiError } from "../api/client";

/** How far what was changed has come. */
export type SaveState =
  | { is: "saved" }
  | { is: "changed" } // and will be saved soon
  | { is: "saving" }
  | { is: "failed"; error: Error } // and will be tried again
  | { is: "refused"; error: Error } // until it is changed
  | { is: "conflict" }; // somebody else saved meanwhile: nothing more is saved

/** The wait after a change before it is saved, and before a failure is tried again, in milliseconds. */
const wait = 800;
const retry = 5_000;

/**
 * Saves by itself what changes: the newest, and one at a time. Each save says of
 * which revision it is a change, so that nobody's work is written over.
 */
export class Saver<T> {
  private next: { value: T } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy: Promise<void> | undefined;
  private state: SaveState = { is: "saved" };

  constructor(
    private readonly save: (value: T, revision: number) => Promise<number>,
    private revision: number,
    private readonly onState: (s: SaveState) => void,
  ) {}

  /** Something changed. */
  push(value: T): void {
    this.next = { value };
    if (this.state.is === "conflict") return;
    if (!this.busy) this.become({ is: "changed" });
    this.after(wait);
  }

  /** Saves at once what is not saved yet. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    await this.busy;
    if (!this.next || this.state.is === "conflict") return;
    this.busy = this.send(this.next.value).finally(() => {
      this.busy = undefined;
    });
    this.next = undefined;
    await this.busy;
  }

  /** Whether there is something that is not saved. */
  get open(): boolean {
    return this.state.is !== "saved";
  }

  /** Whether somebody else saved what can be gone on with: nothing of one's own waits. */
  behind(revision: number): boolean {
    return this.state.is === "saved" && !this.next && !this.busy && revision > this.revision;
  }

  /** Goes on with what somebody else saved. */
  accept(revision: number): void {
    clearTimeout(this.timer);
    this.revision = revision;
    this.next = undefined;
    this.become({ is: "saved" });
  }

  /** Nothing more is saved by itself. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private after(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private async send(value: T): Promise<void> {
    this.become({ is: "saving" });
    try {
      this.revision = await this.save(value, this.revision);
      this.become(this.next ? { is: "changed" } : { is: "saved" });
    } catch (e) {
      this.failed(value, e instanceof Error ? e : new Error(String(e)));
    }
  }

  private failed(value: T, error: Error): void {
    this.next ??= { value };
    const status = error instanceof ApiError ? error.status : 503;
    if (status === 409) {
      clearTimeout(this.timer);
      this.become({ is: "conflict" });
    } else if (status < 500 && status !== 429 && status !== 408) {
      this.become({ is: "refused", error });
    } else {
      this.become({ is: "failed", error });
      this.after(retry);
    }
  }

  private become(s: SaveState): void {
    this.state = s;
    this.onState(s);
  }
}
