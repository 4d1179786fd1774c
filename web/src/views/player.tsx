import { useEffect, useRef, useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { clock } from "../format.ts";
import { t } from "../texts.ts";
import type { Peaks } from "../types.ts";
import { Button, download } from "./ui.tsx";

const SPEEDS = [1, 1.25, 1.5, 2];

/** Plays a recording under its list: the callee's lane above, the agent's below; a click seeks (F70). */
export function Player({ call, title, close }: { call: number; title: string; close: () => void }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [peaks, setPeaks] = useState<Peaks | null>(null);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState(1);
  const [error, setError] = useState("");

  useEffect(() => void api.peaks(call).then(setPeaks, () => {}), [call]);
  useEffect(() => {
    if (audio.current) audio.current.playbackRate = speed;
  }, [speed]);
  const failed = async () => {
    // The element says nothing of the reason; the service does.
    const answer = await fetch(api.recordingLink(call)).catch(() => null);
    const body = (await answer?.json().catch(() => null)) as { text?: string } | null;
    setError(body?.text ?? t("page.player.failed"));
  };
  const seek = (share: number) => {
    if (audio.current && Number.isFinite(audio.current.duration)) audio.current.currentTime = share * audio.current.duration;
  };
  const length = peaks?.seconds ?? audio.current?.duration ?? 0;
  return (
    <section class="player" aria-label={t("page.player.label")}>
      <header class="bar">
        <strong>{title}</strong>
        <span class="gap" />
        {SPEEDS.map((one) => <Button key={one} aria-pressed={speed === one} onClick={() => setSpeed(one)}>{one}×</Button>)}
        <Button onClick={() => download(api.recordingLink(call, true))}>{t("page.player.download")}</Button>
        <Button aria-label={t("page.close")} onClick={close}>×</Button>
      </header>
      {peaks !== null && <Wave peaks={peaks} share={length > 0 ? at / length : 0} seek={seek} />}
      {error && <p class="error" role="alert">{error}</p>}
      <audio ref={audio} controls autoplay preload="auto" src={api.recordingLink(call)} onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onError={() => void failed().catch((caught: unknown) => setError(why(caught)))} />
      <span class="unseen">{clock(at)} / {clock(length || 0)}</span>
    </section>
  );
}

const LANE = 34;

function Wave({ peaks, share, seek }: { peaks: Peaks; share: number; seek: (share: number) => void }) {
  const n = Math.max(peaks.callee.length, peaks.agent.length, 1);
  const click = (event: MouseEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    seek((event.clientX - box.left) / box.width);
  };
  return (
    <div class="wave">
      <span class="lanes"><span>{t("page.player.callee")}</span><span>{t("page.player.agent")}</span></span>
      <svg viewBox={`0 0 ${n} ${LANE * 2 + 2}`} preserveAspectRatio="none" aria-hidden="true" onClick={click}>
        <path d={shape(peaks.callee, LANE / 2)} class="callee" />
        <path d={shape(peaks.agent, LANE * 1.5 + 2)} class="agent" />
        <line x1={share * n} x2={share * n} y1={0} y2={LANE * 2 + 2} class="head" vector-effect="non-scaling-stroke" />
      </svg>
    </div>
  );
}

/** One closed outline: along the maxima, back along the minima. */
function shape(lane: [number, number][], middle: number): string {
  const scale = LANE / 2 / 127;
  const up = lane.map(([, high], x) => `${x},${(middle - Math.max(high, 1) * scale).toFixed(1)}`);
  const down = lane.map(([low], x) => `${x},${(middle - Math.min(low, -1) * scale).toFixed(1)}`).reverse();
  return lane.length === 0 ? "" : `M${up.join("L")}L${down.join("L")}Z`;
}
