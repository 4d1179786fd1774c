// Carries out what state.ts decides, with the browser's microphone, WebRTC and the live socket.

import { Cell } from "../cell.ts";
import type { Quality, RefusalText, SeatView } from "../types.ts";
import { StandingLeg } from "./leg.ts";
import { Microphone, NoMic, keepMic, watchPermission } from "./mic.ts";
import { type Grade, type Sample, grade, looked, quality, sample } from "./quality.ts";
import { NO_MICROPHONE, START, type Effect, type Event, type Phone, inCall, micLive, signedIn, step } from "./state.ts";

export interface PhoneWorld {
  exchange(sdp: string): Promise<string>;
  signIn(): Promise<RefusalText | null>;
  signOut(): Promise<RefusalText | null>;
  dial(number: string): Promise<RefusalText | null>;
  /** A refusal a person must see. */
  refused(refusal: RefusalText): void;
}

const SILENT_MS = 5_000;

/** Survives a reload of the tab, so that the phone comes back by itself; not a new tab or a new login. */
const KEPT = "hutong.signed_in";

export class SeatPhone {
  readonly state = new Cell<Phone>(START);
  readonly muted = new Cell(false);
  /** Microphone loudness 0 to 1, a few times a second while the microphone is held. */
  readonly level = new Cell(0);
  readonly quality = new Cell<Quality | null>(null);

  /** The word for it, of the latest looks. */
  readonly grade = new Cell<Grade>("good");
  /** Not a sound from the microphone for five seconds. */
  readonly silent = new Cell(false);

  private mic: Microphone | null = null;
  private looks: Quality[] = [];
  private heardAt = 0;
  private leg: StandingLeg | null = null;
  private context: AudioContext | null = null;
  private before: Sample | null = null;
  private readonly audio = new Audio();

  constructor(private readonly world: PhoneWorld) {
    this.audio.autoplay = true;
    setInterval(() => this.listen(), 150);
    setInterval(() => void this.look(), 5_000);
    this.muted.watch(() => this.applyMic());
    void watchPermission((granted) => this.tell({ on: "permission", granted }));
  }

  /** 签入: must be called from a click, for the microphone and the sound. */
  want(yes: boolean): void {
    this.keep(yes);
    this.tell({ on: "want", yes });
  }

  /** Dials at once over a leg that is up; without one the service first says whether it would dial at all. */
  async dial(number: string): Promise<void> {
    if (this.state.get().leg !== "up") {
      const refusal = await this.world.dial(number);
      if (refusal === null) return;
      if (refusal.code !== NO_MICROPHONE) return this.world.refused(refusal);
    }
    this.tell({ on: "dial", number });
  }

  /** After a reload: sign in again if this tab was signed in. */
  resume(): void {
    if (sessionStorage.getItem(KEPT) === "1") this.want(true);
  }

  /** What rings and beeps comes over the leg: the service knows when, and stops it in time. */
  seat(seat: SeatView): void {
    const before = this.state.get().seat;
    this.tell({ on: "seat", seat });
    if (inCall(seat) && !inCall(before)) this.muted.set(false);
    if (signedIn(before) && seat.state === "signed_out" && !this.state.get().wanted) this.keep(false);
  }

  online(yes: boolean): void {
    this.tell({ on: "online", yes });
  }

  stop(): void {
    this.keep(false);
    this.tell({ on: "stop" });
  }

  /** A microphone to try out, beside the one in use; the caller closes it. */
  tryMic(device: string): Promise<Microphone> {
    this.context ??= new AudioContext();
    void this.context.resume();
    return Microphone.open(this.context, () => {}, device);
  }

  /** From now on this device; at once where one is in use. */
  async useMic(device: string): Promise<void> {
    keepMic(device);
    if (this.mic === null) return;
    try {
      const mic = await Microphone.open(this.context, () => this.tell({ on: "mic", mic: "missing" }), device);
      const old = this.mic;
      this.mic = mic;
      await this.leg?.swap(mic.track);
      old?.close();
      this.applyMic();
    } catch (error) {
      console.warn("phone: the other microphone", error);
    }
  }

