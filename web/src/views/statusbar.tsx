import { online, phone, seat } from "../desk.ts";
import { signedIn } from "../phone/state.ts";
import { duration } from "../format.ts";
import { t } from "../texts.ts";
import { Button, useCell } from "./ui.tsx";

/** One line at the foot: the state in words for eyes and screen readers, today's figures, the hotkeys. */
export function StatusBar({ help }: { help: () => void }) {
  const view = useCell(seat);
  const up = useCell(online);
  const muted = useCell(phone.muted);
  const words = [
    t(up ? "page.net.up" : "page.net.lost"),
    view === null ? "" : t(`call.seat.${view.state}`),
    muted ? t("page.call.muted") : "",
    view?.after_call ? t("page.after_call", { state: t(`call.seat.${view.after_call}`) }) : "",
  ].filter((word) => word !== "");
  return (
    <footer class={up ? "statusbar" : "statusbar down"}>
      <span role="status" aria-live={view?.state === "ringing" ? "assertive" : "polite"}>{words.join(" · ")}</span>
      <span class="gap" />
      {view !== null && signedIn(view) && <span>{t("page.today", { calls: view.today_calls, talk: duration(view.today_talk_s) })}</span>}
      <Button look="link" onClick={help}>{t("page.keys.title")} ?</Button>
    </footer>
  );
}
