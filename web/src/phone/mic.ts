// The microphone: asking, its level, and its loss.

export class NoMic extends Error {
  constructor(readonly kind: "denied" | "missing") {
    super(kind);
  }
}

const KEPT = "hutong.mic";

/** The device chosen on this computer, "" = the system's own. */
export function keptMic(): string {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

export function keepMic(device: string): void {
  try {
    localStorage.setItem(KEPT, device);
  } catch {
    // Private windows may forbid it; the choice then lasts until the next load.
  }
}

export class Microphone {
  private readonly meter: MediaStream;
  private readonly analyser: AnalyserNode | null = null;
  private readonly source: MediaStreamAudioSourceNode | null = null;
  private readonly samples = new Float32Array(512);

  private constructor(readonly stream: MediaStream, context: AudioContext | null) {
    // The level shows even while the track that is sent is off, so it hangs on a copy.
    this.meter = new MediaStream(stream.getAudioTracks().map((track) => track.clone()));
    this.track.enabled = false;
    if (context !== null) {
      this.analyser = context.createAnalyser();
      this.analyser.fftSize = this.samples.length;
      this.source = context.createMediaStreamSource(this.meter);
      this.source.connect(this.analyser);
    }
  }

  /** Asks the browser; throws NoMic. `lost` is called once if the device goes away later. */
  static async open(context: AudioContext | null, lost: () => void, device = keptMic()): Promise<Microphone> {
    if (!navigator.mediaDevices?.getUserMedia) throw new NoMic("missing");
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        // A device that is not there any more is no reason to have none.
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1, ...(device ? { deviceId: { ideal: device } } : {}) },
      });
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      throw new NoMic(name === "NotAllowedError" || name === "SecurityError" ? "denied" : "missing");
    }
    const mic = new Microphone(stream, context);
    mic.track.onended = lost;
    return mic;
  }

  get track(): MediaStreamTrack {
    return this.stream.getAudioTracks()[0]!;
  }

  /** What the microphone hears, also while nothing is sent. */
  get heard(): MediaStream {
    return this.meter;
  }

  /** Nothing at all comes from the device: switched off at the headset, or dead. Quiet is not silent. */
  silent = false;

  /** Loudness 0 to 1. */
  level(): number {
    if (this.analyser === null) return 0;
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const s of this.samples) sum += s * s;
    this.silent = sum === 0;
    const db = 10 * Math.log10(sum / this.samples.length + 1e-9);
    return Math.min(1, Math.max(0, (db + 60) / 50));
  }

  close(): void {
    this.track.onended = null;
    this.source?.disconnect();
    for (const stream of [this.stream, this.meter]) for (const track of stream.getTracks()) track.stop();
  }
}

/** Says at once when the microphone is allowed, and each change from then on; nothing where the browser cannot tell. */
export async function watchPermission(tell: (granted: boolean) => void): Promise<void> {
  try {
    const status = await navigator.permissions.query({ name: "microphone" as PermissionName });
    if (status.state === "granted") tell(true);
    status.onchange = () => tell(status.state === "granted");
  } catch {
    // Not asked for by name in every browser; then the first use of the microphone tells.
  }
}