  private tell(event: Event): void {
    const [next, effects] = step(this.state.get(), event);
    this.state.set(next);
    for (const effect of effects) this.perform(effect);
    this.applyMic();
  }

  private perform(effect: Effect): void {
    switch (effect.do) {
      case "ask_mic":
        return void this.askMic();
      case "release_mic":
        this.mic?.close();
        this.mic = null;
        this.heardAt = 0;
        return this.level.set(0);
      case "open_leg":
        return this.openLeg();
      case "close_leg":
        this.leg?.close();
        this.leg = null;
        this.audio.srcObject = null;
        this.looks = [];
        this.grade.set("good");
        return this.quality.set(null);
      case "sign_in":
        return void this.signIn();
      case "sign_out":
        return void this.world.signOut().then((refusal) => refusal && this.world.refused(refusal));
      case "dial":
        return void this.dialNow(effect.number);
      case "retry":
        setTimeout(() => this.tell({ on: "retry" }), effect.afterMs);
    }
  }

  private async askMic(): Promise<void> {
    try {
      this.context ??= new AudioContext();
      void this.context.resume();
      const mic = await Microphone.open(this.context, () => this.tell({ on: "mic", mic: "missing" }));
      this.mic?.close();
      this.mic = mic;
      this.tell({ on: "mic", mic: "granted" });
    } catch (error) {
      this.tell({ on: "mic", mic: error instanceof NoMic ? error.kind : "missing" });
    }
  }

  private openLeg(): void {
    if (this.mic === null) return this.tell({ on: "mic", mic: "missing" });
    this.before = null;
    this.leg = new StandingLeg(this.mic.track, {
      exchange: (sdp) => this.world.exchange(sdp),
      up: () => this.tell({ on: "leg", up: true }),
      down: (reason) => {
        console.warn("phone: leg down", reason);
        this.tell({ on: "leg", up: false });
      },
      audio: (stream) => {
        this.audio.srcObject = stream;
        this.audio.play().catch((error: unknown) => console.warn("phone: no playback", error));
      },
    });
  }

  private async signIn(): Promise<void> {
    const refusal = await this.world.signIn();
    this.tell({ on: "signed", refused: refusal?.code ?? null });
    const again = this.state.get().waiting || this.state.get().owed;
    const settled = !again && refusal !== null && refusal.code !== "page.offline";
    if (settled) this.world.refused(refusal);
    if (!this.state.get().wanted) this.keep(false);
  }

  private async dialNow(number: string): Promise<void> {
    const refusal = await this.world.dial(number);
    if (refusal === null) return;
    this.tell({ on: "not_dialled" });
    this.world.refused(refusal);
  }

  private listen(): void {
    if (this.mic === null) return this.silent.set(false);
    this.level.set(Math.round(this.mic.level() * 20) / 20);
    const now = performance.now();
    if (!this.mic.silent || this.heardAt === 0) this.heardAt = now;
    this.silent.set(now - this.heardAt > SILENT_MS);
  }

  private applyMic(): void {
    this.leg?.live(micLive(this.state.get(), this.muted.get()));
  }

  /** Reads the leg's counters for the next ping. */
  private async look(): Promise<void> {
    if (this.leg === null || this.state.get().leg !== "up") return;
    const entries: Record<string, unknown>[] = [];
    (await this.leg.stats()).forEach((entry: Record<string, unknown>) => void entries.push(entry));
    const now = sample(entries);
    const seen = quality(this.before, now);
    this.looks = looked(this.looks, seen);
    this.grade.set(grade(this.looks));
    this.quality.set(seen);
    this.before = now;
  }

  private keep(yes: boolean): void {
    if (yes) sessionStorage.setItem(KEPT, "1");
    else sessionStorage.removeItem(KEPT);
  }
}
