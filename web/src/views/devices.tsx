import { useEffect, useRef, useState } from "preact/hooks";
import { online, phone, pingMs, seat } from "../desk.ts";
import { type Microphone, NoMic, keptMic } from "../phone/mic.ts";
import { inCall } from "../phone/state.ts";
import { t } from "../texts.ts";
import { Button, Dialog, useCell, useId, useNow } from "./ui.tsx";

const ECHO_MS = 3_000;

/** 设备检测: the microphone that is used, three seconds of it to hear, and the way to the service. */
export function DeviceCheck({ close }: { close: () => void }) {
  const id = useId();
  const view = useCell(seat);
  const up = useCell(online);
  const quality = useCell(phone.quality);
  const word = useCell(phone.grade);
  useNow();
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const [chosen, setChosen] = useState(keptMic());
  const [level, setLevel] = useState(0);
  const [fault, setFault] = useState<"denied" | "missing" | null>(null);
  const mic = useRef<Microphone | null>(null);

  useEffect(() => {
    let here = true;
    const list = () => void navigator.mediaDevices.enumerateDevices().then((all) => here && setDevices(all.filter((one) => one.kind === "audioinput" && one.deviceId !== "")));
    phone.tryMic(chosen).then((opened) => {
      if (!here) return opened.close();
      mic.current = opened;
      setFault(null);
      list();
    }, (error: unknown) => here && setFault(error instanceof NoMic ? error.kind : "missing"));
    navigator.mediaDevices?.addEventListener("devicechange", list);
    const timer = setInterval(() => setLevel(mic.current?.level() ?? 0), 100);
    return () => {
      here = false;
      clearInterval(timer);
      navigator.mediaDevices?.removeEventListener("devicechange", list);
      mic.current?.close();
      mic.current = null;
    };
  }, [chosen]);

  const choose = (device: string) => {
    setChosen(device);
    void phone.useMic(device);
  };
  const ms = quality?.rtt_ms || pingMs();
  return (
    <Dialog title={t("page.check.title")} onClose={close}>
      <div class="body">
        <div class="line">
          <label for={id}>{t("page.check.mic")}</label>
          <div class="control">
            <select id={id} value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
              <option value="">{t("page.check.default")}</option>
              {devices.map((one, at) => <option key={one.deviceId} value={one.deviceId}>{one.label || t("page.check.nameless", { n: at + 1 })}</option>)}
            </select>
            {fault !== null && <p class="wrong" role="alert">{t(`page.mic.${fault}`)}</p>}
          </div>
        </div>
        <div class="line">
          <span class="label">{t("page.check.level")}</span>
          <div class="control"><progress class="wide" max={1} value={level} aria-label={t("page.check.level")} /><p class="hint">{t(level > 0.05 ? "page.check.heard" : "page.check.speak")}</p></div>
        </div>
        <div class="line"><span class="label">{t("page.check.echo")}</span><div class="control"><Echo mic={mic} busy={inCall(view)} /></div></div>
        <div class="line">
          <span class="label">{t("page.check.net")}</span>
          <div class="control"><p class={`sense ${up ? word : "down"}`}>{up ? `${ms > 0 ? `${ms}ms ` : ""}${t(`page.net.${word}`)}` : t("page.net.down")}</p><p class="hint">{t("page.check.limits")}</p></div>
        </div>
      </div>
      <footer><Button look="main" onClick={close}>{t("page.close")}</Button></footer>
    </Dialog>
  );
}

/** Three seconds of the microphone, played back: what one hears is what callees hear. */
function Echo({ mic, busy }: { mic: { current: Microphone | null }; busy: boolean }) {
  const [stage, setStage] = useState<"ready" | "recording" | "playing" | "done">("ready");
  const alive = useRef(true);
  const player = useRef<HTMLAudioElement | null>(null);
  useEffect(() => () => {
    alive.current = false;
    player.current?.pause();
  }, []);
  const start = () => {
    if (mic.current === null) return;
    const recorder = new MediaRecorder(mic.current.heard);
    const parts: Blob[] = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => {
      if (!alive.current) return;
      const link = URL.createObjectURL(new Blob(parts, { type: recorder.mimeType }));
      const audio = new Audio(link);
      player.current = audio;
      audio.onended = () => {
        URL.revokeObjectURL(link);
        if (alive.current) setStage("done");
      };
      setStage("playing");
      audio.play().catch((error: unknown) => console.warn("echo", error));
    };
    setStage("recording");
    recorder.start();
    setTimeout(() => recorder.state === "recording" && recorder.stop(), ECHO_MS);
  };
  const running = stage === "recording" || stage === "playing";
  return (
    <>
      <Button disabled={busy || running} onClick={start}>{t("page.check.echo_go")}</Button>
      <p class="hint" role="status">{busy ? t("page.check.echo_busy") : t(`page.check.stage.${stage}`)}</p>
    </>
  );
}
