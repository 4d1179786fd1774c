// The seat's standing media leg: one WebRTC connection that stays up while signed in.

/** Non-trickle: candidates gathered by then are all there are; on one LAN they come at once. */
const GATHER_MS = 500;
const CONNECT_MS = 10_000;

export interface LegHooks {
  /** Offer in, answer out: POST /api/phone. */
  exchange(sdp: string): Promise<string>;
  /** Once, when media may flow. */
  up(): void;
  /** Once, when it cannot be opened or is gone for good. */
  down(reason: unknown): void;
  audio(stream: MediaStream): void;
}

/** Opens the leg. Call `close()` of the result to end it without a `down`. */
export class StandingLeg {
  private readonly pc = new RTCPeerConnection({ iceServers: [], bundlePolicy: "max-bundle" });
  private done = false;
  private timer = 0;

  constructor(private track: MediaStreamTrack, private readonly hooks: LegHooks) {
    const pc = this.pc;
    pc.ontrack = (event) => hooks.audio(event.streams[0] ?? new MediaStream([event.track]));
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === "connected") {
        clearTimeout(this.timer);
        if (!this.done) hooks.up();
      }
      if (pc.connectionState === "failed" || pc.connectionState === "closed") this.fail(pc.connectionState);
      // A blink of the network heals by itself in a few seconds; longer than that, open anew.
      if (pc.connectionState === "disconnected") this.watch(4_000);
    };
    this.watch(CONNECT_MS);
    this.open().catch((error: unknown) => this.fail(error));
  }

  /** Whether the far end hears the microphone. */
  live(on: boolean): void {
    this.track.enabled = on;
  }

  /** Another microphone on the same leg. */
  async swap(track: MediaStreamTrack): Promise<void> {
    track.enabled = this.track.enabled;
    this.track = track;
    await this.pc.getSenders()[0]?.replaceTrack(track);
  }

  stats(): Promise<RTCStatsReport> {
    return this.pc.getStats();
  }

  close(): void {
    this.done = true;
    clearTimeout(this.timer);
    this.pc.close();
  }

  private async open(): Promise<void> {
    const pc = this.pc;
    const transceiver = pc.addTransceiver(this.track, { direction: "sendrecv" });
    preferTelephone(transceiver);
    await pc.setLocalDescription(await pc.createOffer());
    await gathered(pc);
    if (this.done) return;
    const answer = await this.hooks.exchange(pc.localDescription!.sdp);
    if (this.done) return;
    await pc.setRemoteDescription({ type: "answer", sdp: answer });
  }

  private watch(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.pc.connectionState !== "connected" && this.fail("timeout"), ms) as unknown as number;
  }

  private fail(reason: unknown): void {
    if (this.done) return;
    this.close();
    this.hooks.down(reason);
  }
}

/** A-law as the trunks speak it, so that nothing is transcoded on the way. */
function preferTelephone(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities("audio")?.codecs ?? [];
  const is = (mime: string) => codecs.filter((c) => c.mimeType.toLowerCase() === mime && c.clockRate === 8000);
  const wanted = [...is("audio/pcma"), ...is("audio/telephone-event")];
  if (is("audio/pcma").length > 0) transceiver.setCodecPreferences(wanted);
}

function gathered(pc: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    if (pc.iceGatheringState === "complete") return resolve();
    setTimeout(resolve, GATHER_MS);
    pc.addEventListener("icegatheringstatechange", () => pc.iceGatheringState === "complete" && resolve());
  });
}
